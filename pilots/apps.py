from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PilotsConfig(AppConfig):
    name = "pilots"

    def ready(self) -> None:
        from pilots.actions.journal import move_steps
        from pilots.figures import done_by_date, planned_steps, team_complete
        from pilots.files import PARTS
        from pilots.personal import TRACES
        from pilots.registry import Panel, PlannedDates, StepGuide, registry
        from pilots.roles import May
        from pilots.surroundings import panel

        registry.step(
            1, team_complete, StepGuide("trajectory_team", _("Team samenstellen"), _("Team bekijken"), see=May.MANAGE)
        )
        registry.step(
            2,
            lambda: done_by_date(2),
            StepGuide("trajectory_steps", _("Startbijeenkomst invullen"), _("Datums bekijken"), see=May.PLAN_STEPS),
        )
        registry.planned_dates(PlannedDates(find=planned_steps, move=move_steps))
        for relation, fields in TRACES.items():
            registry.trace(relation, *fields)
        registry.panel(Panel(60, "pilots/surroundings_panel.html", panel))
        for part in PARTS:
            registry.part(part)

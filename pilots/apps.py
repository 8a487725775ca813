from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PilotsConfig(AppConfig):
    name = "pilots"

    def ready(self) -> None:
        from pilots.figures import done_by_date, team_complete
        from pilots.files import PARTS
        from pilots.registry import StepGuide, registry
        from pilots.roles import May

        registry.step(
            1, team_complete, StepGuide("trajectory_team", _("Team samenstellen"), _("Team bekijken"), see=May.MANAGE)
        )
        registry.step(
            2,
            lambda: done_by_date(2),
            StepGuide("trajectory_steps", _("Startbijeenkomst invullen"), _("Datums bekijken"), see=May.PLAN_STEPS),
        )
        registry.step(
            7,
            lambda: done_by_date(7),
            StepGuide("trajectory_steps", _("Ondersteuning invullen"), _("Datums bekijken"), see=May.PLAN_STEPS),
        )
        for part in PARTS:
            registry.part(part)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "plans"

    def ready(self) -> None:
        from pilots.figures import done_by_date
        from pilots.registry import DocumentKind, Panel, PlannedDates, StepGuide, registry
        from plans.actions import move_sessions
        from plans.figures import (
            first_chosen,
            handover,
            panel,
            partners_asked,
            plan_released,
            planned_sessions,
            support_panel,
        )
        from plans.files import PARTS
        from plans.library import library
        from plans.pdf import filename_of, render_released

        registry.step(5, plan_released, StepGuide("plan", _("Plan schrijven"), _("Plan bekijken")))
        registry.step(6, first_chosen, StepGuide("plan_choices", _("Kiezen wat eerst gaat"), _("Keuzes bekijken")))
        # Done by its date, which the ground keeps; where it is worked on is here.
        registry.step(
            7,
            lambda: done_by_date(7),
            StepGuide("support", _("Ondersteuning bijhouden"), _("Ondersteuning bekijken")),
        )
        registry.panel(Panel(40, "plans/panel.html", panel))
        registry.panel(Panel(45, "plans/support_panel.html", support_panel))
        registry.planned_dates(PlannedDates(find=planned_sessions, move=move_sessions))
        registry.document("plan", DocumentKind(render=render_released, filename=filename_of))
        registry.trace(
            "plans.comment.author", "plan__trajectory__reference", "plan__version", "created_at", "text", "agrees"
        )
        registry.trace("plans.actionnote.author", "trajectory__reference", "on", "text")
        registry.handover_panel(Panel(20, "plans/handover.html", handover))
        for part in PARTS:
            registry.part(part)
        registry.partners_asked = partners_asked
        # A fault in the library stops every process here, with file and line of each.
        registry.interventions = {each.id: each.name for each in library().interventions.values()}

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "plans"

    def ready(self) -> None:
        from pilots.registry import DocumentKind, Panel, StepGuide, registry
        from plans.figures import first_chosen, panel, plan_released
        from plans.files import PARTS
        from plans.library import library
        from plans.pdf import filename_of, render_released

        registry.step(5, plan_released, StepGuide("plan", _("Plan schrijven"), _("Plan bekijken")))
        registry.step(6, first_chosen, StepGuide("plan", _("Kiezen wat eerst gaat"), _("Keuzes bekijken")))
        registry.panel(Panel(40, "plans/panel.html", panel))
        registry.document("plan", DocumentKind(render=render_released, filename=filename_of))
        for part in PARTS:
            registry.part(part)
        # A fault in the library stops every process here, with file and line of each.
        registry.interventions = {each.id: each.name for each in library().interventions.values()}

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChecklistConfig(AppConfig):
    name = "checklist"

    def ready(self) -> None:
        from checklist.figures import checklist_final, panel
        from checklist.files import PARTS
        from pilots.registry import Panel, StepGuide, registry

        registry.step(4, checklist_final, StepGuide("checklist", _("Checklist invullen"), _("Checklist bekijken")))
        registry.panel(Panel(20, "checklist/panel.html", panel))
        registry.trace("checklist.answer.changed_by", "interview__trajectory__reference", "item__code", "changed_at")
        for part in PARTS:
            registry.part(part)

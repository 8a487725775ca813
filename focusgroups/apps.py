from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FocusGroupsConfig(AppConfig):
    name = "focusgroups"

    def ready(self) -> None:
        from focusgroups.figures import panel, three_settled
        from focusgroups.files import PARTS
        from pilots.registry import Panel, StepGuide, registry

        registry.step(
            3, three_settled, StepGuide("focus_groups", _("Focusgroepen vastleggen"), _("Focusgroepen bekijken"))
        )
        registry.panel(Panel(30, "focusgroups/panel.html", panel))
        # What others said, written down by this person: only that it was.
        registry.trace("focusgroups.quote.author", "focus_group__trajectory__reference")
        for part in PARTS:
            registry.part(part)

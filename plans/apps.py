from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "plans"

    def ready(self) -> None:
        from pilots.registry import DocumentKind, Panel, StepGuide, registry
        from plans.figures import first_chosen, panel, plan_released
        from plans.files import PARTS
        from plans.library import library
        from plans.pdf import filename_of, render_released
        from welbevinden.datafile import ContentError

        registry.step(5, plan_released, StepGuide("plan", _("Plan schrijven"), _("Plan bekijken")))
        registry.step(6, first_chosen, StepGuide("plan", _("Kiezen wat eerst gaat"), _("Keuzes bekijken")))
        registry.panel(Panel(40, "plans/panel.html", panel))
        registry.document("plan", DocumentKind(render=render_released, filename=filename_of))
        for part in PARTS:
            registry.part(part)
        register(library_loads)
        with suppress(ContentError):  # library_loads tells every fault and stops the start
            registry.interventions = {each.id: each.name for each in library().interventions.values()}


def library_loads(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """System check: the advice library can be read; each fault, with file and line, is an error of its own."""
    from plans.library import library
    from welbevinden.datafile import ContentError

    try:
        library()
    except ContentError as error:
        return [Error(str(fault), id="plans.E001") for fault in error.faults]
    return []

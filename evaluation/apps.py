from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    name = "evaluation"

    def ready(self) -> None:
        from evaluation.figures import evaluated
        from evaluation.figures.comparison import panel as comparison_panel
        from evaluation.figures.sides import panel
        from evaluation.files import PARTS
        from evaluation.loading import guides
        from pilots.registry import Panel, StepGuide, registry
        from pilots.roles import May

        guides()  # a fault in a guide stops every process here, with file and line of each
        look = _("Evaluatie bekijken")
        with_gsa = StepGuide("evaluation", _("Gesprek met de GSA"), look, see=May.SEE_GSA_EVALUATION)
        registry.step(8, lambda: evaluated("gsa"), with_gsa)
        registry.step(9, lambda: evaluated("school"), StepGuide("evaluation", _("Gesprek met de school"), look))
        registry.panel(Panel(60, "evaluation/interview_panel.html", panel))
        registry.panel(Panel(70, "evaluation/comparison_panel.html", comparison_panel))
        for each in ("line", "factor", "experience"):
            registry.trace(f"evaluation.{each}.changed_by", "evaluation__trajectory__reference", "changed_at")
        registry.trace("evaluation.evaluationquote.author", "evaluation__trajectory__reference")
        for part in PARTS:
            registry.part(part)

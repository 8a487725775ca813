from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"

    def ready(self) -> None:
        from evaluation.figures import evaluated
        from evaluation.files import PARTS
        from pilots.registry import registry

        registry.step(8, lambda: evaluated("gsa"))
        registry.step(9, lambda: evaluated("school"))
        for part in PARTS:
            registry.part(part)

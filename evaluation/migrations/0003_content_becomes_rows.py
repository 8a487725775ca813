"""What an interview held as one JSON value becomes rows, which people can edit and the database can count."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

JUDGED = {"answers": "question", "improvements": "improvement"}


def become_rows(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    models = {name: apps.get_model("evaluation", name) for name in ("Line", "Factor", "Experience", "EvaluationQuote")}
    for evaluation in apps.get_model("evaluation", "Evaluation").objects.all():
        content: dict[str, Any] = evaluation.content
        evaluation.is_final = True  # a file knew only interviews that were held
        evaluation.respondents = content.get("respondents") or []
        evaluation.save()
        lines = [
            (subject, about, given.get("judgement") or "", None, given.get("text") or "")
            for key, subject in JUDGED.items()
            for about, given in (content.get(key) or {}).items()
        ] + [
            ("component", about, "", given.get("rating"), given.get("text") or "")
            for about, given in (content.get("components") or {}).items()
        ]
        for subject, about, judgement, rating, text in lines:
            models["Line"].objects.create(
                evaluation=evaluation, subject=subject, about=about, judgement=judgement, rating=rating, text=text
            )
        seen = set()
        for position, given in enumerate(content.get("factors") or []):
            known = (given["kind"], given["factor"])
            factor = "other" if known in seen else given["factor"]  # the same factor twice: both texts are kept
            seen.add(known)
            models["Factor"].objects.create(
                evaluation=evaluation,
                kind=given["kind"],
                factor=factor,
                text=given.get("text") or "",
                position=position,
            )
        seen_programmes = set()
        for position, given in enumerate(content.get("interventions") or []):
            if given["intervention"] in seen_programmes:
                continue
            seen_programmes.add(given["intervention"])
            models["Experience"].objects.create(
                evaluation=evaluation,
                intervention=given["intervention"],
                rating=given.get("rating"),
                text=given.get("text") or "",
                position=position,
            )
        for position, given in enumerate(content.get("quotes") or []):
            models["EvaluationQuote"].objects.create(
                evaluation=evaluation,
                role=given.get("role") or "",
                text=given.get("text") or "",
                about=given.get("about") or "",
                position=position,
            )


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0002_interviews")]

    operations = [migrations.RunPython(become_rows, migrations.RunPython.noop)]

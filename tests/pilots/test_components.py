"""The components as pages use them: what people read, and faults that the writer of a page must see."""

from datetime import date
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError

from pilots.enums import StepState
from pilots.steps import StepNow
from pilots.vocabulary import vocabulary


def rendered(source: str, **context: Any) -> str:
    return " ".join(Template("{% load components %}" + source).render(Context(context)).split())


@pytest.mark.parametrize(
    ("value", "word", "filled"),
    [
        (0, "Nog niet", 0),
        (1, "Deels", 1),
        (2, "Grotendeels", 2),
        (3, "Helemaal", 3),
        ("2", "Grotendeels", 2),
        ("unknown", "Weet niet", 0),
        ("not-applicable", "Niet van toepassing", 0),
        (None, "Nog open", 0),
    ],
)
def test_scale_says_in_words_what_the_blocks_show(value: int | str | None, word: str, filled: int) -> None:
    html = rendered("{% scale value %}", value=value)
    assert word in html
    assert html.count("is-filled") == filled


def test_step_strip_tells_each_step_to_who_does_not_see_it() -> None:
    steps = [
        StepNow(step, StepState.DONE if step.number < 3 else StepState.WAITING, date(2026, 9, 1), None)
        for step in vocabulary().steps.values()
    ]
    html = rendered("{% step_strip steps %}", steps=steps)
    assert html.count("<li") == 9
    assert "Stap 2: GSA was bij de startbijeenkomst. Klaar" in html
    assert "2 van 9 klaar" in html


@pytest.mark.parametrize(
    ("role", "sector", "name"),
    [
        ("coordinator", "PO", "intern begeleider"),
        ("coordinator", "VO", "zorgcoördinator"),
        ("coordinator", "", "intern begeleider of zorgcoördinator"),
        ("director", "VO", "directeur"),
        ("youth-nurse", "PO", "Jeugdverpleegkundige"),
    ],
)
def test_role_name_speaks_the_language_of_the_sector(role: str, sector: str, name: str) -> None:
    assert rendered("{% role_name role sector %}", role=role, sector=sector) == name


@pytest.mark.parametrize(("need", "width"), [(-1.0, "0.0"), (0.5, "48.0"), (1.0, "96.0"), (7.0, "96.0")])
def test_need_bar_never_leaves_its_track(need: float, width: str) -> None:
    assert f'width="{width}"' in rendered("{% need_bar need %}", need=need)


def test_bar_row_without_a_maximum_is_empty() -> None:
    assert 'width="0.00"' in rendered('{% bar_row "Beleid" 0 0 "0 van 0" %}')


def test_slope_chart_has_every_rank_in_its_table_and_marks_what_all_groups_share() -> None:
    html = rendered(
        '{% slope_chart title="Drie stemmen" description="Wat bovenaan staat." groups=groups lines=lines %}',
        groups=["Ouders", "Leerlingen"],
        lines=[("Alleen <ouders>", "care", (1, None)), ("Allebei", "", (2, 1))],
    )
    table = html[html.index("<table") :]
    assert "<title>Drie stemmen</title>" in html
    assert "Alleen &lt;ouders&gt;" in table
    assert "niet genoemd" in table
    assert table.index("Allebei") < table.index("Alleen")
    assert html.count("is-strong") == 1


def test_slope_chart_keeps_equal_ranks_apart() -> None:
    html = rendered(
        '{% slope_chart title="t" description="d" groups=groups lines=lines %}',
        groups=["Ouders", "Leerlingen"],
        lines=[("Een", "care", (1, 1)), ("Twee", "policy", (1, 2))],
    )
    assert 'cy="64"' in html
    assert 'cy="110"' in html


def test_slope_chart_of_nothing_is_still_a_page() -> None:
    source = '{% slope_chart title="t" description="d" groups=groups lines=lines %}'
    assert "<table" in rendered(source, groups=["Ouders"], lines=[])


def test_scale_field_checks_what_was_answered() -> None:
    html = rendered('{% scale_field id="q1" label="Stelling" value=0 priority="later" %}')
    assert 'id="q1-0" name="value" value="0" checked' in html
    assert 'id="q1-priority-later" name="priority" value="later" checked' in html
    assert html.count(" checked") == 2


def test_scale_field_without_answer_checks_no_score() -> None:
    html = rendered('{% scale_field id="q1" label="Stelling" %}')
    assert html.count(" checked") == 1
    assert 'id="q1-priority-none" name="priority" value="" checked' in html


def test_labels_fall_back_to_what_a_school_wrote_itself() -> None:
    assert (
        rendered('{{ "building"|theme_label }}, {{ "eigen thema"|theme_label }}') == "Omgeving en gebouw, eigen thema"
    )


def test_demo_badge_is_only_there_in_a_demo(settings: Any) -> None:
    settings.DEMO = True
    assert "Demo, verzonnen" in rendered("{% demo_badge %}")
    settings.DEMO = False
    assert rendered("{% demo_badge %}") == ""


@pytest.mark.parametrize(
    "source",
    [
        '{% icon "bestaat-niet" %}',
        '{% icon "house" size=3 %}',
        '{% section_chip "bestaat-niet" %}',
        '{% state_badge "bestaat-niet" "Klaar" %}',
        '{% progress 1 2 "Acties" colour="red" %}',
        '{% crumbs "Trajecten" "/trajecten/" %}',
    ],
)
def test_a_fault_of_the_page_is_seen_by_its_writer(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        rendered(source)


def test_no_component_needs_an_inline_style_or_script() -> None:
    html = rendered(
        '{% bar_row "a" 1 2 "b" %}{% progress 1 2 "c" %}{% need_bar 0.3 %}{% scale 1 %}{% icon "house" %}'
        '{% scale_field id="q" label="d" %}{% save_status state="saved" %}{% empty_state "people" "e" "f" "/" "g" %}'
    )
    assert " style=" not in html
    assert " onclick" not in html

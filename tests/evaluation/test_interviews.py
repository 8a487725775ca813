"""Evaluation interviews: holding them, who sees them, and how far their quotes go."""

import datetime
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from checklist.models import AnswerContent
from evaluation import actions
from evaluation.figures.interviews import find_place, part_labels, talk_of
from evaluation.figures.quotes import released_quotes
from evaluation.loading import guides, part_lines
from evaluation.models import Evaluation, EvaluationQuote, Factor, Line
from evaluation.reading import lists
from focusgroups.actions import add_quote, change_quote
from pilots.figures import steps_now
from pilots.models import AuditEvent, Trajectory, User
from pilots.vocabulary import vocabulary
from tests.builders import client_of, full_team, make_admin, make_school, make_trajectory
from tests.checklist.builders import give, make_interview
from tests.evaluation.builders import make_evaluation, make_quote, say
from tests.focusgroups.builders import make_session
from tests.plans.builders import bare_plan
from welbevinden.datafile import ContentError

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)


@pytest.fixture
def trajectory() -> Trajectory:
    return make_trajectory(make_school(name="De Kastanje", place="Zeedorp", sector="PO"))


@pytest.fixture
def team(trajectory: Trajectory) -> dict[str, User]:
    return full_team(trajectory)


def url(name: str, evaluation: Evaluation, **more: Any) -> str:
    numbers = {"trajectory_id": evaluation.trajectory_id, "evaluation_id": evaluation.pk}
    return reverse(f"evaluation_{name}", kwargs={**numbers, **more})


def page_of(user: User, name: str, trajectory: Trajectory, **more: Any) -> str:
    answer = client_of(user).get(reverse(name, kwargs={"trajectory_id": trajectory.pk, **more}))
    assert answer.status_code == 200, name
    return answer.content.decode()


def send(client: Client, evaluation: Evaluation, code: str, **fields: Any) -> Any:
    return client.post(url("answer", evaluation, code=code), fields)


# --- Guides


# Rule P16: words that the texts of this sector do not use.
NOT_IN = {
    "PO": r"zorgcoördinator|docent(en)?|mentor(en|les|lessen)?|klas|klassen|klaslokaal|klasgenoot|brugklas|jongeren?",
    "VO": r"intern begeleider|ib'er|leerkracht(en)?|groep|groepen|groepje|juf|meester|kind|kinderen",
}


@pytest.mark.parametrize("key", guides(), ids="-".join)
def test_a_guide_asks_after_everything_in_the_words_of_the_sector(key: tuple[str, str, str]) -> None:
    guide = guides()[key]
    assert list(guide.parts) == list(part_lines()) == list(part_labels())
    assert {name: tuple(part.lines) for name, part in guide.parts.items()} == part_lines()
    words = vocabulary()
    assert {*words.evaluation_questions} <= set(guide.parts)
    listed = {line for lines in part_lines().values() for line in lines}
    assert {*words.improvement_areas, *words.observed_outcomes, *words.pilot_components} <= listed
    texts = [guide.opening, guide.closing, guide.too_early, *(tip.text for tip in guide.lead)]
    for part in guide.parts.values():
        texts += [part.ask, *part.probes, *(line.ask for line in part.lines.values())]
    assert all(texts)
    if key[0] == "school":
        assert re.findall(rf"(?i)\b(?:{NOT_IN[key[2]]})\b", " ".join(texts)) == []
    assert "Nog niet te zeggen" in guide.too_early


def test_a_fault_in_a_guide_names_file_and_line(tmp_path: Path) -> None:
    source = (Path(actions.__file__).parent / "guides" / "gsa-2026.1.yaml").read_text("utf-8")
    (tmp_path / "gsa-2026.1.yaml").write_text(source.replace("  - part: effect", "  - part: affect"), "utf-8")
    with pytest.raises(ContentError) as found:
        guides(tmp_path)
    line = source[: source.index("  - part: effect")].count("\n") + 1
    assert any(fault.line == line and "affect" in fault.message for fault in found.value.faults)


# --- Holding an interview


def test_a_researcher_holds_both_interviews_and_the_steps_are_done(
    trajectory: Trajectory, team: dict[str, User]
) -> None:
    client = client_of(team["researcher"])
    for side, step in (("gsa", 8), ("school", 9)):
        start = reverse("evaluation_start", kwargs={"trajectory_id": trajectory.pk, "side": side})
        data = {"uuid": str(uuid4()), "held_on": "2026-11-20", "respondents": ["gsa"]}
        for _ in range(2):  # the button was pressed twice
            assert client.post(start, data).status_code == 302
        evaluation = Evaluation.objects.get(trajectory=trajectory, side=side)
        assert evaluation.guide == "2026.1"
        assert client.post(url("finish", evaluation)).status_code == 422  # nothing was said yet
        assert (
            send(client, evaluation, "question_care", value="yes", note="Korte lijnen.", version=0).status_code == 200
        )
        assert not steps_done(trajectory) & {step}
        page = client.get(url("finish", evaluation)).content.decode()
        assert "1 van 19 punten" in page  # what is open is told, and may stay so
        client.post(url("finish", evaluation))
        assert steps_done(trajectory) & {step}
        late = send(client, evaluation, "question_care", value="partly", version=2)
        assert (late.status_code, late.json()["final"]) == (409, True)
        client.post(url("reopen", evaluation))
        assert not steps_done(trajectory) & {step}
        client.post(url("finish", evaluation))


def steps_done(trajectory: Trajectory) -> set[int]:
    return {step.number for step in steps_now(Trajectory.objects.get(pk=trajectory.pk), TODAY) if step.state == "done"}


@pytest.mark.parametrize(
    ("code", "value", "note"),
    [
        ("question_sel", "unclear", "Te vroeg."),
        ("improvement_parents", "not-yet", ""),
        ("outcome_calm", "partly", ""),
        ("component_plan", "5", "Helder."),
        ("intervention_welkom-op-school", "2", "Te talig."),
        ("promoting_director", "yes", ""),
        ("hindering_0d0f5a3e-36f8-4b53-a3a5-6b6b7a3c2f10", "", "De verwarming."),
        ("quote_0d0f5a3e-36f8-4b53-a3a5-6b6b7a3c2f11_care", "director", "Het loopt."),
    ],
)
def test_every_field_is_saved_once_kept_apart_and_can_be_emptied(
    trajectory: Trajectory, team: dict[str, User], code: str, value: str, note: str
) -> None:
    evaluation = make_evaluation(trajectory)
    client = client_of(team["researcher"])
    fields = {"value": value, "note": note, "version": 0, "user": team["researcher"].pk}
    first = send(client, evaluation, code, **fields)
    assert first.status_code == 200
    # The answer got lost and the module sends again what it sent before.
    assert send(client, evaluation, code, **fields).json()["version"] == first.json()["version"]
    said = talk_of(Evaluation.objects.get(pk=evaluation.pk)).fields[code]
    assert (str(said.content.value or ""), said.content.note) == (value, note)
    # Somebody else, who never saw it, changes nothing and is shown what stands there.
    other = send(client_of(team["gsa"]), evaluation, code, value=value, note=f"{note} Anders.", version=0)
    assert other.status_code == 409
    assert (other.json()["other"]["note"], other.json()["other"]["value"]) == (note, value)
    assert team["researcher"].name in other.json()["other"]["by"]
    emptied = send(client, evaluation, code, value="", note="", version=first.json()["version"])
    assert emptied.status_code == 200
    left = talk_of(Evaluation.objects.get(pk=evaluation.pk)).fields
    assert code not in left or not left[code].is_there
    assert actions.is_untouched(evaluation)
    # A version that was given out before the field was emptied never fits again.
    assert send(client, evaluation, code, value=value, note="Opnieuw.", version=0).status_code == 200
    stale = send(client, evaluation, code, value=value, note="Oud.", version=first.json()["version"])
    assert stale.status_code == 409


@pytest.mark.parametrize(
    ("code", "fields", "status"),
    [
        ("question_care", {"value": "5"}, 422),
        ("component_plan", {"value": "6"}, 422),
        ("promoting_director", {"note": "Toelichting zonder vinkje"}, 422),
        ("question_weather", {"value": "yes"}, 404),
        ("promoting_pandemic", {"value": "yes"}, 404),
        ("intervention_iets", {"value": "3"}, 404),
        ("quote_geen-uuid", {"note": "x"}, 404),
        ("question_care", {"note": "x" * 20_001}, 422),
        ("question_care", {"value": "yes", "user": "0"}, 409),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(
    trajectory: Trajectory, team: dict[str, User], code: str, fields: dict[str, str], status: int
) -> None:
    evaluation = make_evaluation(trajectory)
    answer = send(client_of(team["researcher"]), evaluation, code, **fields)
    assert answer.status_code == status
    assert status != 422 or answer.json()["error"]
    assert actions.is_untouched(evaluation)


def test_a_page_without_script_saves_what_was_touched_and_keeps_both_texts(
    trajectory: Trajectory, team: dict[str, User]
) -> None:
    evaluation = make_evaluation(trajectory)
    say(evaluation, "improvement_policy", "yes", "Eerst")
    client = client_of(team["researcher"])
    part = url("part", evaluation, part="improvements")
    was = AnswerContent("yes", "", "Eerst").fingerprint
    empty = AnswerContent().fingerprint
    say(evaluation, "improvement_policy", "partly", "Van een ander")  # after the page was opened
    data = {
        "improvement_policy-value": "yes",
        "improvement_policy-note": "Van mij",
        "improvement_policy-version": "2",
        "improvement_policy-was": was,
        "improvement_parents-value": "not-yet",
        "improvement_parents-note": "",
        "improvement_parents-version": "0",
        "improvement_parents-was": empty,
        "improvement_education-note": "",
        "improvement_education-was": empty,
    }
    page = client.post(part, data)
    assert page.status_code == 409
    assert "Van een ander" in page.content.decode()
    assert "Van mij" in page.content.decode()
    said = {line.about: (line.judgement, line.text) for line in evaluation.lines.all()}
    assert said == {"policy": ("partly", "Van een ander"), "parents": ("not-yet", "")}
    version = Line.objects.get(evaluation=evaluation, about="policy").version
    data |= {
        "improvement_policy-version": str(version),
        "improvement_parents-was": AnswerContent("not-yet").fingerprint,
    }
    assert client.post(part, data).status_code == 302
    assert Line.objects.get(evaluation=evaluation, about="policy").text == "Van mij"


def test_a_page_without_script_keeps_new_quotes_and_own_factors_that_come_back(
    trajectory: Trajectory, team: dict[str, User]
) -> None:
    evaluation = make_evaluation(trajectory)
    own, quote = f"hindering_{uuid4()}", f"quote_{uuid4()}_hindering"
    data = {
        "promoting_director-note": "Toelichting zonder vinkje",
        f"{own}-note": "De verwarming deed het niet.",
        f"{quote}-note": "We zaten met jassen aan.",
        f"{quote}-priority": "programme",
    }
    client = client_of(team["gsa"])
    page = client.post(url("part", evaluation, part="factors"), data)
    assert page.status_code == 422
    for text in ("De verwarming deed het niet.", "We zaten met jassen aan.", "Toelichting zonder vinkje"):
        assert text in page.content.decode()
    assert actions.is_untouched(evaluation)
    client.post(url("part", evaluation, part="factors"), {**data, "promoting_director-value": "yes"})
    assert set(Factor.objects.values_list("kind", "factor", "text")) == {
        ("promoting", "director", "Toelichting zonder vinkje"),
        ("hindering", "other", "De verwarming deed het niet."),
    }
    assert EvaluationQuote.objects.get().consent == "programme"


def test_baseline_and_plan_stand_beside_the_question(trajectory: Trajectory, team: dict[str, User]) -> None:
    evaluation = make_evaluation(trajectory)
    client = client_of(team["researcher"])
    page = client.get(url("part", evaluation, part="school-wide")).content.decode()
    assert "nog geen plan van aanpak" in page
    checklist = make_interview(trajectory, team["gsa"])
    give(checklist, team["gsa"], "policy-1", 1)
    give(checklist, team["gsa"], "policy-2", 0)
    bare_plan(trajectory)
    page = client.get(url("part", evaluation, part="school-wide")).content.decode()
    assert "gemiddeld 0,5 van 3, over 2 stellingen" in page
    assert "nog geen plan van aanpak" not in page
    page = client.get(url("part", evaluation, part="effect")).content.decode()
    assert "0 van 1 actie opgepakt" in page
    assert "Samen ontbijten" in page


# --- Who sees what


def test_school_roles_never_meet_the_evaluation_of_the_gsa(trajectory: Trajectory, team: dict[str, User]) -> None:
    gsa, school = make_evaluation(trajectory, "gsa"), make_evaluation(trajectory, "school")
    for evaluation, word in ((gsa, "Zilverreiger"), (school, "Boomklever")):
        say(evaluation, "question_care", "yes", word)
        say(evaluation, f"promoting_{uuid4()}", None, word)
        make_quote(evaluation, f"{word} zei iets")
        actions.finish_evaluation(evaluation=evaluation, by=team["researcher"])
    for role in ("director", "coordinator"):
        client = client_of(team[role])
        for name in ("trajectory", "evaluation", "start"):
            more = {} if name == "start" else {"trajectory_id": trajectory.pk}
            assert "Zilverreiger" not in client.get(reverse(name, kwargs=more)).content.decode()
        record = client.get(url("record", school)).content.decode()
        assert "Boomklever" in record
        assert "Boomklever zei iets" not in record  # not released
        for name in ("record", "interview", "finish", "details"):
            assert client.get(url(name, gsa)).status_code == 404, name
        assert client.get(url("part", school, part="care")).status_code == 404
        for name in ("evaluation_sides", "evaluation_quotes", "trajectory_export"):
            assert client.get(reverse(name, kwargs={"trajectory_id": trajectory.pk})).status_code == 404
    EvaluationQuote.objects.update(released=True)
    page = client_of(team["director"]).get(url("record", school)).content.decode()
    assert "Boomklever zei iets" in page
    assert "Directeur" not in page[page.index("Boomklever zei iets") :][:200]


def test_a_gsa_holds_the_talk_with_the_school_and_reads_that_with_the_gsa(
    trajectory: Trajectory, team: dict[str, User]
) -> None:
    gsa, school = make_evaluation(trajectory, "gsa"), make_evaluation(trajectory, "school")
    say(gsa, "question_care", "yes", "Zilverreiger")
    client = client_of(team["gsa"])
    assert "Zilverreiger" in client.get(url("record", gsa)).content.decode()
    assert send(client, gsa, "question_care", value="no", version=2).status_code == 404
    assert client.post(url("finish", gsa)).status_code == 404
    start = reverse("evaluation_start", kwargs={"trajectory_id": trajectory.pk, "side": "gsa"})
    assert client.get(start).status_code == 404
    assert send(client, school, "question_care", value="yes", version=0).status_code == 200


def test_an_admin_reads_everything_and_writes_nothing(trajectory: Trajectory, team: dict[str, User]) -> None:
    evaluation = make_evaluation(trajectory, "gsa")
    say(evaluation, "question_care", "yes", "Zilverreiger")
    quote = make_quote(evaluation)
    client = client_of(make_admin())
    assert "Zilverreiger" in client.get(url("record", evaluation)).content.decode()
    assert send(client, evaluation, "question_care", value="partly", version=2).status_code == 404
    decide = reverse("evaluation_quote", kwargs={"trajectory_id": trajectory.pk, "uuid": quote.uuid})
    assert client.post(decide, {"do": "release"}).status_code == 404


def test_an_interview_of_another_trajectory_does_not_exist(trajectory: Trajectory, team: dict[str, User]) -> None:
    foreign = make_evaluation(make_trajectory())
    address = reverse("evaluation_record", kwargs={"trajectory_id": trajectory.pk, "evaluation_id": foreign.pk})
    assert client_of(team["researcher"]).get(address).status_code == 404
    # The uuid of somebody else's quote never opens it.
    mine, quote = make_evaluation(trajectory), make_quote(foreign, "Van een ander")
    taken = send(client_of(team["researcher"]), mine, f"quote_{quote.uuid}_care", note="Van mij", version=0)
    assert taken.status_code == 422
    quote.refresh_from_db()
    assert quote.text == "Van een ander"


def test_school_and_gsa_stand_beside_each_other_with_the_difference_in_words(
    trajectory: Trajectory, team: dict[str, User]
) -> None:
    gsa, school = make_evaluation(trajectory, "gsa"), make_evaluation(trajectory, "school")
    for evaluation, care in ((gsa, "partly"), (school, "yes")):
        say(evaluation, "question_care", care)
        say(evaluation, "question_effect", "unclear")
    say(school, "hindering_turnover", "yes", "Elke maand een nieuwe groep")
    page = page_of(team["gsa"], "evaluation_sides", trajectory)
    assert "De school zegt ‘ja’, de GSA ‘deels’." in page
    assert "Op 1 van de 2 punten" in page
    assert "Zat tegen:" in page
    assert "Elke maand een nieuwe groep" in page


def test_pages_ask_as_much_for_three_interviews_as_for_one(
    trajectory: Trajectory, team: dict[str, User], django_assert_max_num_queries: Any
) -> None:
    def filled() -> Evaluation:
        evaluation = make_evaluation(trajectory)
        for question in vocabulary().evaluation_questions:
            say(evaluation, f"question_{question}", "yes", "Zo is het.")
        make_quote(evaluation)
        return evaluation

    bare_plan(trajectory)
    evaluation = filled()
    client = client_of(team["researcher"])
    addresses = [
        url("part", evaluation, part="care"),
        url("record", evaluation),
        reverse("evaluation_sides", kwargs={"trajectory_id": trajectory.pk}),
        reverse("evaluation_quotes", kwargs={"trajectory_id": trajectory.pk}),
    ]
    for address in addresses:
        with django_assert_max_num_queries(30):
            client.get(address)
    overview = reverse("evaluation", kwargs={"trajectory_id": trajectory.pk})

    def queries() -> int:
        with django_assert_max_num_queries(30) as counted:
            client.get(overview)
        return len(counted.captured_queries)

    one = queries()
    filled(), filled()
    assert queries() == one


# --- Quotes


def test_only_what_was_agreed_and_looked_at_leaves_the_trajectory(
    trajectory: Trajectory, team: dict[str, User]
) -> None:
    evaluation = make_evaluation(trajectory)
    quote = make_quote(evaluation, "Juf Fatima vond het op De Kastanje fijn.", consent="trajectory")
    decide = reverse("evaluation_quote", kwargs={"trajectory_id": trajectory.pk, "uuid": quote.uuid})
    client = client_of(team["researcher"])

    def press(what: str) -> str:
        return client.post(decide, {"do": what}, follow=True).content.decode()

    def released() -> bool:
        return EvaluationQuote.objects.get(pk=quote.pk).released

    assert "geen toestemming" in press("release")
    say(evaluation, f"quote_{quote.uuid}_care", "director", quote.text, consent="public")
    page = press("release")
    assert "Fatima" in page
    assert "de naam van de school" in page
    assert not released()
    text = "Het is hier rustiger dan een jaar geleden."
    say(evaluation, f"quote_{quote.uuid}_care", "director", text, consent="public")
    assert client_of(team["gsa"]).post(decide, {"do": "release"}).status_code == 404  # only a researcher
    press("release")
    assert released()
    assert AuditEvent.objects.filter(verb="quote.release", subject_id=str(quote.pk)).count() == 1
    # Another text is another quote: it has to be looked at again.
    say(evaluation, f"quote_{quote.uuid}_care", "director", f"{text} Echt.", consent="public")
    assert not released()
    press("release")
    press("withdraw")
    found = EvaluationQuote.objects.get(pk=quote.pk)
    assert (found.released, found.consent) == (False, "trajectory")


def test_quotes_across_schools_carry_no_school_and_no_role(trajectory: Trajectory, team: dict[str, User]) -> None:
    school, gsa = make_evaluation(trajectory), make_evaluation(trajectory, "gsa")
    older = make_evaluation(trajectory, held_on=datetime.date(2026, 1, 5))
    for evaluation in (school, gsa, older):
        actions.finish_evaluation(evaluation=_with_quote(evaluation), by=team["researcher"])
    unfinished = make_evaluation(trajectory, held_on=TODAY)
    _with_quote(unfinished)
    EvaluationQuote.objects.update(released=True)
    held_back = make_quote(unfinished, "Niet vrijgegeven")
    assert not held_back.released
    group = make_session(trajectory, "parents")
    said = add_quote(group=group, uuid=uuid4(), role="parent", text="Fijn.", consent="programme", by=None)
    assert [each.by for each in released_quotes(Trajectory.objects.all())] == ["School", "GSA"]
    type(said).objects.filter(pk=said.pk).update(released=True)
    found = released_quotes(Trajectory.objects.filter(pk=trajectory.pk))
    assert [(each.by, each.text) for each in found] == [
        ("School", f"Uit {school.pk}"),
        ("GSA", f"Uit {gsa.pk}"),
        ("Ouders en verzorgers", "Fijn."),
    ]
    assert released_quotes(Trajectory.objects.exclude(pk=trajectory.pk)) == []
    said.refresh_from_db()
    change_quote(quote=said, role="parent", text="Fijn hoor.", by=None)
    assert len(released_quotes(Trajectory.objects.all())) == 2


def _with_quote(evaluation: Evaluation) -> Evaluation:
    make_quote(evaluation, f"Uit {evaluation.pk}")
    return evaluation


def test_a_quote_of_a_group_is_released_by_a_researcher_alone(trajectory: Trajectory, team: dict[str, User]) -> None:
    group = make_session(trajectory)
    numbers = {"trajectory_id": trajectory.pk, "group_id": group.pk}
    data = {"uuid": str(uuid4()), "role": "pupil", "text": "Ik wil een schommel.", "consent": "programme"}
    client_of(team["gsa"]).post(reverse("focus_group_quotes", kwargs=numbers), data)
    quote = group.quotes.get()
    decide = reverse("focus_group_quote_release", kwargs={**numbers, "uuid": quote.uuid})
    assert client_of(team["gsa"]).post(decide, {"do": "release"}).status_code == 404
    assert client_of(team["researcher"]).post(decide, {"do": "sing"}).status_code == 404
    client_of(team["researcher"]).post(decide, {"do": "release"})
    quote.refresh_from_db()
    assert quote.released
    client_of(team["gsa"]).post(decide, {"do": "withdraw"})  # whoever recorded it can hear that it may not
    quote.refresh_from_db()
    assert (quote.released, quote.consent) == (False, "trajectory")


# --- Codes


def test_every_code_leads_back_to_its_place() -> None:
    for kind, ids in lists().items():
        for about in ids:
            place = find_place(f"{kind}_{about}")
            assert place is not None
            assert (place.kind, place.about, place.code) == (kind, about, f"{kind}_{about}")
    quote = f"quote_{uuid4()}_signalling-care"
    place = find_place(quote)
    assert place is not None
    assert (place.about, place.code) == ("signalling-care", quote)

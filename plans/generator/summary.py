"""Where a section stands: the sentences before any advice (P2), and what is not known (P9)."""

from collections.abc import Iterator, Sequence

from pilots.vocabulary import vocabulary
from plans.generator import texts
from plans.generator.choice import OTHER, Point
from plans.generator.plan import FromChecklist, FromGroup, Strength, Unknown
from plans.generator.signals import CHECKLIST
from plans.generator.situation import Answer, SetAside, Situation

# Where it matters most that a group was not heard; `other` lives from the groups alone.
HEARD_ON = {
    "parents": ("parents", OTHER),
    "pupils": ("environment", "education", OTHER),
    "stakeholders": ("policy", "care", "training", OTHER),
}


def standing(
    section: str,
    situation: Situation,
    *,
    strengths: Sequence[Strength],
    points: Sequence[Point],
    all_points: Sequence[Point],
    aside: Sequence[SetAside],
) -> str:
    """The summary of one section: what goes well, what asks for attention, what comes first, what is left out."""
    sector = situation.sector
    sentences = (
        [*_own_themes(strengths, points)]
        if section == OTHER
        else [
            *_good(strengths, points, sector),
            *_attention(points, sector),
            *_first_of_all(points, sector),
            *_by_rule(points, sector),
            *_twins(section, points, all_points, sector),
        ]
    )
    if section == "care":
        if strengths and not points:
            sentences.append("Reken wel mee wat de zorg kost: leg vast hoe uren en geld ook volgend jaar blijven.")
        sentences.append(texts.standing_partners(profile_partners(situation), sector))
    left_out = [texts.topic_label(each.topic, sector) for each in aside]
    if left_out:
        sentences.append(f"Bewust niet opgenomen: {texts.listed(left_out)}.")
    caveats = _caveats(situation)
    if caveats and section != OTHER:
        sentences.append(f"De checklist is {texts.listed(caveats)}; lees dit onderdeel met dat voorbehoud.")
    return " ".join(sentences)


def profile_partners(situation: Situation) -> tuple[str, ...]:
    """P18: the partners that this school's profile asks for."""
    partners = []
    if situation.unaccompanied_minors:
        partners.append("nidos")
    if situation.setting == "asylum-centre":
        partners += ["coa", "gza"]
    if situation.sector == "VO":
        partners.append("attendance-officer")
    return (*partners, "youth-doctor")


def _good(strengths: Sequence[Strength], points: Sequence[Point], sector: str) -> Iterator[str]:
    labels = [texts.topic_label(each.topic, sector) for each in strengths if each.topic]
    if not labels:
        if points:
            yield "Wat hier al goed gaat, is nog niet bekend."
        else:
            yield "Wat hier goed gaat en wat aandacht vraagt, is nog niet bekend."
            yield "Bij dit onderdeel staat wat de school kan doen om dat te weten te komen."
        return
    who = texts.voices(
        evidence.kind if isinstance(evidence, FromGroup) else CHECKLIST
        for strength in strengths
        for evidence in strength.evidence
    )
    verb = "gaat" if len(labels) == 1 else "gaan"
    yield f"Goed {verb} {texts.some(labels)}, volgens {who}."
    if not points:
        yield "Niemand vraagt hier om iets anders: houd vast wat er is."


def _attention(points: Sequence[Point], sector: str) -> Iterator[str]:
    asked = [point for point in points if point.signals]
    if not asked:
        return
    labels = [texts.topic_label(point.topic or "", sector) for point in asked]
    verb = "vraagt" if len(asked) == 1 else "vragen"
    who = texts.voices(signal.voice for point in asked for signal in point.signals)
    yield f"Aandacht {verb} {texts.some(labels)}; dat komt van {who}."


def _first_of_all(points: Sequence[Point], sector: str) -> Iterator[str]:
    asked = [point for point in points if point.signals]
    now = [
        texts.topic_label(point.topic or "", sector)
        for point in asked
        if any(isinstance(s.evidence, FromChecklist) and s.evidence.priority == "now" for s in point.signals)
    ]
    if now:
        yield f"De school geeft nu voorrang aan {texts.some(now)}."
    by_choice: dict[tuple[str, ...], list[str]] = {}
    for kind in vocabulary().focus_group_kinds:
        first = [
            texts.topic_label(point.topic or "", sector)
            for point in asked
            if any(
                s.voice == kind and isinstance(s.evidence, FromGroup) and s.evidence.rank == 1 for s in point.signals
            )
        ]
        if first:
            by_choice.setdefault(tuple(first), []).append(kind)
    for labels, kinds in by_choice.items():
        yield f"{texts.upper_first(texts.voices(kinds))} zetten {texts.some(labels)} bovenaan."
    if asked and not now and not by_choice:
        label = texts.topic_label(asked[0].topic or "", sector)
        only = len(asked) == 1
        yield (
            f"Niemand zette {'dit' if only else 'een van deze onderwerpen'} bovenaan"
            + ("." if only else f"; {label} weegt nu het zwaarst.")
        )


def _by_rule(points: Sequence[Point], sector: str) -> Iterator[str]:
    for point in points:
        if point.trigger and point.topic:
            added, trigger = texts.topic_label(point.topic, sector), texts.topic_label(point.trigger, sector)
            yield f"{added} staat erbij omdat {trigger} aandacht vraagt."
    kept = [texts.topic_label(point.topic, sector) for point in points if point.rule == "P17" and point.topic]
    if kept:
        yield f"Door mensen van de school of Pharos in het plan gehouden: {texts.listed(kept)}."


def _twins(section: str, points: Sequence[Point], all_points: Sequence[Point], sector: str) -> Iterator[str]:
    """P14: a need that stands elsewhere is named in the section of its twin as well."""
    here = {point.topic for point in points}
    asked = {point.topic for point in all_points if point.signals}
    for topic in vocabulary().topics_of(section):
        if topic.twin_of is None or topic.twin_of not in asked:
            continue
        elsewhere = texts.section_label(vocabulary().topics[topic.twin_of].section)
        if topic.id in here:
            yield f"Wat te doen aan {texts.topic_label(topic.id, sector)} staat bij {elsewhere}."
        else:
            yield f"Zie ook {elsewhere}: {texts.topic_label(topic.twin_of, sector)} raakt ook dit onderdeel."


def _own_themes(strengths: Sequence[Strength], points: Sequence[Point]) -> Iterator[str]:
    if strengths:
        yield f"Buiten de vaste onderwerpen noemt de school {texts.count(len(strengths))} keer iets wat goed gaat."
    asked = [point for point in points if point.signals]
    if asked:
        who = texts.voices(signal.voice for point in asked for signal in point.signals)
        wishes = "is één wens" if len(asked) == 1 else f"zijn {texts.count(len(asked))} wensen"
        yield f"Er {wishes} die bij geen vast onderwerp {'hoort' if len(asked) == 1 else 'horen'}, van {who}."
        best = min(
            (
                (s.evidence.rank, s.evidence.of or 0, s.voice)
                for point in asked
                for s in point.signals
                if isinstance(s.evidence, FromGroup) and s.evidence.rank is not None
            ),
            default=None,
        )
        if best:
            yield f"De hoogste plaats is {best[0]} van {best[1]}, gekozen door {texts.VOICES[best[2]]}."
        else:
            yield "Er is nog niet gekozen wat hiervan voorrang heeft."
    if len(points) > len(asked):
        yield "Eigen acties uit een eerder concept zijn blijven staan."
    if not strengths and not points:
        yield "Andere thema's dan de vaste onderwerpen zijn nog niet bekend."


def _caveats(situation: Situation) -> list[str]:
    if situation.checklist is None:
        return []
    found = ["voorlopig"] if situation.checklist.provisional else []
    return [*found, "door de school zelf ingevuld"] if situation.checklist.mode == "self" else found


def unknowns(section: str, situation: Situation, *, empty: bool, aside: bool) -> tuple[Unknown, ...]:
    """What was not held or not answered. `empty`: nothing at all is known here, so that every gap counts."""
    found = [*_unheard(section, situation, empty), *_unanswered(section, situation)]
    if empty and not found:
        found.append(texts.no_own_themes() if section == OTHER else texts.nothing_known(section, aside))
    return tuple(Unknown(*each) for each in found)


def _unheard(section: str, situation: Situation, empty: bool) -> Iterator[tuple[str, str]]:
    for kind in vocabulary().focus_group_kinds:
        group = situation.group(kind)
        if section not in HEARD_ON[kind] and not empty:
            continue
        if not group.sessions:
            yield texts.not_yet(kind) if group.not_held is None else texts.not_held(kind, group.not_held)
        elif all(option.rank is None for session in group.sessions for option in session.options):
            yield texts.not_ranked(kind)


def _unanswered(section: str, situation: Situation) -> Iterator[tuple[str, str]]:
    if section == OTHER:
        return
    checklist = situation.checklist
    if checklist is None:
        yield texts.no_checklist(section)
        return
    if section == next(iter(vocabulary().sections)):
        if checklist.provisional:
            yield texts.PROVISIONAL
        if checklist.mode == "self":
            yield texts.SELF_FILLED
    here = [answer for answer in checklist.answers if _section_of(answer) == section]
    yield from (texts.answer_unknown(answer.text) for answer in here if answer.score == "unknown")
    skipped = [answer.text for answer in here if answer.score is None]
    if skipped:
        yield texts.not_answered(skipped)


def _section_of(answer: Answer) -> str:
    return vocabulary().topics[answer.topics[0]].section if answer.topics else OTHER

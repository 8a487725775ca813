"""Names that stand in a plan (rule P10): every text a person wrote, and what the scanner finds there."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from pilots.models import Trajectory
from pilots.names import Found, find_names
from pilots.regions import regions
from pilots.vocabulary import vocabulary
from plans.figures.evidence import Sources, address_of, reason_of
from plans.figures.sections import action_view
from plans.figures.surroundings import methods_of
from plans.figures.words import NAME_LEFT_OUT, masked, topic_words
from plans.library import library
from plans.models import Plan


@dataclass(frozen=True, slots=True)
class FreeText:
    """A text of the plan that a person may have written, where it stands and where it can be mended."""

    where: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class NameFound:
    """A name that the scanner found, why, and every place where it stands."""

    name: str
    reason: str
    places: tuple[FreeText, ...]
    excerpt: str


def free_texts(plan: Plan, sources: Sources) -> Iterator[FreeText]:
    """Every text that comes into the plan, its page and its PDF from people; names that are masked are out of it."""
    trajectory = plan.trajectory
    sector = trajectory.school.sector
    sections = vocabulary().sections
    for action in plan.actions.all():
        where = _("%(section)s, actie “%(title)s”") % {
            "section": sections[action.section].label,
            "title": action_view(action, trajectory).title[:80],
        }
        url = address_of("plan_action_edit", trajectory_id=trajectory.pk, action_id=action.pk)
        for text in (action.title, action.label, action.text, action.period, action.first_step, action.sign):
            yield FreeText(where, text, url)
    for aside in plan.set_aside.all():
        yield FreeText(
            _("Bewust niet nu: %(topic)s") % {"topic": topic_words(aside.topic, sector)},
            aside.reason,
            address_of("plan_set_aside", trajectory_id=trajectory.pk, topic=aside.topic),
        )
    yield FreeText(
        _("Startvraag van de school"),
        trajectory.question,
        address_of("surroundings_words", trajectory_id=trajectory.pk),
    )
    yield from _around(trajectory)
    for part in plan.body["sections"]:
        label = sections[part["section"]].label
        yield FreeText(_("%(section)s, waar de school staat") % {"section": label}, part["summary"])
        for unknown in part["unknown"]:
            yield FreeText(_("%(section)s, nog niet bekend") % {"section": label}, unknown["what"])
        for contradiction in part["contradictions"]:
            yield FreeText(_("%(section)s, tegenspraak") % {"section": label}, contradiction["text"])
        for entry in (*part["attention"], *part["strengths"]):
            for each in entry["evidence"]:
                reason = reason_of(each, trajectory, sources)
                if reason.source == "focus-group":
                    yield FreeText(_("Kaart van %(group)s") % {"group": reason.who.lower()}, reason.text, reason.url)
            yield FreeText(_("%(section)s, eigen thema") % {"section": label}, entry.get("label") or "")


def _around(trajectory: Trajectory) -> Iterator[FreeText]:
    """What the school wrote of itself, and the ways its groups proposed."""
    at = {"trajectory_id": trajectory.pk}
    yield FreeText(_("Visie van de school"), trajectory.vision, address_of("surroundings_words", **at))
    yield FreeText(_("Tijd voor zorg"), trajectory.care_note, address_of("surroundings_care_time", **at))
    for partner in trajectory.partner_map.all():
        url = address_of("partner_edit", **at, partner_id=partner.pk)
        for text in (partner.contact, partner.note):
            yield FreeText(_("Partnerkaart"), text, url)
    for line in trajectory.care_roles.all():
        url = address_of("care_role_edit", **at, care_role_id=line.pk)
        for text in (line.task, line.reach):
            yield FreeText(_("Rolkaart"), text, url)
    for method in dict.fromkeys(each for methods in methods_of(trajectory).values() for each in methods):
        yield FreeText(_("Kaart van %(group)s") % {"group": method.who.lower()}, method.text, method.url)


def names_in(plan: Plan, sources: Sources) -> list[NameFound]:
    """The names in the plan that are neither masked nor declared, each once with all its places."""
    trajectory = plan.trajectory
    team = [each.user.name for each in trajectory.team.select_related("user")]
    allowed = [
        trajectory.school.name,
        trajectory.school.place,
        *(each.name for each in library().interventions.values()),
        *region_names(),
        *plan.names_masked,
        NAME_LEFT_OUT,
    ]
    found: dict[str, list[FreeText]] = {}
    first: dict[str, tuple[Found, str]] = {}
    for free in dict.fromkeys(free_texts(plan, sources)):
        text = masked(free.text, plan.names_masked)
        for each in find_names(text, team, allowed=allowed):
            places = found.setdefault(each.text, [])
            if free.where not in {place.where for place in places}:
                places.append(free)
            first.setdefault(each.text, (each, text))
    declared = set(plan.names_declared)
    return [
        NameFound(name, first[name][0].reason, tuple(places), _excerpt(*first[name]))
        for name, places in found.items()
        if name not in declared
    ]


@lru_cache(maxsize=1)
def region_names() -> tuple[str, ...]:
    """Names of the GGD regions, of which some look like a person's."""
    return tuple(sorted({region for region in regions().values() if region}))


def _excerpt(found: Found, text: str) -> str:
    start, end = max(0, found.start - 60), min(len(text), found.end + 60)
    return ("…" if start else "") + " ".join(text[start:end].split()) + ("…" if end < len(text) else "")

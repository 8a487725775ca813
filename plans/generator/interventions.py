"""Which programmes are offered with an action, how to use them and why (P4, P5, P6)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from plans.generator import texts
from plans.generator.choice import Step
from plans.generator.situation import Offer, Situation, Use
from plans.library import Intervention, Library

MOST_OFFERS = 3
MOST_MAIN = 2
# A programme that answers several topics is named where it is needed most and once more; always on its own topic.
MOST_PLACES = 2
# Topics that one programme for social-emotional learning serves together: one in use has its say on all of them.
SEL = frozenset({"edu-sel-line", "edu-nonverbal", "edu-resilience"})

_LOADS = {"low": 0, None: 0, "medium": 1, "high": 2}
_NEWCOMERS = {"made-for": 0, "has-version": 1, "suits": 2, "general": 3}


@dataclass(slots=True)
class Programmes:
    """Gives programmes out to actions; what is needed most must ask first."""

    situation: Situation
    library: Library
    places: Counter[str] = field(default_factory=Counter)
    at_topic: set[tuple[str, str]] = field(default_factory=set)

    def offers_for(self, step: Step) -> tuple[Offer, ...]:
        """At most three programmes for this action, the most fitting first; none where nothing asks for one."""
        point = step.point
        if step.kept and step.kept.interventions is not None:
            self.places.update(offer.intervention for offer in step.kept.interventions)
            return step.kept.interventions
        if point.topic is None or step.advice is None or not (point.signals or point.rule == "P13"):
            return ()
        candidates = self._candidates(step)
        uses = [(programme, self._use(programme, candidates, step)) for programme in candidates]
        free = [
            each
            for each in uses
            if (self.places[each[0].id] < MOST_PLACES or each[0].topics[0] == point.topic)
            and (point.topic, each[0].id) not in self.at_topic
        ]
        main = [each for each in free if each[1] == "main"][:MOST_MAIN]
        if any(self._in_use(programme) for programme, _ in main):
            # What works here is built on; a second programme beside it would be one too many.
            main = [each for each in main if self._in_use(each[0])]
        beside = [each for each in free if each[1] != "main"]
        beside.sort(key=lambda each: (not self._in_use(each[0]), each[1] == "later"))
        if main:
            # Something new that has to wait is only worth naming where nothing can start now.
            beside = [each for each in beside if each[1] != "later" or self._in_use(each[0])]
        chosen = (main + beside)[:MOST_OFFERS]
        self.places.update(programme.id for programme, _ in chosen)
        self.at_topic.update((point.topic, programme.id) for programme, _ in chosen)
        return tuple(self._offer(programme, use) for programme, use in chosen)

    def lacks_low_language(self, step: Step) -> bool:
        """Whether P5 asks to say that no programme with little language is known for this topic.

        Not where a way of working answers it, and not for training, which is for the team.
        """
        point = step.point
        if not self.situation.needs_low_language or point.topic is None or not point.signals or step.is_next:
            return False
        loads = {each.language_load for each in self._on_topic(point.topic)}
        if loads & {"low", None}:
            return False
        return point.section == "education" or (bool(loads) and point.section != "training")

    def _candidates(self, step: Step) -> list[Intervention]:
        topic = step.point.topic or ""
        listed = step.advice.interventions if step.advice else ()
        found = [
            each
            for each in self.library.interventions.values()
            if self._fits(each)
            and (
                each.id in listed
                or (not step.is_next and topic in each.topics)
                or (topic in SEL and self._in_use(each) and SEL & set(each.topics))
            )
        ]
        return sorted(found, key=self._fitting_first)

    def _fitting_first(self, programme: Intervention) -> tuple[bool, int, int]:
        load = _LOADS[programme.language_load]
        if self.situation.needs_low_language:
            return (False, load, _NEWCOMERS[programme.newcomers])
        return (not self._in_use(programme), _NEWCOMERS[programme.newcomers], load)

    def _use(self, programme: Intervention, candidates: Sequence[Intervention], step: Step) -> Use:
        """Main, parts of it, or later. Where pupils know little Dutch: low before medium, high never main (P5)."""
        load = programme.language_load
        if not self.situation.needs_low_language or load in (None, "low"):
            return "main"
        if load == "high":
            in_groups = self._in_use(programme) and self.situation.setting == "regular-language-class"
            return "partly" if in_groups and programme.partly else "later"
        low = self._has_low(step.point.topic or "") or any(each.language_load == "low" for each in candidates)
        if low or step.is_next:
            return "partly" if programme.partly else "later"
        return "main"

    def _fits(self, programme: Intervention) -> bool:
        """P4: sector, ages that overlap the school's, and a setting where it may be offered."""
        lowest, highest = self.situation.ages
        return (
            self.situation.sector in programme.sectors
            and programme.ages[0] <= highest
            and lowest <= programme.ages[1]
            and self.situation.setting not in programme.not_in
        )

    def _on_topic(self, topic: str) -> list[Intervention]:
        return [each for each in self.library.interventions.values() if topic in each.topics and self._fits(each)]

    def _has_low(self, topic: str) -> bool:
        return any(each.language_load == "low" for each in self._on_topic(topic))

    def _in_use(self, programme: Intervention) -> bool:
        return programme.id in self.situation.interventions_in_use

    def _offer(self, programme: Intervention, use: Use) -> Offer:
        school = self.situation
        restricted = school.needs_low_language
        note = f" ({texts.wording(programme.newcomers_note, school.sector)})" if programme.newcomers_note else ""
        newcomers = f"{texts.NEWCOMERS[programme.newcomers]}{note}"
        sentences = [
            f"{programme.name} {texts.LANGUAGE[programme.language_load]} en {newcomers}.",
            texts.ages_sentence(programme.ages, school.ages),
            texts.use_sentence(
                use,
                programme.language_load,
                in_use=self._in_use(programme),
                restricted=restricted,
                setting=school.setting,
                sector=school.sector,
            ),
        ]
        if restricted and programme.language_load == "medium" and use == "main":
            sentences.append("Een taalarm programma kennen wij voor dit onderwerp niet.")
        return Offer(
            intervention=programme.id,
            use=use,
            reason=" ".join(sentences),
            recognition=recognition(programme, school.sector),
        )


def recognition(programme: Intervention, sector: str) -> str:
    """What is known of recognition, apart from fit (P6)."""
    known = programme.recognition
    checked = f"nagekeken op {texts.date_in_words(known.checked_on)}"
    if known.status == "unknown":
        return f"Over erkenning is niets gevonden ({checked}); dat is iets anders dan niet erkend."
    since = f" sinds {known.since}" if known.since else ""
    extra = f", {texts.wording(known.note, sector)}" if known.note else ""
    scope = f" Dat gaat over: {texts.wording(known.recognised_for, sector)}." if known.recognised_for else ""
    return (
        f"In de databank erkende interventies: {known.status}{since}{extra} ({checked}).{scope} "
        "Dat zegt niet of het bij nieuwkomers past."
    )

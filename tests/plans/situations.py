"""Situations to generate plans from: the three example cases of the rules, and generators of any other."""

from typing import Any

from hypothesis import strategies as st

from pilots.vocabulary import vocabulary
from plans.generator import (
    Answer,
    Checklist,
    Group,
    Idea,
    Kept,
    Option,
    Session,
    SetAside,
    Situation,
)

SCORES: tuple[Any, ...] = (0, 1, 2, 3, "unknown", "not-applicable", None)
PRIORITIES: tuple[Any, ...] = (None, "later", "now")
# Topics that can do most harm to the rules: twins and what they are a twin of, care outside, parents, training.
TELLING = (
    *("env-group-contact", "edu-connect-pupils", "care-time-for-parents", "par-care-talks", "par-interpreter"),
    *("care-referral", "care-external-partners", "env-climate", "edu-sel-line", "edu-nonverbal", "edu-relax"),
    *("edu-relationships", "tr-whole-team", "tr-trauma-sensitive", "tr-consistent-response", "pol-attendance"),
)
PROGRAMMES = ("kanjertraining", "wereldreizigers", "team-up", "schooljudo", "vreedzame-school", "welkom-op-school")


def answer(topic: str, score: Any, priority: Any = None, *more: str) -> Answer:
    """A checklist item on one topic, named after it."""
    words = vocabulary().topics[topic]
    return Answer(
        item=f"item-{topic}",
        domain="pupils",
        text=f"Stelling over {words.label.lower()}.",
        topics=(topic, *more),
        score=score,
        priority=priority,
    )


def ranked(*topics: tuple[str, ...] | str, start: int = 1) -> Session:
    """One session whose options were ranked in this order; a plain text is an option without topic."""
    options = []
    for place, each in enumerate(topics, start=1):
        label = each if isinstance(each, str) else f"Kaart {place}"
        about = () if isinstance(each, str) else each
        options.append(Option(ref=f"o{start}{place}", label=label, topics=about, rank=place, of=len(topics)))
    return Session(number=start, participants=8, options=tuple(options))


def everything(score: Any) -> dict[str, Answer]:
    """A checklist with one item per topic, all with the same score."""
    return {topic: answer(topic, score) for topic in vocabulary().topics}


LANGUAGE_CLASSES = Situation(
    sector="PO",
    setting="regular-language-class",
    ages=(4, 12),
    low_dutch=True,
    works_with="gezonde-school",
    interventions_in_use=("kanjertraining",),
    checklist=Checklist(
        answers=(
            answer("edu-sel-line", 3),
            answer("edu-nonverbal", 0, "now"),
            answer("edu-connect-pupils", 1),
            answer("care-check-in", 0),
            answer("care-check-out", 0),
            answer("care-structure", 3),
            answer("pol-vision", 2),
            answer("tr-trauma-sensitive", 1),
            answer("par-communication", 1, "later"),
        )
    ),
    groups={
        "pupils": Group(sessions=(ranked(("edu-relax", "edu-stress"), ("env-play-sport",), ("edu-connect-pupils",)),)),
        "parents": Group(sessions=(ranked(("par-communication",), "Zwemles voor iedereen"),)),
        "stakeholders": Group(sessions=(ranked(("edu-nonverbal",), ("care-check-in",)),)),
    },
)

RESTLESS_ISK = Situation(
    sector="VO",
    setting="isk",
    ages=(12, 18),
    low_dutch=True,
    unaccompanied_minors=True,
    works_with="none",
    checklist=Checklist(
        answers=(
            answer("tr-consistent-response", 0, "now"),
            answer("env-climate", 0, "now"),
            answer("tr-trauma-sensitive", 0),
            answer("care-structure", 1),
            answer("edu-relationships", 1),
            answer("pol-attendance", 1),
            answer("care-trusted-adult", 2),
        )
    ),
    groups={
        "stakeholders": Group(
            sessions=(ranked(("tr-consistent-response", "env-climate"), ("tr-trauma-sensitive",), ("care-structure",)),)
        ),
        "pupils": Group(sessions=(ranked(("tr-consistent-response",), ("edu-relationships",)),)),
        "parents": Group(not_held="te weinig aanmeldingen"),
    },
)

STRONG_CARE_NO_VISION = Situation(
    sector="PO",
    setting="regular-spread",
    ages=(4, 12),
    low_dutch=False,
    checklist=Checklist(
        answers=(
            *(answer(topic.id, 3) for topic in vocabulary().topics_of("care")),
            answer("pol-vision", 0, "now"),
            answer("pol-anchored", 1),
            answer("par-communication", 2),
        )
    ),
    groups={
        "stakeholders": Group(sessions=(ranked(("pol-vision",), ("edu-old-new",)),)),
        "parents": Group(
            sessions=(
                Session(
                    number=1,
                    participants=6,
                    ideas=(Idea(ref="i1", question="going-well", text="Hulp", topics=("care-low-threshold",)),),
                ),
            )
        ),
    },
)

CASES = {
    "language classes": LANGUAGE_CLASSES,
    "restless isk": RESTLESS_ISK,
    "strong care, no vision": STRONG_CARE_NO_VISION,
}

topics = st.sampled_from([*TELLING * 3, *vocabulary().topics])
topic_sets = st.lists(topics, max_size=3, unique=True).map(tuple)
some_topics = st.lists(topics, min_size=1, max_size=2, unique=True).map(tuple)


@st.composite
def checklists(draw: st.DrawFn) -> Checklist:
    """A checklist of a few items."""
    answers = draw(st.lists(st.tuples(some_topics, st.sampled_from(SCORES), st.sampled_from(PRIORITIES)), max_size=10))
    return Checklist(
        answers=tuple(
            Answer(item=f"c{n}", domain="care", text=f"Stelling {n}.", topics=about, score=score, priority=priority)
            for n, (about, score, priority) in enumerate(answers)
        ),
        provisional=draw(st.booleans()),
        mode=draw(st.sampled_from(("interview", "self"))),
    )


@st.composite
def sessions(draw: st.DrawFn, number: int) -> Session:
    """A session with options, ranked with ties or not at all, and loose ideas."""
    about = draw(st.lists(topic_sets, max_size=4))
    is_ranked = draw(st.booleans())
    ideas = draw(
        st.lists(
            st.tuples(topic_sets, st.sampled_from([*vocabulary().focus_group_questions]), st.booleans()), max_size=4
        )
    )
    return Session(
        number=number,
        participants=draw(st.integers(0, 20)),
        options=tuple(
            Option(
                ref=f"o{number}{n}",
                label=f"Wens {number}-{n % 2}",
                topics=each,
                rank=draw(st.integers(1, len(about))) if is_ranked else None,
                of=len(about),
            )
            for n, each in enumerate(about)
        ),
        ideas=tuple(
            Idea(ref=f"i{number}{n}", question=question, text=f"Idee {n}", topics=each, in_option=in_option)
            for n, (each, question, in_option) in enumerate(ideas)
        ),
    )


@st.composite
def groups(draw: st.DrawFn) -> Group:
    """A group that was held once or twice, was not held, or of which nothing is known."""
    held = draw(st.integers(0, 2))
    if held:
        return Group(sessions=tuple(draw(sessions(number + 1)) for number in range(held)))
    return Group(not_held=draw(st.sampled_from((None, "", "ziekte van de begeleider"))))


@st.composite
def kept_actions(draw: st.DrawFn, advice: tuple[str, ...]) -> Kept:
    """What somebody did to an action: any field, any status, or an action of their own."""
    topic = draw(topics)
    own = draw(st.booleans())
    return Kept(
        section=vocabulary().topics[topic].section,
        topic=topic,
        advice=None if own else draw(st.sampled_from(advice)),
        own=own,
        edited_by=draw(st.sampled_from((None, "researcher", "coordinator"))),
        status=draw(st.sampled_from(("open", "chosen", "started", "done", "stopped"))),
        text=draw(st.sampled_from((None, "Door ons herschreven."))),
        year=draw(st.sampled_from((None, 1, 2, 3))),
        owner=draw(st.sampled_from((None, "director"))),
    )


@st.composite
def situations(draw: st.DrawFn, advice: tuple[str, ...] = ()) -> Situation:
    """Any school, with or without edits (`advice`: the ids that edits can be about)."""
    sector = draw(st.sampled_from(("PO", "VO")))
    setting = draw(st.sampled_from([setting.id for setting in vocabulary().settings_of(sector)]))
    lowest = draw(st.integers(4, 17))
    return Situation(
        sector=sector,
        setting=setting,
        ages=(lowest, draw(st.integers(lowest, 20))),
        low_dutch=draw(st.sampled_from((True, False, None))),
        unaccompanied_minors=draw(st.sampled_from((True, False, None))),
        works_with=draw(st.sampled_from(("gezonde-school", "other", "none", None))),
        interventions_in_use=draw(st.lists(st.sampled_from(PROGRAMMES), max_size=2, unique=True).map(tuple)),
        year_1_limit=draw(st.integers(0, 8)),
        checklist=draw(st.none() | checklists()),
        groups=draw(st.dictionaries(st.sampled_from([*vocabulary().focus_group_kinds]), groups())),
        set_aside=tuple(
            SetAside(topic=topic, reason="past nu niet", by="researcher")
            for topic in draw(st.lists(topics, max_size=2, unique=True))
        ),
        kept=tuple(draw(st.lists(kept_actions(advice), max_size=3))) if advice else (),
    )

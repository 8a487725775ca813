"""Small builders for the checklist: an instrument of its own with few items, and interviews with answers."""

import datetime
import uuid
from typing import Any

from checklist import actions
from checklist.models import AnswerContent, Instrument, Interview, Item
from pilots.models import Trajectory, User
from pilots.vocabulary import vocabulary


def make_instrument(sector: str = "PO", version: str = "2026.1", per_domain: int = 2) -> Instrument:
    """A published instrument with `per_domain` items in each of the six domains, codes `<domain>-1`, `<domain>-2`, …"""
    domains = list(vocabulary().checklist_domains)
    instrument = Instrument.objects.create(
        sector=sector,
        version=version,
        title="Checklist voor de test",
        intros=dict.fromkeys(domains, "Waar het over gaat."),
        sha256="0" * 64,
    )
    topics = list(vocabulary().topics)
    Item.objects.bulk_create(
        Item(
            instrument=instrument,
            code=f"{domain}-{number + 1}",
            domain=domain,
            position=index * per_domain + number + 1,
            text=f"Stelling {number + 1} over {domain}.",
            help="Hoe merk je dat?",
            topics=[topics[index * per_domain + number]],
        )
        for index, domain in enumerate(domains)
        for number in range(per_domain)
    )
    return instrument


def make_interview(trajectory: Trajectory, by: User, **fields: Any) -> Interview:
    """An interview with the newest instrument, which is made when there is none."""
    sector = trajectory.school.sector
    if not Instrument.objects.filter(sector=sector).exists():
        make_instrument(sector)
    defaults = {"held_on": datetime.date(2026, 11, 3), "respondents": ["director"], "mode": "interview"}
    return actions.start_interview(trajectory=trajectory, by=by, token=uuid.uuid4(), **{**defaults, **fields})


def give(
    interview: Interview, by: User, item: str, value: int | str | None = None, *, priority: str = "", note: str = ""
) -> None:
    """Answer `item`, whatever stood there."""
    found = Item.objects.get(instrument=interview.instrument_id, code=item)
    known = interview.answers.filter(item=found).first()
    save = actions.Save(found, AnswerContent(value, priority, note), known.version if known else 0)
    [saved] = actions.save_answers(interview=interview, saves=[save], by=by)
    assert not saved.conflict

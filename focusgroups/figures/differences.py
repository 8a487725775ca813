"""What the groups share and where they differ, in sentences."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from focusgroups.figures.standings import TOP, Line, Voice
from focusgroups.figures.words import joined


def sentences(groups: Sequence[Voice], themes: Sequence[Line], topics: Sequence[Line]) -> Iterable[str]:
    """What the groups share and where they differ, each in a sentence."""
    ranked = [index for index, group in enumerate(groups) if group.ranked]
    if len(ranked) > 1:
        yield from _shared_sentences(groups, themes, ranked)
        for index in ranked:
            # Topics say more than themes; a group whose options carry no topic is compared by theme.
            lines = topics if any(line.ranks[index] for line in topics) else themes
            yield from _difference(groups, lines, index, ranked)
    for group in groups:
        if group.not_held:
            reason = group.not_held.strip().rstrip(".")
            yield _("%(group)s: niet gehouden. Reden: %(reason)s.") % {"group": group.label, "reason": reason}


def _shared_sentences(groups: Sequence[Voice], themes: Sequence[Line], ranked: Sequence[int]) -> Iterable[str]:
    def high(rank: int | None) -> bool:
        return rank is not None and rank <= TOP

    everybody = [line.label for line in themes if all(high(line.ranks[index]) for index in ranked)]
    who = joined([groups[ranked[0]].label, *(groups[index].label.lower() for index in ranked[1:])])
    who = _("Alle drie de groepen zetten") if len(ranked) == 3 else who + " " + _("zetten allebei")
    if everybody:
        yield _("%(who)s %(themes)s bij de eerste drie.") % {
            "who": who,
            "themes": joined([f"“{x}”" for x in everybody]),
        }
    else:
        yield _("Er is geen thema dat bij alle groepen bij de eerste drie staat.")


def _difference(groups: Sequence[Voice], lines: Sequence[Line], index: int, ranked: Sequence[int]) -> Iterable[str]:
    """The first place of one group that another group does not have among its first three."""
    for line in lines:
        if line.ranks[index] != 1:
            continue
        elsewhere = []
        for other in ranked:
            if other == index:
                continue
            rank, name = line.ranks[other], groups[other].label.lower()
            if rank is None and line.standings[other] is None:
                elsewhere.append(_("%(group)s noemen het niet") % {"group": name})
            elif rank is None:
                elsewhere.append(_("%(group)s noemen het wel, maar gaven het geen plaats") % {"group": name})
            elif rank > TOP:
                elsewhere.append(_("%(group)s zetten het op %(rank)s") % {"group": name, "rank": rank})
        if elsewhere:
            yield _("Bij %(group)s staat “%(what)s” op 1; %(elsewhere)s.") % {
                "group": groups[index].label.lower(),
                "what": line.label,
                "elsewhere": joined(elsewhere),
            }
            return

"""The components of the pages: `{% load components %}`. Strict: an unknown argument or id is a TemplateSyntaxError.

Signs
    {% icon "house" %}                          beside words; hidden from screen readers
    {% icon "house" label="Start" %}            alone, with its own word
    {% product_name %}                          the name of this installation (SITE_NAME)
    {% demo_badge %}                            "Demo, verzonnen", only when the site is a demo
Where things stand
    {% step_strip steps %}                      steps: tuple of pilots.steps.StepNow
    {% step_state step.state %}                 one step's state as badge
    {% state_badge "done" "Klaar" %}            neutral now done late paused draft danger, or any state id in BADGES
    {% progress done total "Acties klaar" %}    <progress> with words
    {% save_status state="saved" at=moment count=0 who="" %}    idle saved saving offline conflict error
Judgements and figures
    {% scale value %}                           0–3, "unknown", "not-applicable", None
    {% priority_flag priority %}                "now", "later", ""
    {% need_bar need %}                         0..1
    {% bar_row label value maximum text tone="care" %}    one bar in <div class="bars">; tone: section id or nothing
    {% slope_chart title=… description=… groups=… lines=… %}
        groups: names of the columns; lines: (label, section id or "", (rank or None, one per group)) each
    {% scale_field id="q1" label=text value=value priority=priority value_name="value" priority_name="priority" %}
        radio groups; the last two arguments name the fields and may be left out
Words
    {% section_chip "care" %}                   colour, icon and label of a section
    {% section_icon "care" %}                   the icon alone
    {% role_name role sector %}                 within a sentence: "intern begeleider", "zorgcoördinator", "GSA"
    {% sector_word "teacher" sector %}          teacher: leerkracht/docent; class: groep/klas; plurals; any role
    |topic_label |section_label |theme_label |role_label |stakeholder_label |partner_label |domain_label
    |setting_label |sector_label |owner_label |kind_label |phase_label
Whole blocks
    {% empty_state "people" title text url button %}    what will stand here; url and button optional
    {% crumbs "Trajecten" url_1 "De Regenboog" %}       label, address, …, and the page itself without address
    {% navigation %}                                    the main menu of who is logged in (base.html)
    {% include "components/error_summary.html" with form=form %}
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from itertools import pairwise
from textwrap import wrap
from typing import Any

from django import template
from django.conf import settings
from django.template import TemplateSyntaxError
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilots.enums import StepState
from pilots.models import TeamMember, User
from pilots.roles import May
from pilots.rules import permissions
from pilots.steps import StepNow
from pilots.vocabulary import vocabulary
from welbevinden.assets import icon_names

register = template.Library()

#: Section → icon. The colours stand in static/css/app.css as --section-<id>.
SECTION_ICONS = {
    "policy": "compass",
    "environment": "tree",
    "care": "heart-pulse",
    "education": "book",
    "training": "mortarboard",
    "parents": "house-heart",
    "other": "stars",
}
#: Section → fill that an SVG has where no stylesheet reaches it (PDF); the light values of --section-<id>.
SECTION_FILLS = {
    "policy": "#4a4fa3",
    "environment": "#3a7a37",
    "care": "#b23652",
    "education": "#1d6aa9",
    "training": "#96600a",
    "parents": "#86409a",
    "other": "#6a625a",
}
ACCENT_FILL = "#0d5c63"
SCALE_WORDS = {
    "0": gettext_lazy("Nog niet"),
    "1": gettext_lazy("Deels"),
    "2": gettext_lazy("Grotendeels"),
    "3": gettext_lazy("Helemaal"),
}
NO_SCORE_WORDS = {"unknown": gettext_lazy("Weet niet"), "not-applicable": gettext_lazy("Niet van toepassing")}
PRIORITY_WORDS = {"now": gettext_lazy("Nu aanpakken"), "later": gettext_lazy("Later aanpakken")}
STATE_ICONS = {
    StepState.DONE: "check-lg",
    StepState.NOW: "play-fill",
    StepState.WAITING: "circle",
    StepState.OVERDUE: "exclamation-triangle",
    StepState.PAUSED: "pause-fill",
}
#: State or tone → (class, icon) of a badge. The ids of our own states are tones too, so that a page can pass them on.
BADGES = {
    "neutral": ("neutral", "circle"),
    "waiting": ("neutral", "circle"),
    "open": ("neutral", "circle"),
    "superseded": ("neutral", "archive"),
    "queued": ("neutral", "hourglass-split"),
    "now": ("now", "play-fill"),
    "started": ("now", "play-fill"),
    "running": ("now", "hourglass-split"),
    "chosen": ("now", "bookmark-check"),
    "done": ("done", "check-lg"),
    "released": ("done", "check-lg"),
    "late": ("late", "exclamation-triangle"),
    "overdue": ("late", "exclamation-triangle"),
    "paused": ("paused", "pause-fill"),
    "stopped": ("paused", "pause-fill"),
    "draft": ("draft", "pencil"),
    "danger": ("danger", "exclamation-octagon"),
    "failed": ("danger", "exclamation-octagon"),
}
SAVE_STATES = ("idle", "saved", "saving", "offline", "conflict", "error")
#: Word or role within a sentence → per sector; "" where the sector does not matter or is not known.
SECTOR_WORDS: Mapping[str, Mapping[str, str]] = {
    "coordinator": {"PO": "intern begeleider", "VO": "zorgcoördinator", "": "intern begeleider of zorgcoördinator"},
    "teacher": {"PO": "leerkracht", "VO": "docent", "": "leerkracht of docent"},
    "nt2-teacher": {"PO": "NT2-leerkracht", "VO": "NT2-docent", "": "NT2-leerkracht of NT2-docent"},
    "class": {"PO": "groep", "VO": "klas", "": "groep of klas"},
    "classes": {"PO": "groepen", "VO": "klassen", "": "groepen of klassen"},
    "teachers": {"PO": "leerkrachten", "VO": "docenten", "": "leerkrachten of docenten"},
    "gsa": {"": "GSA"},
    "researcher": {"": "onderzoeker"},
    "director": {"": "directeur"},
    "admin": {"": "programmabeheerder"},
}


@cache
def _icons() -> frozenset[str]:
    return frozenset(icon_names((settings.BASE_DIR / "static" / "icons.txt").read_text()))


def _known(value: str, known: Any, what: str) -> str:
    """`value`, when it is one of `known`; a page with another value has a fault that its writer must see."""
    if value not in known:
        raise TemplateSyntaxError(f"{what} {value!r} bestaat niet; wel: {', '.join(sorted(known))}.")
    return value


# ── Signs ────────────────────────────────────────────────────────────────────────────────────────────────────────────


# A plan has some 800 of them, and working out the hashed address of the sprite takes most of the time of one.
@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """The icon `name` (one of static/icons.txt). Give `label` only where no word stands beside it."""
    _known(name, _icons(), "pictogram")
    address = f"{static('vendor/icons/sprite.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}" width="16" height="16"><use href="{}"></use></svg>',
            label,
            address,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false" width="16" height="16"><use href="{}"></use></svg>',
        address,
    )


@register.simple_tag
def product_name() -> str:
    """What this installation is called. Not a variable: Django's login view puts its own `site_name` in the context."""
    return str(settings.SITE_NAME)


@register.inclusion_tag("components/demo_badge.html")
def demo_badge() -> dict[str, Any]:
    """Marks invented schools and texts; nothing outside a demo."""
    return {"demo": settings.DEMO}


# ── Where things stand ───────────────────────────────────────────────────────────────────────────────────────────────


@register.inclusion_tag("components/step_strip.html")
def step_strip(steps: Sequence[StepNow]) -> dict[str, Any]:
    """The nine steps as a small strip, with a sentence for who does not see it."""
    rows = [
        {
            "number": each.number,
            "label": each.step.label,
            "word": each.state.label,
            "state": each.state,
            "icon": STATE_ICONS[each.state],
        }
        for each in steps
    ]
    return {
        "steps": rows,
        "done": sum(1 for each in steps if each.state == StepState.DONE),
        "total": len(steps),
    }


@register.inclusion_tag("components/state_badge.html")
def step_state(state: str) -> dict[str, Any]:
    """The state of one step in words, with its icon."""
    return state_badge(state, str(StepState(state).label))


@register.inclusion_tag("components/state_badge.html")
def state_badge(state: str, label: str) -> dict[str, Any]:
    """A state as badge: `state` chooses colour and icon, `label` is what people read."""
    tone, sign = BADGES[_known(str(state), BADGES, "stand")]
    return {"tone": tone, "sign": sign, "label": label}


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, label: str) -> dict[str, Any]:
    """How many of how many, as bar and as words. Without any (`total` 0) the bar is empty."""
    return {"done": done, "total": total, "maximum": max(total, 1), "label": label}


@register.inclusion_tag("components/save_status.html")
def save_status(state: str = "idle", at: datetime | None = None, count: int = 0, who: str = "") -> dict[str, Any]:
    """Whether what was typed is kept. A script may set `data-state` and fill `.save-at`, `.save-count`, `.save-who`."""
    return {"state": _known(state, SAVE_STATES, "stand"), "at": at, "count": count, "who": who or _("Iemand anders")}


# ── Judgements and figures ───────────────────────────────────────────────────────────────────────────────────────────


@register.inclusion_tag("components/scale.html")
def scale(value: int | str | None) -> dict[str, Any]:
    """A score on the four-step scale as blocks and word; None says that nobody answered yet."""
    text = "" if value is None else str(value)
    if text in SCALE_WORDS:
        return {
            "score": int(text),
            "blocks": [{"x": 14 * n, "filled": n < int(text)} for n in range(3)],
            "word": SCALE_WORDS[text],
        }
    if not text:
        return {"score": None, "blocks": [], "word": _("Nog open"), "sign": "dash-lg"}
    _known(text, NO_SCORE_WORDS, "score")
    return {
        "score": None,
        "blocks": [],
        "word": NO_SCORE_WORDS[text],
        "sign": "question-lg" if text == "unknown" else "slash-circle",
    }


@register.inclusion_tag("components/priority_flag.html")
def priority_flag(priority: str) -> dict[str, Any]:
    """The priority that was given; nothing for none."""
    if priority:
        _known(priority, PRIORITY_WORDS, "prioriteit")
    return {"priority": priority, "word": PRIORITY_WORDS.get(priority, "")}


@register.inclusion_tag("components/need_bar.html")
def need_bar(need: float) -> dict[str, Any]:
    """How much a topic is needed (0..1, higher is more) as bar and word."""
    share = min(max(float(need), 0.0), 1.0)
    word = _("hoog") if share >= 2 / 3 else _("gemiddeld") if share >= 1 / 3 else _("laag")
    return {"width": f"{share * 96:.1f}", "percent": round(share * 100), "word": word, "fill": ACCENT_FILL}


@register.inclusion_tag("components/bar_row.html")
def bar_row(label: str, value: float, maximum: float, text: str, tone: str = "") -> dict[str, Any]:
    """One bar of a bar chart. `text` is the figure in words ("4 van 9"); `tone` a section id or "" for the accent."""
    if tone:
        _known(tone, SECTION_FILLS, "kleur")
    share = min(max(value / maximum, 0.0), 1.0) if maximum else 0.0
    return {
        "label": label,
        "text": text,
        "tone": tone,
        "width": f"{share * 100:.2f}",
        "fill": SECTION_FILLS.get(tone, ACCENT_FILL),
    }


# Sizes of the slope chart in SVG units.
SLOPE_SIDE, SLOPE_GAP, SLOPE_ROW, SLOPE_TOP, SLOPE_CHARACTERS = 236, 210, 46, 64, 30


@register.inclusion_tag("components/slope_chart.html")
def slope_chart(
    title: str, description: str, groups: Sequence[str], lines: Sequence[tuple[str, str, Sequence[int | None]]]
) -> dict[str, Any]:
    """What several groups put first, side by side: a column per group, a line per theme or topic.

    groups: names of the columns. lines: label, section id ("" for the accent) and its rank in each group (1 is first,
    None when the group did not name it). Lines that every group named are drawn strong. The table with the same
    figures stands in the component; on a small screen lists per group take the place of the drawing.
    """
    shared = [all(rank is not None for rank in ranks) for _label, _tone, ranks in lines]
    # Equal ranks get a row each, or their labels would cover each other; the number in the dot tells the rank.
    rows: list[dict[int, int]] = []
    for column in range(len(groups)):
        ranked = sorted(
            (rank, index) for index, (_l, _t, ranks) in enumerate(lines) if (rank := ranks[column]) is not None
        )
        rows.append({index: row for row, (_rank, index) in enumerate(ranked)})

    def place(index: int, column: int) -> tuple[int, int] | None:
        row = rows[column].get(index)
        return None if row is None else (SLOPE_SIDE + SLOPE_GAP * column, SLOPE_TOP + SLOPE_ROW * row)

    drawn = []
    last = len(groups) - 1
    for index, (label, section, ranks) in enumerate(lines):
        tone = _known(section, SECTION_FILLS, "kleur") if section else "accent"
        places = [place(index, column) for column in range(len(groups))]
        segments = [{"x1": a[0], "y1": a[1], "x2": b[0], "y2": b[1]} for a, b in pairwise(places) if a and b]
        dots = [
            {"x": spot[0], "y": spot[1], "text_y": spot[1] + 5, "rank": rank}
            for spot, rank in zip(places, ranks, strict=True)
            if spot
        ]
        named = [column for column, spot in enumerate(places) if spot]
        texts = []
        for column in named:
            spot = places[column]
            # A label at the left edge, at the right edge, and wherever no line leads back to a label.
            if spot is None or not (column in {0, last} or column == named[0]):
                continue
            left = column == 0
            words = wrap(label, SLOPE_CHARACTERS if column in {0, last} else 24, max_lines=3, placeholder=" …")
            texts.append(
                {
                    "x": spot[0] - 20 if left else spot[0] + 20,
                    "anchor": "end" if left else "start",
                    "rows": [
                        {"y": spot[1] + 5 + 16 * n - 8 * (len(words) - 1), "words": text}
                        for n, text in enumerate(words)
                    ],
                }
            )
        drawn.append(
            {
                "tone": tone,
                "fill": SECTION_FILLS.get(tone, ACCENT_FILL),
                "strong": shared[index],
                "width": 4 if shared[index] else 2,
                "segments": segments,
                "dots": dots,
                "texts": texts,
            }
        )
    depth = max((len(each) for each in rows), default=0)
    return {
        "title": title,
        "description": description,
        "heads": [{"x": SLOPE_SIDE + SLOPE_GAP * column, "name": name} for column, name in enumerate(groups)],
        "axis_end": SLOPE_TOP + SLOPE_ROW * max(depth - 1, 0),
        "axis_start": SLOPE_TOP,
        # Strong lines last, so that they lie on top.
        "drawn": sorted(drawn, key=lambda each: bool(each["strong"])),
        "width": SLOPE_SIDE * 2 + SLOPE_GAP * last,
        "height": SLOPE_TOP + SLOPE_ROW * depth - 8,
        "groups": groups,
        "lists": [
            {
                "name": name,
                "entries": [
                    {"rank": lines[index][2][column], "label": lines[index][0], "strong": shared[index]}
                    for index in rows[column]
                ],
            }
            for column, name in enumerate(groups)
        ],
        "table": [
            {"label": label, "ranks": ranks, "strong": strong}
            for (label, _tone, ranks), strong in sorted(zip(lines, shared, strict=True), key=lambda each: not each[1])
        ],
    }


@register.inclusion_tag("components/scale_field.html")
def scale_field(
    *,
    id: str,  # noqa: A002 it is the attribute of that name
    label: str,
    value: int | str | None = None,
    priority: str = "",
    value_name: str = "value",
    priority_name: str = "priority",
) -> dict[str, Any]:
    """The four-step scale, the two honest no-scores and the priority of one statement, as radio groups.

    id: unique on the page, ids of the inputs start with it. label: the statement; it is the legend.
    """
    chosen = "" if value is None else str(value)
    return {
        "id": id,
        "label": label,
        "value_name": value_name,
        "priority_name": priority_name,
        "scores": [
            {
                "value": key,
                "word": word,
                "checked": key == chosen,
                "blocks": [{"x": 14 * n, "filled": n < int(key)} for n in range(3)],
            }
            for key, word in SCALE_WORDS.items()
        ],
        "no_scores": [{"value": key, "word": word, "checked": key == chosen} for key, word in NO_SCORE_WORDS.items()],
        "priorities": [
            {"value": "", "word": _("Geen"), "checked": not priority, "sign": "dash-lg"},
            {"value": "later", "word": _("Later"), "checked": priority == "later", "sign": "flag"},
            {"value": "now", "word": _("Nu"), "checked": priority == "now", "sign": "flag-fill"},
        ],
    }


# ── Words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@register.inclusion_tag("components/section_chip.html")
def section_chip(section_id: str) -> dict[str, Any]:
    """A section with its colour, icon and label."""
    section = vocabulary().sections[_known(section_id, SECTION_ICONS, "onderdeel")]
    return {"id": section_id, "label": section.label, "sign": SECTION_ICONS[section_id]}


@register.simple_tag
def section_icon(section_id: str) -> SafeString:
    """The icon of a section, for beside its label."""
    return icon(SECTION_ICONS[_known(section_id, SECTION_ICONS, "onderdeel")])


@register.simple_tag
def role_name(role: str, sector: str = "") -> str:
    """A role as it stands within a sentence, in the words of the sector; other roles by their own label."""
    words = SECTOR_WORDS.get(role)
    if words is None:
        return owner_label(role)
    return words.get(sector) or words[""]


@register.simple_tag
def sector_word(word: str, sector: str = "") -> str:
    """What this sector calls it: "teacher", "class" and their plurals, or a role."""
    return role_name(_known(word, SECTOR_WORDS, "woord"), sector)


# An id that the vocabulary does not know is shown as it is: a school may have themes of its own.


@register.filter
def topic_label(topic: str) -> str:
    found = vocabulary().topics.get(topic)
    return found.label if found else topic


@register.filter
def section_label(section: str) -> str:
    found = vocabulary().sections.get(section)
    return found.label if found else section


@register.filter
def setting_label(setting: str) -> str:
    found = vocabulary().settings.get(setting)
    return found.label if found else setting


@register.filter
def theme_label(theme: str) -> str:
    return vocabulary().themes.get(theme, theme)


@register.filter
def role_label(role: str) -> str:
    return vocabulary().roles.get(role, role)


@register.filter
def stakeholder_label(role: str) -> str:
    return vocabulary().stakeholder_roles.get(role, role)


@register.filter
def partner_label(partner: str) -> str:
    return vocabulary().helpers.get(partner, partner)


@register.filter
def owner_label(owner: str) -> str:
    return vocabulary().owners.get(owner, owner)


@register.filter
def domain_label(domain: str) -> str:
    return vocabulary().checklist_domains.get(domain, domain)


@register.filter
def sector_label(sector: str) -> str:
    return vocabulary().sectors.get(sector, sector)


@register.filter
def kind_label(kind: str) -> str:
    return vocabulary().focus_group_kinds.get(kind, kind)


@register.filter
def phase_label(phase: str) -> str:
    return vocabulary().phases.get(phase, phase)


# ── Whole blocks ─────────────────────────────────────────────────────────────────────────────────────────────────────


@register.inclusion_tag("components/empty_state.html")
def empty_state(icon: str, title: str, text: str, url: str = "", button: str = "") -> dict[str, Any]:
    """What will stand here, and the first step towards it."""
    return {"sign": icon, "title": title, "text": text, "url": url, "button": button}


@register.inclusion_tag("components/crumbs.html")
def crumbs(*parts: str) -> dict[str, Any]:
    """Breadcrumbs: label, address, label, address, …, and the page itself as last label."""
    if len(parts) % 2 == 0:
        raise TemplateSyntaxError("crumbs: geef paren van woord en adres, en als laatste alleen het woord.")
    return {"links": list(zip(parts[:-1:2], parts[1::2], strict=True)), "here": parts[-1]}


def _menu(user: User) -> list[tuple[str, str, str]]:
    """Label, name of the route and icon of what `user` can open."""
    roles = {"admin"} if user.is_admin else set(TeamMember.objects.filter(user=user).values_list("role", flat=True))
    may = permissions(roles)
    menu = [(_("Start"), "start", "house"), (_("Trajecten"), "trajectories", "signpost-split")]
    if May.SEE_DASHBOARD in may:
        menu.append((_("Overzicht"), "dashboard", "grid-3x3-gap"))
    if May.MANAGE in may:
        menu.append((_("Beheer"), "manage", "sliders"))
        menu.append((_("Onderdelen"), "gallery", "palette"))
    menu.append((_("Uitleg"), "explanations", "lightbulb"))
    return menu


@register.inclusion_tag("components/navigation.html", takes_context=True)
def navigation(context: Mapping[str, Any]) -> dict[str, Any]:
    """The main menu of who is logged in; nothing for who is not, or on a page that was made without a request."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or not isinstance(user, User):
        return {"user": None, "entries": [], "here": ""}
    entries = []
    for label, name, sign in _menu(user):
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        entries.append({"label": label, "url": address, "sign": sign})
    # A page below two entries belongs to the nearest. Everything is below "/": that one only counts for itself.
    nearest = max((each["url"] for each in entries if request.path.startswith(each["url"])), key=len, default="")
    here = nearest if nearest != reverse("start") or request.path == nearest else ""
    return {"user": user, "entries": entries, "here": here, "csrf_token": context.get("csrf_token", "")}

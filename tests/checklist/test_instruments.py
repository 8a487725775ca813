"""The instruments: files with faults, frozen versions, and the two that come with the application."""

import io
import json
import re
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from checklist.loading import FOLDER, InstrumentSource, load
from checklist.models import Instrument, Interview, Item
from pilots.vocabulary import vocabulary
from tests.builders import full_team, make_trajectory
from tests.checklist.builders import make_interview
from welbevinden.datafile import ContentError

PO = FOLDER / "po-2026.1.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the real file of PO, to break."""
    (tmp_path / PO.name).write_bytes(PO.read_bytes())
    return tmp_path


def change(folder: Path, before: str, after: str) -> int:
    """Replaces the first `before` in the file of PO; gives the line where it stood."""
    path = folder / PO.name
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    return text[: text.index(before)].count("\n") + 1


def faults(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load(folder)
    return [f"{fault.line}: {fault.message}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("topics: [pol-vision]", "topics: [pol-visie]", "'pol-visie' is onbekend"),
        ("item: po-vision-shared", "item: Po Vision", "heeft niet de juiste vorm"),
        ("item: po-plan-anchored", "item: po-vision-shared", "staat er dubbel; ook op regel"),
        ("topics: [pol-anchored]", "topics: []", "is leeg of te kort"),
        ("item: po-plan-anchored\n", "item: po-plan-anchored\n        thema: x\n", "onbekende sleutel: thema"),
        ("instrument: PO", "instrument: SO", "'SO' is onbekend; wel kan: PO, VO"),
        ('version: "2026.1"', "version: 2026.1", "moet van de soort string zijn"),
        ("  - domain: policy", "  - domain: beleid", "'beleid' is onbekend"),
    ],
)
def test_fault_names_its_line(folder: Path, before: str, after: str, said: str) -> None:
    line = change(folder, before, after)
    found = faults(folder)
    assert any(fault.startswith(f"{line}: ") and said in fault for fault in found), found


def test_topic_that_nobody_asks_is_a_fault(folder: Path) -> None:
    change(folder, "topics: [pol-anchored]", "topics: [pol-vision]")
    assert any("geen enkel item vraagt naar 'pol-anchored'" in fault for fault in faults(folder))


def test_domains_stand_in_the_order_of_the_vocabulary(folder: Path) -> None:
    data = yaml.safe_load(PO.read_text("utf-8"))
    data["domains"].reverse()
    (folder / PO.name).write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    assert any("moeten alle zes, in deze volgorde: policy, team" in fault for fault in faults(folder))


def test_not_yaml_twice_a_version_and_an_empty_folder(folder: Path, tmp_path: Path) -> None:
    (folder / "zelfde.yaml").write_bytes(PO.read_bytes())
    assert any("versie 2026.1 van PO staat ook in" in fault for fault in faults(folder))
    (folder / "zelfde.yaml").write_text("a: [1", "utf-8")
    assert any("is geen geldige YAML" in fault for fault in faults(folder))
    empty = tmp_path / "leeg"
    empty.mkdir()
    assert any("geen enkele checklist" in fault for fault in faults(empty))


def run(folder: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("load_instruments", "--folder", str(folder), *options, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_publishes_once(folder: Path) -> None:
    assert "Checklist PO 2026.1 is gepubliceerd." in run(folder)
    # Another layout is the same content.
    data = yaml.safe_load(PO.read_text("utf-8"))
    (folder / PO.name).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    assert run(folder) == ""
    assert Instrument.objects.count() == 1
    source: InstrumentSource = load(folder)[0]
    assert list(Item.objects.values_list("code", flat=True)) == [item.code for item in source.items]


@pytest.mark.django_db
def test_faults_stop_the_command_and_publish_nothing(folder: Path) -> None:
    line = change(folder, "topics: [pol-vision]", "topics: [pol-visie]")
    with pytest.raises(CommandError, match=rf"{re.escape(PO.name)}:{line}: "):
        run(folder)
    assert not Instrument.objects.exists()


@pytest.mark.django_db
def test_published_is_frozen(folder: Path, settings: Settings) -> None:
    run(folder)
    change(folder, "Ons team heeft", "Het team heeft")
    with pytest.raises(CommandError, match="gepubliceerd staat vast"):
        run(folder)
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG of DEMO"):
        run(folder, "--replace-unused")
    settings.DEMO = True
    assert "gepubliceerd" in run(folder, "--replace-unused")
    assert Item.objects.filter(text__startswith="Het team heeft").count() == 1
    assert Instrument.objects.count() == 1

    trajectory = make_trajectory()
    make_interview(trajectory, full_team(trajectory)["gsa"])
    change(folder, "Het team heeft", "Heel het team heeft")
    with pytest.raises(CommandError, match="er zijn gesprekken mee gevoerd"):
        run(folder, "--replace-unused")
    assert Interview.objects.count() == 1


@pytest.mark.django_db
def test_new_version_leads_and_old_one_stays(folder: Path) -> None:
    run(folder)
    data = yaml.safe_load(PO.read_text("utf-8"))
    for version in ("2026.9", "2026.10"):
        path = folder / f"po-{version}.yaml"
        path.write_text(yaml.safe_dump({**data, "version": version}, allow_unicode=True, sort_keys=False), "utf-8")
    run(folder)
    assert Instrument.objects.newest_for("PO").version == "2026.10"
    assert Instrument.objects.filter(version="2026.1").exists()


@pytest.mark.django_db
def test_show_instrument() -> None:
    with pytest.raises(CommandError, match="load_instruments"):
        call_command("show_instrument", "PO", "--json")
    run(FOLDER)
    for sector in ("PO", "VO"):
        out = io.StringIO()
        call_command("show_instrument", sector, "--json", stdout=out)
        shown = json.loads(out.getvalue())
        assert set(shown) == {"instrument", "version", "items"}
        assert shown["instrument"] == sector
        assert all(set(item) == {"item", "domain", "topics", "text"} for item in shown["items"])
        assert {topic for item in shown["items"] for topic in item["topics"]} == set(vocabulary().topics)


# The two instruments themselves

FOREIGN = {
    "PO": r"zorgco[öo]rdinator\w*|docent(en(team)?)?|mentor(en)?|mentorles(sen)?|klas(sen)?|klaslokaal|klaslokalen"
    r"|klasgeno(ot|ten)|brugklas(sen)?",
    "VO": r"intern(e)? begeleider(s)?|ib'er|ib’er|leerkracht(en)?|groep(en)?|groepje(s)?|juf|meester",
}


@pytest.fixture(scope="module")
def sources() -> dict[str, InstrumentSource]:
    return {source.sector: source for source in load()}


@pytest.mark.parametrize("sector", ["PO", "VO"])
def test_instrument_is_whole(sources: dict[str, InstrumentSource], sector: str) -> None:
    source = sources[sector]
    assert len(source.items) >= 60
    assert {item.domain for item in source.items} == set(vocabulary().checklist_domains)
    assert {topic for item in source.items for topic in item.topics} == set(vocabulary().topics)


@pytest.mark.parametrize("sector", ["PO", "VO"])
def test_words_of_the_other_sector_are_not_there(sources: dict[str, InstrumentSource], sector: str) -> None:
    foreign = re.compile(rf"(?<![\w-])({FOREIGN[sector]})(?![\w-])", re.IGNORECASE)
    source = sources[sector]
    texts = [source.title, *source.intros.values()]
    texts += [text for item in source.items for text in (item.text, item.help)]
    assert [match.group() + ": " + text for text in texts if (match := foreign.search(text))] == []


def test_no_text_is_the_same_in_both(sources: dict[str, InstrumentSource]) -> None:
    po, vo = (
        {text for item in sources[sector].items for text in (item.text, item.help)}
        | set(sources[sector].intros.values())
        for sector in ("PO", "VO")
    )
    assert po & vo == set()

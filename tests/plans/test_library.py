"""The advice library: the real files are whole, and every fault in a file is said with file and line."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pilots.vocabulary import vocabulary
from plans import library as package
from plans.library import library, load
from welbevinden.datafile import ContentError

SOURCE = Path(package.__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SOURCE / "advice", tmp_path / "advice")
    shutil.copy(SOURCE / "interventions.yaml", tmp_path)
    return tmp_path


def add(folder: Path, text: str, section: str = "care") -> int:
    """Add an entry to a section's file; the line where it starts."""
    path = folder / "advice" / f"{section}.yaml"
    before = path.read_text("utf-8").rstrip("\n") + "\n"
    path.write_text(before + text, "utf-8")
    return before.count("\n") + 1


def entry(**changed: str) -> str:
    """A whole and right entry as YAML, with some lines changed; an empty text leaves the line out."""
    both = "{PO: Iets doen, VO: Iets doen}"
    lines = {
        "topics": "[care-structure]",
        "sectors": "[PO, VO]",
        "order": "2",
        **dict.fromkeys(("title", "text", "first_step", "sign", "period", "pitfall"), both),
        "owner": "coordinator",
        **changed,
    }
    return "- advice: extra-entry\n" + "".join(f"  {key}: {value}\n" for key, value in lines.items() if value)


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load(folder)
    return [str(fault) for fault in caught.value.faults]


def test_real_library_serves_every_topic_in_both_sectors() -> None:
    for topic in vocabulary().topics.values():
        first = [
            advice for advice in library().advice_by_topic.get(topic.id, ()) if advice.order == 1 and advice.general
        ]
        served = {sector for advice in first for sector in advice.sectors}
        assert topic.twin_of is not None or served == {"PO", "VO"}, topic.id


def test_real_library_is_read_once() -> None:
    assert library() is library()


def test_as_json_is_what_show_library_promises() -> None:
    shown = library().as_json()
    assert len(shown) == len(library().advice)
    assert {"advice", "topics", "sectors", "settings", "text"} <= set(shown[0])
    assert set(shown[0]["text"]) == set(shown[0]["sectors"])


def test_fingerprint_follows_the_content(folder: Path) -> None:
    same, add_one = load(folder), add
    assert same.fingerprint == load(folder).fingerprint
    add_one(folder, entry())
    assert load(folder).fingerprint != same.fingerprint


def test_a_right_entry_is_taken(folder: Path) -> None:
    add(folder, entry())
    assert load(folder).advice["extra-entry"].order == 2


WRONG: list[tuple[dict[str, str], str]] = [
    ({"topics": "[care-structure, no-such-topic]"}, "no-such-topic"),
    ({"topics": "[pol-vision]"}, "pol-vision"),
    ({"partners": "[no-such-partner]"}, "no-such-partner"),
    ({"owner": "no-such-role"}, "no-such-role"),
    ({"support": "[no-such-component]"}, "no-such-component"),
    ({"interventions": "[no-such-programme]"}, "no-such-programme"),
    ({"settings": "[no-such-setting]"}, "no-such-setting"),
    ({"settings": "[isk]", "sectors": "[PO]", "order": "2"}, "isk"),
    ({"settings": "[isk]"}, "PO"),
    ({"sectors": "[PO, HO]"}, "HO"),
    ({"when": "{low_dutch: maybe}"}, "low_dutch"),
    ({"when": "{no_such_fact: true}"}, "no_such_fact"),
    ({"load": "3"}, "load"),
    ({"title": "{PO: Iets doen}"}, "VO"),
    ({"title": "{PO: Iets doen., VO: Iets doen}"}, "punt"),
    ({"title": "{PO: " + "x" * 91 + ", VO: Iets doen}"}, "90"),
    ({"text": "{PO: '  ', VO: Iets doen}"}, "PO"),
    ({"order": "1"}, "keep"),
    ({"sign": ""}, "sign"),
    ({"colour": "red"}, "colour"),
]


@pytest.mark.parametrize(("changed", "named"), WRONG, ids=[named for _, named in WRONG])
def test_a_fault_names_file_line_and_what_is_wrong(folder: Path, changed: dict[str, str], named: str) -> None:
    start = add(folder, entry(**changed))
    (fault,) = [fault for fault in faults_of(folder) if named in fault][:1]
    file, line, _ = fault.split(":", 2)
    assert file == "advice/care.yaml"
    assert start <= int(line) <= start + 20


def test_an_id_used_twice_names_both_places(folder: Path) -> None:
    add(folder, entry())
    add(folder, entry(topics="[pol-vision]"), "policy")
    (fault,) = faults_of(folder)
    assert fault.startswith("advice/policy.yaml:")
    assert "advice/care.yaml:" in fault


def test_a_topic_without_a_first_advice_is_a_fault(folder: Path) -> None:
    (folder / "advice" / "training.yaml").unlink()
    faults = faults_of(folder)
    missing = [topic.id for topic in vocabulary().topics_of("training")]
    assert all(
        any(topic in fault and sector in fault for fault in faults) for topic in missing for sector in ("PO", "VO")
    )


def test_all_faults_of_all_files_come_at_once(folder: Path) -> None:
    add(folder, entry(owner="no-such-role"))
    add(folder, entry(topics="[pol-vision]", partners="[no-such-partner]"), "policy")
    add(folder, entry(topics="[pol-vision]", interventions="[no-such-programme]"), "policy")
    faults = faults_of(folder)
    for named in ("no-such-role", "no-such-partner", "no-such-programme"):
        assert any(named in fault for fault in faults), named


def _unknown_topic(text: str) -> str:
    return text.replace("topics: [edu-relationships]", "topics: [no-such-topic]")


def _wrong_ages(text: str) -> str:
    return text.replace("ages: [15, 19]", "ages: [19, 15]")


def _wrong_setting(text: str) -> str:
    return text.replace("not_in: [asylum-centre]", "not_in: [no-such-setting]")


@pytest.mark.parametrize("change", [_unknown_topic, _wrong_ages, _wrong_setting])
def test_a_fault_in_the_interventions_is_found(folder: Path, change: Callable[[str], str]) -> None:
    path = folder / "interventions.yaml"
    before = path.read_text("utf-8")
    path.write_text(change(before), "utf-8")
    assert path.read_text("utf-8") != before
    assert all(":" in fault and "interventions.yaml" in fault for fault in faults_of(folder))


def test_a_missing_or_broken_file_is_a_fault(folder: Path) -> None:
    (folder / "advice" / "care.yaml").write_text("- advice: [", "utf-8")
    assert faults_of(folder)[0].startswith("advice/care.yaml:")
    (folder / "interventions.yaml").unlink()
    assert any("interventions.yaml" in fault for fault in faults_of(folder))

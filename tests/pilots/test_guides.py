"""Pages that explain, and abbreviations explained where they stand."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from pilots import explanations as module
from pilots.abbreviations import abbreviations, used_on
from pilots.explanations import explanations
from tests.builders import client_of, full_team, make_trajectory, make_user
from welbevinden import datafile

# Words of one sector (P16), which an example of the other does not use.
OTHER = {
    "PO": r"zorgcoördinator|docent(en)?|mentor(en)?|klas|klassen|klaslokaal|klasgenoot|brugklas",
    "VO": r"intern begeleider|IB'er|leerkracht(en)?|groep|groepen|groepje|juf|meester|kinderen",
}


@pytest.mark.django_db
def test_everybody_with_an_account_reads_every_page() -> None:
    client = client_of(make_user())
    overview = client.get(reverse("explanations")).content.decode()
    for slug, page in explanations().items():
        address = reverse("explanation", kwargs={"slug": slug})
        assert address in overview
        content = client.get(address).content.decode()
        assert page.title in content
        assert "**" not in content
    for short in abbreviations():
        assert f"<dt>{short}</dt>" in overview
    assert client.get(reverse("explanation", kwargs={"slug": "bestaat-niet"})).status_code == 404


def test_a_good_vision_and_a_good_care_structure_have_an_example_for_both_sectors() -> None:
    for slug in ("visie", "zorgstructuur"):
        blocks = [block for part in explanations()[slug].parts for block in part.blocks]
        examples = {block.sector: block for block in blocks if block.kind == "example"}
        assert set(examples) == {"PO", "VO"}
        for sector, block in examples.items():
            text = " ".join(point.text for point in block.points)
            assert len(text) > 500
            assert "verzonnen" in block.title
            assert not re.search(rf"\b({OTHER[sector]})\b", text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("order: 1", "order: een"), "moet van de soort integer zijn"),
        (("see: [", "see: [bestaat-niet, "), "'bestaat-niet' is geen bladzijde met uitleg"),
        (("  - heading: ", "  - kop: "), "onbekende sleutel: kop"),
    ],
)
def test_a_fault_in_a_page_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], told: str
) -> None:
    for path in module.FOLDER.glob("*.yaml"):
        text = path.read_text("utf-8")
        (tmp_path / path.name).write_text(text.replace(*change, 1) if path.stem == "welbevinden" else text, "utf-8")
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    with pytest.raises(datafile.ContentError) as found:
        explanations.__wrapped__()
    assert any(told in fault.message and "welbevinden.yaml" in fault.file for fault in found.value.faults)


# --- Abbreviations


def test_only_running_text_counts() -> None:
    page = (
        '<p data-x="ISK">De GSA&#x27;s komen.</p><textarea>COA</textarea><svg><title>JOGG</title></svg><b>LOWANER</b>'
    )
    assert set(used_on(page)) == {"GSA"}
    assert used_on("<p>Niets</p>") == {}


@pytest.mark.django_db
def test_a_page_tells_what_its_abbreviations_mean() -> None:
    trajectory = make_trajectory(sector="VO", question="Wat doet het ZAT bij ons?")
    client = client_of(full_team(trajectory)["director"])
    content = client.get(reverse("trajectory", kwargs={"trajectory_id": trajectory.pk})).content.decode()
    below = content[content.index("data-abbreviations") :]
    assert f"<dt>ZAT</dt><dd>{abbreviations()['ZAT']}</dd>" in below
    assert "<dt>LOWAN</dt>" not in below

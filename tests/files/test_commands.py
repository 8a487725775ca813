"""The commands as they are called: exit codes, what goes to which stream, one line per fault."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from checklist.models import SectionScore
from focusgroups.models import NamedTheme
from pilots.models import JournalEntry, Trajectory, User
from pilots.trajectory_files import checked, import_trajectory
from plans import pdf
from plans.models import Plan
from tests.files.builders import content, exported, full, small
from welbevinden import services
from welbevinden.management.commands.up import DEMO_ACCOUNTS, DEMO_PASSWORD

Captured = pytest.CaptureFixture[str]


def manage(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """`manage.py` as a person calls it, on the database of this test."""
    data = Path(os.environ["WELBEVINDEN_TEST_SERVERS"])
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, words)],
        cwd=services.BASE_DIR,
        env={**os.environ, "DATABASE_URL": services.postgres_url(data, str(connection.settings_dict["NAME"]))},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_real_commands(tmp_path: Path) -> None:
    good, bad, other = tmp_path / "goed.json", tmp_path / "fout.json", tmp_path / "ander.json"
    good.write_bytes(content(full()))
    broken = full("fout-1")
    broken["school"]["sector"] = "MBO"
    broken["journal"][0]["to"] = "2020-01-01"
    bad.write_bytes(content(broken))
    other.write_bytes(content(small("ander-1")))

    loaded = manage("import_trajectory", good, bad, other, tmp_path / "er-niet.json")
    numbers = dict(Trajectory.objects.values_list("reference", "pk"))
    assert loaded.returncode == 1
    assert set(numbers) == {"vol-1", "ander-1"}
    assert loaded.stdout.splitlines() == [f"vol-1 → {numbers['vol-1']}", f"ander-1 → {numbers['ander-1']}"]
    lines = loaded.stderr.splitlines()
    assert [line for line in lines if line.startswith(f"{bad}: $.school.sector: ") and "PO, VO" in line]
    assert [line for line in lines if line.startswith(f"{bad}: $.journal[0].to: ")]
    assert [line for line in lines if line.startswith(f"{tmp_path / 'er-niet.json'}: $: ")]
    assert not [line for line in lines if str(good) in line or str(other) in line]

    again = manage("import_trajectory", good)
    assert (again.returncode, again.stdout, again.stderr) == (0, f"vol-1 → {numbers['vol-1']}\n", "")

    printed = manage("export_trajectory", "vol-1")
    assert (printed.returncode, printed.stderr) == (0, "")
    assert json.loads(printed.stdout)["reference"] == "vol-1"
    target = tmp_path / "uit.json"
    written = manage("export_trajectory", str(numbers["vol-1"]), "--output", target)
    assert (written.returncode, written.stdout) == (0, "")
    assert target.read_text("utf-8") == printed.stdout


@pytest.mark.django_db
def test_replace(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content(small()))
    call_command("import_trajectory", path)
    path.write_bytes(content({**small(), "cohort": "2025-2026"}))
    with pytest.raises(SystemExit) as end:
        call_command("import_trajectory", path)
    assert end.value.code == 1
    assert f"{path}: $.reference: " in capsys.readouterr().err
    call_command("import_trajectory", path, replace=True)
    trajectory = Trajectory.objects.get()
    assert capsys.readouterr().out == f"klein-1 → {trajectory.pk}\n"
    assert trajectory.cohort == "2025-2026"


@pytest.mark.django_db
def test_a_fault_is_one_line(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content({**small(), "een\nsleutel\u2028met regels": "x\ny", "recruited_through": "a\nb"}))
    with pytest.raises(SystemExit):
        call_command("import_trajectory", path)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"{path}: $.") for line in lines)


@pytest.mark.django_db
def test_export_of_nothing() -> None:
    for wanted in ("7", "er-niet", "9" * 40):
        with pytest.raises(CommandError, match="geen traject"):
            call_command("export_trajectory", wanted)


@pytest.mark.django_db
class TestDemo:
    @override_settings(DEMO=False)
    def test_never_in_production(self) -> None:
        with pytest.raises(CommandError, match="geen demo"):
            call_command("load_demo")
        assert not User.objects.exists()

    @override_settings(DEMO=True)
    def test_accounts_and_trajectories(self) -> None:
        call_command("load_demo")
        assert set(DEMO_ACCOUNTS) <= set(User.objects.values_list("email", flat=True))
        for email in DEMO_ACCOUNTS:
            user = User.objects.get(email=email)
            assert user.check_password(DEMO_PASSWORD)
            assert user.is_admin == (email == "beheer@demo.test")
        running, evaluated = (
            {
                email: set(
                    Trajectory.objects.filter(team__user__email=email, cohort=cohort).values_list(
                        "reference", flat=True
                    )
                )
                for email in DEMO_ACCOUNTS
            }
            for cohort in ("2026-2027", "2019-2020")
        )
        three = {"demo-zwaluw", "demo-kompas", "demo-vlinderhof"}
        assert running["onderzoeker@demo.test"] == running["gsa@demo.test"] == three
        assert running["directeur@demo.test"] == running["ib@demo.test"] == {"demo-vlinderhof"}
        assert len(evaluated["onderzoeker@demo.test"]) == 9
        assert len(evaluated["gsa@demo.test"]) == 4
        assert len(evaluated["directeur@demo.test"]) == 1
        assert evaluated["directeur@demo.test"] == evaluated["ib@demo.test"] != evaluated["directeur2@demo.test"]
        assert len(evaluated["directeur2@demo.test"]) == 1
        assert all(trajectory.is_demo for trajectory in Trajectory.objects.all())

    @override_settings(DEMO=True)
    def test_steps_are_where_the_demo_says(self) -> None:
        call_command("load_demo")

        def states(reference: str) -> dict[str, Any]:
            steps = exported(Trajectory.objects.get(reference=reference))["steps"]
            return {number: step["state"] for number, step in steps.items()}

        assert states("demo-zwaluw")["1"] == "done"
        assert states("demo-zwaluw")["2"] in {"now", "overdue"}
        assert states("demo-kompas")["3"] in {"now", "overdue"}
        assert states("demo-kompas")["4"] in {"now", "overdue"}
        vlinderhof = states("demo-vlinderhof")
        assert [vlinderhof[number] for number in "1234"] == ["done"] * 4
        assert vlinderhof["5"] in {"now", "overdue"}

    @override_settings(DEMO=True)
    def test_second_start_keeps_what_people_did(self) -> None:
        call_command("load_demo")
        trajectory = Trajectory.objects.get(reference="demo-kompas")
        JournalEntry.objects.create(trajectory=trajectory, kind="note", start="2026-11-30", text="Van een mens")
        Trajectory.objects.get(reference="demo-zwaluw").delete()
        user = User.objects.get(email="gsa@demo.test")
        user.set_password("eigen-wachtwoord-99")
        user.save()
        call_command("load_demo")
        assert JournalEntry.objects.filter(text="Van een mens").exists()
        assert not Trajectory.objects.filter(reference="demo-zwaluw").exists()
        user.refresh_from_db()
        assert user.check_password("eigen-wachtwoord-99")


@pytest.mark.django_db
class TestSeed:
    def test_same_seed_same_data(self) -> None:
        call_command("seed_schools", count=8, seed=3)
        first = {each.reference: exported(each) for each in Trajectory.objects.all()}
        assert set(first) == {f"seed-3-{number}" for number in range(1, 9)}
        Trajectory.objects.all().delete()
        call_command("seed_schools", count=8, seed=3)
        assert {each.reference: exported(each) for each in Trajectory.objects.all()} == first

    def test_again_and_further(self) -> None:
        call_command("seed_schools", count=2, seed=1)
        call_command("seed_schools", count=3, seed=1)
        call_command("seed_schools", count=1, seed=2)
        assert Trajectory.objects.count() == 4

    def test_what_is_made_can_be_imported(self) -> None:
        call_command("seed_schools", count=12, seed=5)
        files = [exported(each) for each in Trajectory.objects.order_by("pk")]
        for data in files:
            checked(content(data))
        for key in ("focus_groups", "checklists", "plans", "evaluations", "support_sessions", "partners", "care_roles"):
            assert any(data.get(key) for data in files), key
        assert {plan["status"] for data in files for plan in data.get("plans", ())} >= {"released"}
        made = pdf.printed(Plan.objects.released().select_related("trajectory__school")[0])
        assert made["school"]["name"]
        # What is written in bulk is what an import writes: the rows, and what is counted over schools.
        counted = snapshots()
        assert counted
        Trajectory.objects.all().delete()
        for data in files:
            import_trajectory(content=content(data), by=None)
        assert snapshots() == counted
        assert [exported(each) for each in Trajectory.objects.order_by("pk")] == files


def snapshots() -> set[tuple[object, ...]]:
    scores = SectionScore.objects.values_list("trajectory__reference", "section", "total", "count")
    return {*scores, *NamedTheme.objects.values_list("trajectory__reference", "kind", "theme", "first")}

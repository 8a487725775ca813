"""Loads the demo: fictional schools and six accounts that everybody knows the password of. Never in production."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from pilots.actions import account_for
from pilots.audit import record
from pilots.models import AuditEvent
from pilots.trajectory_files import checked, store
from welbevinden.management.commands.up import DEMO_PASSWORD

FILES = Path(__file__).resolve().parents[2] / "content" / "demo"
ACCOUNTS = {
    "beheer@demo.test": "Bo Beheer",
    "onderzoeker@demo.test": "Onno Onderzoeker",
    "gsa@demo.test": "Gea van der Gezonde",
    "directeur@demo.test": "Dirk Directeur",
    "ib@demo.test": "Ineke Begeleider",
    "directeur2@demo.test": "Dora Directeur",
}
ADMIN = "beheer@demo.test"
LOADED = "demo-loaded"


class Command(BaseCommand):
    help = "Laadt de demo: verzonnen scholen en zes accounts. Wat er al is, blijft zoals mensen het lieten."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Dit is geen demo: de demo met bekende wachtwoorden mag hier niet worden geladen.")
        for email, name in ACCOUNTS.items():
            _account(email, name)
        for path in sorted(FILES.glob("*.json")):
            if line := _file(path):
                self.stdout.write(line)


@transaction.atomic
def _account(email: str, name: str) -> None:
    user = account_for(email=email, name=name, by=None)
    if not user.is_waiting:
        return  # somebody uses it, with the password of the demo or their own
    user.is_admin = email == ADMIN
    user.set_password(DEMO_PASSWORD)
    user.save()


@transaction.atomic
def _file(path: Path) -> str:
    """Load one file, once in the life of a database: what people changed or took away stays so."""
    if AuditEvent.objects.filter(verb=LOADED, detail__file=path.name).exists():
        return ""
    trajectory = store(data=checked(path.read_bytes()), by=None).trajectory
    record(LOADED, trajectory, by=None, trajectory_id=trajectory.pk, file=path.name)
    return f"{trajectory.reference} → {trajectory.pk}"

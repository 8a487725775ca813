"""Throws away what is older than docs/retention.md says; beat does the same once a week."""

from typing import Any

from django.core.management import BaseCommand
from django.core.management.base import CommandParser
from django.utils import timezone

from pilots.actions import apply_rules, idle_accounts


class Command(BaseCommand):
    help = "Gooit weg wat de bewaartermijn voorbij is, en noemt accounts die een jaar niet zijn gebruikt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Zeg alleen wat er weg zou gaan.")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run = bool(options["dry_run"])
        now = timezone.now()
        for name, number in apply_rules(now, dry_run=dry_run).items():
            self.stdout.write(f"{number:>7}  {name}{' (would go)' if dry_run else ''}")
        idle = list(idle_accounts(now)[:1000])
        for user in idle:
            last = user.last_login or user.created_at
            self.stdout.write(f"account {user.pk}: not used since {last:%Y-%m-%d}; close it if nobody needs it")
        if not idle:
            self.stdout.write("no account was idle for a year")

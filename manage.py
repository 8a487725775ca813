#!/usr/bin/env python
"""Django's commands. Those that need the database get it: a running `make run` serves them, or they start their own."""

import os
import sys

from welbevinden import services

#: These say, make or check something without the database, or (`up`) start the servers themselves.
WITHOUT_SERVERS = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "makemigrations",
    "test",
    "up",
    "version",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "welbevinden.settings")
    from welbevinden.datafile import ContentError

    try:
        run(sys.argv[1:])
    except (services.ServiceError, ContentError) as error:
        services.fail(str(error))


def run(words: list[str]) -> None:
    from django.core.management import execute_from_command_line

    if not words or words[0].startswith("-") or words[0] in WITHOUT_SERVERS or {"-h", "--help"} & set(words):
        execute_from_command_line(sys.argv)
        return
    with services.running() as ours:
        if ours and words[0] != "migrate":
            import django

            from welbevinden.management.commands import up

            django.setup()
            up.prepare(sys.stderr)
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

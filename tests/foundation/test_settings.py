"""The start is stopped by a setting that cannot be meant, in one sentence that says what to do."""

from pathlib import Path

import pytest

from survey_service.foundation.doctor import are_apart
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import KNOWN, Settings, SettingsError

PRODUCTION = {
    "SURVEY_ENV": "production",
    "SURVEY_DATA_DIR": "/var/lib/common-ground",
    "SURVEY_KEY_DIR": "/var/lib/common-ground-keys",
    "SURVEY_SECRET": "s" * 48,
    "SURVEY_BASE_URL": "https://survey.example.org",
    "SURVEY_SMTP_URL": "smtp+starttls://name:word@mail.example.org:587",
    "SURVEY_MAIL_FROM": "Common Ground <no-reply@example.org>",
    "SURVEY_OPERATOR": "Example Hosting",
}


def refusal(changes: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environ({**PRODUCTION, **changes})
    return str(refused.value)


def test_a_complete_production_start_is_accepted() -> None:
    settings = Settings.from_environ(PRODUCTION)
    assert not settings.development
    assert settings.database_url == "sqlite:////var/lib/common-ground/common-ground.sqlite"


def test_nothing_given_means_production_and_is_refused() -> None:
    with pytest.raises(SettingsError, match="is not set"):
        Settings.from_environ({})


def test_a_mistyped_setting_is_named_with_the_one_that_was_meant() -> None:
    assert "Did you mean SURVEY_BASE_URL?" in refusal({"SURVEY_BASEURL": "https://x.example"})
    assert "Did you mean SURVEY_SMTP_URL?" in refusal({"SURVEY_SMPT_URL": "smtp://localhost"})


@pytest.mark.parametrize("name", ["SURVEY_FOO", "SURVEY_X", "SURVEY_PORT", "SURVEY_DEBUG"])
def test_a_setting_unlike_any_other_is_not_guessed_at(name: str) -> None:
    told = refusal({name: "1"})
    assert "Did you mean" not in told
    assert "Known are: SURVEY_ENV," in told


@pytest.mark.parametrize("url", ["memory://", "http://x:6379", "redis://", "127.0.0.1:6379"])
def test_only_a_redis_counts_for_several_processes(url: str) -> None:
    assert "SURVEY_LIMITS_URL must look like" in refusal({**PRODUCTION, "SURVEY_LIMITS_URL": url})


@pytest.mark.parametrize(
    "name", [name for name in PRODUCTION if name not in ("SURVEY_ENV", "SURVEY_DATA_DIR")]
)
def test_production_does_not_start_without(name: str) -> None:
    assert refusal({name: ""}).startswith(f"{name} is not set")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SURVEY_ENV", "staging"),
        ("SURVEY_SECRET", "short"),
        ("SURVEY_BASE_URL", "http://survey.example.org"),
        ("SURVEY_BASE_URL", "https://survey.example.org/path"),
        ("SURVEY_BASE_URL", "survey.example.org"),
        ("SURVEY_SMTP_URL", "mail.example.org"),
        ("SURVEY_SMTP_URL", "http://mail.example.org"),
        ("SURVEY_DATABASE_URL", "mysql://a@b/c"),
        ("SURVEY_MAIL_FROM", "no address"),
        ("SURVEY_MAIL_FROM", "a@b.example\r\nBcc: c@d.example"),
        ("SURVEY_TRUSTED_PROXIES", "many"),
        ("SURVEY_KEY_DIR", "/var/lib/common-ground/keys"),
    ],
)
def test_a_value_that_cannot_be_meant_is_named(name: str, value: str) -> None:
    assert name in refusal({name: value})


def test_the_names_only_tests_use_are_known() -> None:
    Settings.from_environ(
        {**PRODUCTION, "SURVEY_GOLDEN": "a.json", "SURVEY_TEST_DATABASE_URL": "postgresql://x/y"}
    )


def test_plain_postgresql_addresses_use_the_current_driver() -> None:
    settings = Settings.from_environ({**PRODUCTION, "SURVEY_DATABASE_URL": "postgres://a:b@c/d"})
    assert settings.database_url == "postgresql+psycopg://a:b@c/d"


def test_in_development_the_operator_has_a_name_that_can_begin_a_sentence() -> None:
    assert Settings.from_environ({"SURVEY_ENV": "development"}).operator == "Common Ground (development)"


def test_a_development_place_is_furnished_once(tmp_path: Path) -> None:
    environ = {"SURVEY_ENV": "development", "SURVEY_DATA_DIR": str(tmp_path / "place")}
    first = furnish(Settings.from_environ(environ))
    assert len(first.secret) >= 32
    assert (first.key_dir / "link.key").stat().st_mode & 0o777 == 0o600
    assert furnish(Settings.from_environ(environ)) == first


def test_every_setting_is_explained_to_operators() -> None:
    explained = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    assert [name for name in KNOWN if f"`{name}`" not in explained] == []


def test_keys_under_the_data_are_refused_also_by_way_of_a_symbolic_link(tmp_path: Path) -> None:
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    (data / "inner").mkdir(parents=True)
    elsewhere.mkdir()
    (tmp_path / "keys").symlink_to(data / "inner")
    (tmp_path / "data-too").symlink_to(data)
    (data / "out").symlink_to(elsewhere)
    for keys, place in (
        (data / "keys", data),
        (data, data),
        (tmp_path / "keys", data),
        (tmp_path / "keys" / "deeper", data),
        (data / "keys", tmp_path / "data-too"),
        (tmp_path / "elsewhere" / ".." / "data" / "k", data),
    ):
        said = refusal({"SURVEY_KEY_DIR": str(keys), "SURVEY_DATA_DIR": str(place)})
        assert "Put it elsewhere" in said, keys
    apart = {**PRODUCTION, "SURVEY_KEY_DIR": str(data / "out"), "SURVEY_DATA_DIR": str(data)}
    assert Settings.from_environ(apart).key_dir == data / "out"


def test_the_doctor_sees_keys_and_data_on_one_volume(tmp_path: Path) -> None:
    assert not are_apart(tmp_path, tmp_path / "..")
    assert are_apart(Path("/proc"), tmp_path)

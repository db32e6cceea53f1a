"""Keys: small files only their owner reads, written once; links that nothing in the database opens."""

import stat
from pathlib import Path

import pytest

from survey_service.foundation.key_directory import KeyDirectory, KeyMissing, Links

IDENTITY = bytes(range(8))


@pytest.fixture
def keys(tmp_path: Path) -> KeyDirectory:
    made = KeyDirectory(tmp_path / "keys")
    made.prepare()
    return made


def test_only_the_owner_reads_keys(keys: KeyDirectory) -> None:
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o700
    keys.write("wave.key", b"secret")
    for path in keys.path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_once_written_stays(keys: KeyDirectory) -> None:
    """A second process that comes first, or comes again, changes nothing."""
    keys.write("wave.key", b"first")
    keys.write("wave.key", b"second")
    assert keys.read("wave.key") == b"first"
    link = keys.read("link.key")
    keys.prepare()
    assert keys.read("link.key") == link


def test_a_key_that_is_gone_is_refused_in_words_without_its_name(keys: KeyDirectory) -> None:
    with pytest.raises(KeyMissing, match="Whoever runs this server has to look") as refusal:
        keys.read("wave-abc.key")
    assert "abc" not in str(refusal.value)
    assert not keys.holds("wave-abc.key")


def test_a_directory_that_is_gone_takes_no_key(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing):
        KeyDirectory(tmp_path / "nowhere").write("wave.key", b"secret")


def test_a_destroyed_key_is_overwritten_before_it_goes(keys: KeyDirectory) -> None:
    keys.write("wave.key", b"secret" * 6)
    with (keys.path / "wave.key").open("rb") as held:  # whoever still holds the file sees what is in it now
        keys.destroy("wave.key")
        left = held.read()
    assert not keys.holds("wave.key")
    assert len(left) == 36
    assert b"secret" not in left
    keys.destroy("wave.key")  # once more is no fault


def test_a_link_is_short_and_opens_for_its_purpose_and_version_alone(keys: KeyDirectory) -> None:
    links = Links(keys)
    token = links.token("invitation", IDENTITY, 1)
    assert len(token) == 24
    assert links.identity(token) == IDENTITY
    assert links.is_genuine(token, "invitation", 1)
    assert not links.is_genuine(token, "sponsor", 1)
    assert not links.is_genuine(token, "invitation", 2)


def test_no_changed_letter_of_a_link_is_believed(keys: KeyDirectory) -> None:
    links = Links(keys)
    token = links.token("invitation", IDENTITY, 1)
    for place in range(len(token)):
        for letter in "AZaz09-_":
            if letter != token[place]:
                changed = token[:place] + letter + token[place + 1 :]
                assert not links.is_genuine(changed, "invitation", 1), changed


@pytest.mark.parametrize("text", ["", "x", "ä" * 24, "=" * 24, "A" * 23, "A" * 28, "\0"])
def test_what_is_no_token_has_no_identity(keys: KeyDirectory, text: str) -> None:
    assert Links(keys).identity(text) is None
    assert not Links(keys).is_genuine(text, "invitation", 1)


def test_another_installations_links_open_nothing_here(keys: KeyDirectory, tmp_path: Path) -> None:
    elsewhere = KeyDirectory(tmp_path / "elsewhere")
    elsewhere.prepare()
    token = Links(elsewhere).token("invitation", IDENTITY, 1)
    assert not Links(keys).is_genuine(token, "invitation", 1)


def test_a_file_read_again_is_the_file_as_it_is_now(keys: KeyDirectory) -> None:
    keys.put("a.mark", b"first")
    assert keys.read_again("a.mark") == keys.read_again("a.mark") == b"first"
    keys.put("a.mark", b"other")
    assert keys.read_again("a.mark") == b"other"
    keys.destroy("a.mark")
    with pytest.raises(KeyMissing):
        keys.read_again("a.mark")

"""What may be a password, and how it is kept."""

import time

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from survey_service.workspaces import passwords
from survey_service.workspaces.passwords import PasswordTooEasy, PasswordTooLong, PasswordTooShort


@pytest.mark.parametrize(
    "password", ["seven quiet herons", "zzzyyyxxxw", "ÄÖÜäöü ßß9", "日本語の長い合言葉です"]
)
def test_length_is_all_that_is_asked(password: str) -> None:
    passwords.weigh(password, known=("ines@hanse.example",))


def test_nine_characters_are_too_few_and_the_refusal_says_how_many_are_needed() -> None:
    with pytest.raises(PasswordTooShort, match=r"at least 10 characters"):
        passwords.weigh("a" * 4 + "bcdef", known=())


def test_a_book_is_too_long_to_hash() -> None:
    with pytest.raises(PasswordTooLong):
        passwords.weigh("seven quiet herons " * 40, known=())


@pytest.mark.parametrize(
    "password",
    [
        *(
            "1234567890",
            "QWERTZ12345",
            "pass word 123",
            "0000000000000",
            "Hanse Systems",
            "INES@hanse.example",
        ),
        *("P@ssw0rd2024", "iloveyou2024", "Summer2025!", "liverpool99", "1qaz2wsx3edc", "maria28051984"),
        *("abcabcabcabc", "hansesystems1", "Hanse2026!"),
    ],
)
def test_what_anyone_would_try_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooEasy):
        passwords.weigh(password, known=("ines@hanse.example", "Hanse Systems"))


def test_of_the_commonest_that_are_long_enough_none_passes() -> None:
    """Three thousand, whatever the estimate says of them (ASVS 5.0, 6.2.4), and those that zxcvbn knows."""
    assert len(passwords.EASY) >= 3000
    assert [word for word in sorted(passwords.EASY) if not is_refused(word)] == []
    known = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= passwords.SHORTEST]
    assert len(known) > 1000
    assert [word for word in known[::10] if not is_refused(word)] == []


def is_refused(word: str) -> bool:
    try:
        passwords.weigh(word, known=())
    except PasswordTooEasy:
        return True
    return False


def test_weighing_a_long_one_takes_no_time_to_speak_of() -> None:
    before = time.process_time()
    passwords.weigh("seven quiet herons " + "kq7 vd2 xw9 " * 35, known=("x" * 200,))
    assert time.process_time() - before < 2


def test_every_listed_password_is_long_enough_to_need_listing() -> None:
    assert all(len(word) >= passwords.SHORTEST for word in passwords.EASY)
    assert all(word == passwords._plain(word) for word in passwords.EASY)


@pytest.mark.usefixtures("real_hashes")
def test_it_is_kept_as_argon2id_and_fits_however_the_keyboard_composed_it() -> None:
    kept = passwords.hashed("gr\u00fcne W\u00e4lder")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.fits("gru\u0308ne Wa\u0308lder", kept)
    assert not passwords.fits("grune Walder", kept)


def test_a_broken_hash_lets_nobody_in() -> None:
    assert not passwords.fits("anything at all", "not a hash")


def test_the_mark_changes_with_the_password() -> None:
    first, second = passwords.hashed("seven quiet herons"), passwords.hashed("seven quiet herons")
    assert passwords.fingerprint(first) != passwords.fingerprint(second)
    assert passwords.fingerprint(first) == passwords.fingerprint(first)

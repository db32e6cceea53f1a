"""Passwords: long rather than clever, kept as Argon2id."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY
from zxcvbn import zxcvbn

from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l

SHORTEST = 10
#: Fewer guesses than this do not even withstand tries over the network, for years (zxcvbn's score 2).
GUESSES = 10**8
LOOKED_AT = 72  # characters zxcvbn reads; its time grows with their square
LONGEST = 500  # hashing reads every byte; nobody types more

#: Of what people choose most, the 3,000 that are long enough to pass (of ten million published passwords;
#: Burnett, 2015), and some of other languages; compared without spaces and capitals (ASVS 5.0, 6.2.4).
EASY = frozenset((Path(__file__).parent / "easy_passwords.txt").read_text("utf-8").split())

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
#: Nobody's password; checked where there is no account, so that both take as long.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$F2iqYFWCS3UmPwxsTLGqUg$oYw2AeGKjVzzwIeLBgku0fDRKwASMI3wCWTFHsrMvn0"


class WeakPassword(Refusal):
    """Not to be used as a password."""


class PasswordTooShort(WeakPassword):
    """Fewer characters than SHORTEST."""

    sentence = _l("This password is too short. Use at least %(fewest)s characters; a few words do well.")


class PasswordTooLong(WeakPassword):
    """More characters than LONGEST."""

    sentence = _l("This password is too long. Use at most %(most)s characters.")


class PasswordTooEasy(WeakPassword):
    """Among the first an attacker tries."""

    sentence = _l(
        "This password is among the first anyone would try. Choose one that is only yours, "
        "for example four words that have nothing to do with each other."
    )


def weigh(password: str, *, known: Iterable[str]) -> None:
    """Refuse what is short, or soon guessed, also from the ``known`` words (address, workspace, name).

    How soon is estimated by zxcvbn (Wheeler, 2016) from common passwords, words, names, dates, keys in a row.
    Raises PasswordTooShort, PasswordTooLong or PasswordTooEasy. There are no rules on digits or signs.
    """
    if len(password) < SHORTEST:
        raise PasswordTooShort(fewest=SHORTEST)
    if len(password) > LONGEST:
        raise PasswordTooLong(most=LONGEST)
    plain = _plain(password)
    words = tuple(known)
    if plain in EASY or len(set(plain)) < 3 or plain in {_plain(word) for word in words}:
        raise PasswordTooEasy
    if zxcvbn(password[:LOOKED_AT], user_inputs=list(_parts(words)))["guesses"] < GUESSES:
        raise PasswordTooEasy


def _parts(words: Iterable[str]) -> Iterator[str]:
    """Each word whole, without spaces, and in its parts, as people build passwords from them."""
    for word in words:
        yield from {word.casefold(), _plain(word), *re.split(r"\W+", word.casefold())} - {""}


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def hashed(password: str) -> str:
    """Argon2id with the low-memory parameters of RFC 9106; about 0.14 s."""
    return _hasher.hash(_spelled(password))


def fits(password: str, password_hash: str | None) -> bool:
    """Whether the password is the one hashed; as slow without a hash as with one."""
    try:
        _hasher.verify(password_hash or _NOBODY, _spelled(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the parameters have changed since this was hashed."""
    return _hasher.check_needs_rehash(password_hash)


def _spelled(password: str) -> str:
    """One spelling for what different keyboards send for the same letters."""
    return unicodedata.normalize("NFC", password)


def fingerprint(password_hash: str) -> str:
    """A mark that changes with the password, for links that may be used once; 16 hex digits."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]

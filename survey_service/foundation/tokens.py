"""Random names for things that are seen in addresses, and short-lived account links."""

import hashlib
import hmac
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import UTC, datetime, timedelta

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
FACTS = struct.Struct(">II")
SEAL_BYTES = 13


def fresh_key(length: int = 12) -> str:
    """A random public key (60 bits at length 12) without look-alike characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def fresh_identity() -> str:
    """Eight random bytes in hex: the id of a personal link."""
    return secrets.token_hex(8)


def sealed(secret: str, purpose: str, number: int, *, at: datetime) -> str:
    """28 characters that name a record's number for one purpose, from ``at`` on; ``purpose`` holds whatever
    must still be so when the token is used."""
    facts = FACTS.pack(number, int(at.timestamp()))
    return urlsafe_b64encode(facts + _seal(secret, purpose, facts)).decode()


def number_in(token: str) -> int | None:
    """The number a token speaks of, not yet believed; None where it is no token at all."""
    facts = _facts(token)
    return int(facts[0]) if facts else None


def is_genuine(secret: str, purpose: str, token: str, *, at: datetime, lasts: timedelta) -> bool:
    """Whether it was sealed here for that purpose, and not longer ago than it lasts."""
    facts = _facts(token)
    if facts is None:
        return False
    number, seconds = facts
    sealed_at = datetime.fromtimestamp(seconds, UTC)
    return hmac.compare_digest(token.encode(), sealed(secret, purpose, number, at=sealed_at).encode()) and (
        at - sealed_at <= lasts
    )


def _facts(token: str) -> tuple[int, int] | None:
    try:
        raw = urlsafe_b64decode(token.encode("ascii"))
    except (NotBase64, ValueError):
        return None
    if len(raw) != FACTS.size + SEAL_BYTES:
        return None
    number, seconds = FACTS.unpack(raw[: FACTS.size])
    return int(number), int(seconds)


def _seal(secret: str, purpose: str, facts: bytes) -> bytes:
    return hmac.new(secret.encode(), purpose.encode() + b"|" + facts, hashlib.sha256).digest()[:SEAL_BYTES]

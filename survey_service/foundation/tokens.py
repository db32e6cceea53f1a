"""Random names for things that are seen in addresses, and short-lived account links."""

import secrets

from itsdangerous import BadSignature, URLSafeTimedSerializer

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def fresh_key(length: int = 12) -> str:
    """A random public key (60 bits at length 12) without look-alike characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def fresh_identity() -> str:
    """Eight random bytes in hex: the id of a personal link."""
    return secrets.token_hex(8)


def signed(secret: str, purpose: str, facts: object) -> str:
    """A signed, dated token that says ``facts`` for one purpose."""
    return URLSafeTimedSerializer(secret, salt=purpose).dumps(facts)


def unsigned(secret: str, purpose: str, token: str, *, max_age: int) -> object | None:
    """The facts of a genuine token younger than ``max_age`` seconds; else None."""
    try:
        facts: object = URLSafeTimedSerializer(secret, salt=purpose).loads(token, max_age=max_age)
        return facts
    except BadSignature:
        return None

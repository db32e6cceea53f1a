"""Receipts: 128 random bits that prove a deposit without saying whose it is. Never stored in clear."""

import hashlib
import re
import secrets
from base64 import b32encode

LENGTH = 26
FORM = re.compile(r"[A-Z2-7]{26}")


def fresh_receipt() -> str:
    """A new receipt: 26 characters of base32."""
    return b32encode(secrets.token_bytes(16)).decode().rstrip("=")


def shown(receipt: str) -> str:
    """Grouped for reading aloud and typing: XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XX."""
    return "-".join(receipt[start : start + 4] for start in range(0, LENGTH, 4))


def typed(text: str) -> str | None:
    """What a person typed, without spaces, dashes and look-alikes (0, 1, 8); None where it is no receipt."""
    plain = re.sub(r"[\s\-–—]", "", text).upper().translate(str.maketrans("018", "OIB"))
    return plain if FORM.fullmatch(plain) else None


def sheet_id(receipt: str) -> bytes:
    """Where the sheet of this receipt lies."""
    return hashlib.sha256(b"sheet" + receipt.encode()).digest()


def text_id(receipt: str) -> bytes:
    """Where the texts of this receipt lie; nobody without the receipt can join the two."""
    return hashlib.sha256(b"text" + receipt.encode()).digest()

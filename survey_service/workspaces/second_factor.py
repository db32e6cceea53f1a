"""A second factor: codes of an app (TOTP, RFC 6238), and recovery codes for whoever lost the phone.

No secret lies in the tables: it follows from a nonce there and SURVEY_SECRET, which is not.
"""

import hashlib
import hmac
import secrets
from base64 import b32encode
from datetime import datetime
from typing import Final

import pyotp
from sqlalchemy import or_, select, update

from survey_service.foundation.db import db
from survey_service.workspaces import deeds, sessions
from survey_service.workspaces.models import Account

SECONDS: Final = 30
RECOVERY_CODES: Final = 10
RECOVERY_BYTES: Final = 15  # 120 bits, so that a plain hash may keep them (ASVS 5.0, 6.5.2)


def fresh_nonce() -> str:
    """What the secret of a new second factor is made from; chance is the caller's to store."""
    return secrets.token_hex(16)


def secret(key: str, account: Account, nonce: str) -> str:
    """The app's secret, 32 characters of base32. ``key`` is SURVEY_SECRET."""
    content = f"second factor:{account.id}:{nonce}".encode()
    return b32encode(hmac.digest(key.encode(), content, "sha256")[:20]).decode()


def address(key: str, account: Account, nonce: str) -> str:
    """The otpauth address that apps read from the QR code."""
    return pyotp.TOTP(secret(key, account, nonce)).provisioning_uri(
        name=account.email, issuer_name="Common Ground"
    )


def is_right(key: str, account: Account, nonce: str, code: str, *, at: datetime) -> bool:
    """Whether it is the code of these 30 seconds, or of those before or after; nothing is used up."""
    return _step(key, account, nonce, code, at) is not None


def turn_on(account: Account, nonce: str, *, at: datetime) -> list[str]:
    """From now on signing in needs a code; the recovery codes, shown once and kept as hashes."""
    codes = [
        _spaced(b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower())
        for _ in range(RECOVERY_CODES)
    ]
    account.totp_nonce, account.totp_step = nonce, None
    account.recovery = [_hashed(code) for code in codes]
    sessions.end_all(account)
    deeds.of_account("second factor on", account, at=at)
    return codes


def turn_off(account: Account, *, at: datetime, who: str | None = None) -> None:
    """Password alone again; every session ends. ``who``: somebody else who did it, as the operator."""
    account.totp_nonce = account.totp_step = account.recovery = None
    sessions.end_all(account)
    deeds.of_account("second factor off", account, at=at, who=who)


def use(key: str, account: Account, code: str, *, at: datetime) -> bool:
    """Spend a code of the app, or a recovery code: neither counts twice, whoever else tries at the moment."""
    step = _step(key, account, account.totp_nonce or "", code, at)
    if step is None:
        return _use_recovery(account, code)
    is_newer = or_(Account.totp_step.is_(None), Account.totp_step < step)
    claim = update(Account).where(Account.id == account.id, is_newer).values(totp_step=step)
    return db.session.connection().execute(claim).rowcount == 1


def _step(key: str, account: Account, nonce: str, code: str, at: datetime) -> int | None:
    app = pyotp.TOTP(secret(key, account, nonce))
    now = int(at.timestamp()) // SECONDS
    digits = "".join(code.split()).encode()
    near = (now, now - 1, now + 1)
    return next((step for step in near if hmac.compare_digest(app.generate_otp(step).encode(), digits)), None)


def _use_recovery(account: Account, code: str) -> bool:
    held = select(Account).where(Account.id == account.id).with_for_update()
    found = db.session.scalars(held.execution_options(populate_existing=True)).one()
    mark, left = _hashed(code), found.recovery or []
    if mark not in left:
        return False
    found.recovery = [one for one in left if one != mark]
    db.session.flush()
    return True


def _spaced(text: str) -> str:
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _hashed(code: str) -> str:
    plain = "".join(sign for sign in code.casefold() if sign.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()

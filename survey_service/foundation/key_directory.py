"""The key directory: small secret files that no backup of the data holds."""

import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from functools import lru_cache
from pathlib import Path

from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l

LINK_KEY = "link.key"
ID_BYTES = 8
MAC_BYTES = 10


class KeyMissing(Refusal):
    """A key that should be there is not, or cannot be read."""

    sentence = _l("The key directory cannot be read. Whoever runs this server has to look.")


class KeyDirectory:
    """Files of mode 0600 under one directory, each written once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def prepare(self) -> None:
        """Make the directory and the link key, if they are not there."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (self.path / LINK_KEY).exists():
            self.write(LINK_KEY, secrets.token_bytes(32))

    def write(self, name: str, content: bytes) -> None:
        """Write a new file and its directory entry through to the disk; an existing one is kept."""
        try:
            handle = os.open(self.path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        except OSError as fault:
            raise KeyMissing from fault
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self._settle()

    def put(self, name: str, content: bytes) -> None:
        """Write the file anew: the old content or the new one is there, never half. Raises KeyMissing."""
        draft = self.path / f"{name}.{secrets.token_hex(4)}.part"
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path / name)
            self._settle()
        except OSError as fault:
            raise KeyMissing from fault

    def read(self, name: str) -> bytes:
        """The file's bytes. Raises KeyMissing."""
        try:
            return (self.path / name).read_bytes()
        except OSError as fault:
            raise KeyMissing from fault

    def read_again(self, name: str) -> bytes:
        """The same for what every page needs: read only where the file has changed since. Raises KeyMissing.

        Not for a wave's secret key, which no process keeps.
        """
        path = f"{self.path}/{name}"
        try:
            seen = os.stat(path)  # noqa: PTH116 - half the time of a Path's
            return _content(path, seen.st_ino, seen.st_mtime_ns, seen.st_size, seen.st_mode)
        except OSError as fault:
            raise KeyMissing from fault

    def holds(self, name: str) -> bool:
        """Whether the file is there, as far as one may look."""
        try:
            return os.path.isfile(f"{self.path}/{name}")  # noqa: PTH113 - asked for every page
        except OSError:
            return False

    def names(self) -> list[str]:
        """Every file's name, in order. Raises KeyMissing."""
        try:
            return sorted(os.listdir(self.path))  # noqa: PTH208 - names alone
        except OSError as fault:
            raise KeyMissing from fault

    def destroy(self, name: str) -> None:
        """Overwrite and remove the file; one already gone is no fault.

        On copy-on-write or flash storage overwriting promises nothing; docs/anonymity.md says so.
        """
        path = self.path / name
        if not path.exists():
            return
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        self._settle()

    def _settle(self) -> None:
        handle = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@lru_cache(maxsize=512)
def _content(path: str, *_seen: int) -> bytes:
    return Path(path).read_bytes()


class Links:
    """Personal links: an id and its seal, 24 characters; nothing in the database opens one."""

    def __init__(self, keys: KeyDirectory) -> None:
        self.keys = keys

    def token(self, purpose: str, identity: bytes, version: int) -> str:
        """The link's token for an 8-byte id; a new version makes the old token void."""
        return urlsafe_b64encode(identity + self._seal(purpose, identity, version)).decode()

    def identity(self, token: str) -> bytes | None:
        """The id a token speaks of, not yet believed; None where it is no token at all."""
        try:
            raw = urlsafe_b64decode(token.encode("ascii"))
        except (NotBase64, ValueError):
            return None
        return raw[:ID_BYTES] if len(raw) == ID_BYTES + MAC_BYTES else None

    def is_genuine(self, token: str, purpose: str, version: int) -> bool:
        """Whether the token was sealed here for that purpose and version, compared in constant time."""
        identity = self.identity(token)
        if identity is None:
            return False
        return hmac.compare_digest(token.encode(), self.token(purpose, identity, version).encode())

    def _seal(self, purpose: str, identity: bytes, version: int) -> bytes:
        spoken = b"|".join((purpose.encode(), identity, str(version).encode()))
        return hmac.digest(self.keys.read_again(LINK_KEY), spoken, "sha256")[:MAC_BYTES]

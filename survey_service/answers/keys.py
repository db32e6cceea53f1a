"""Wave keys: whoever holds the secret half can open a wave's boxes, so it lies in the key directory alone."""

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.key_directory import KeyDirectory, KeyMissing


class Unreadable(Exception):
    """A box this key does not open: damaged, or sealed for another."""


class KeyDoesNotFit(KeyMissing):
    """There is a key, and it is not the one answers were sealed for."""

    sentence = _l("The key does not fit the sealed answers. Whoever runs this server has to look.")


def make_pair(keys: KeyDirectory, name: str) -> bytes:
    """Write a new secret key under the name; the public half, 32 bytes, for everyone. Raises KeyMissing."""
    secret = PrivateKey.generate()
    keys.write(name, bytes(secret))
    if keys.read(name) != bytes(secret):
        raise KeyMissing
    return bytes(secret.public_key)


def seal(public_key: bytes, plaintext: bytes) -> bytes:
    """A sealed box (libsodium: X25519, XSalsa20-Poly1305), 48 bytes longer than the plaintext."""
    return SealedBox(PublicKey(public_key)).encrypt(plaintext)


class Opener:
    """The secret half, in memory, for as long as boxes are being opened."""

    def __init__(self, keys: KeyDirectory, name: str, *, fits: bytes | None = None) -> None:
        """``fits``: the public half it must belong to. Raises KeyMissing, KeyDoesNotFit."""
        try:
            secret = PrivateKey(keys.read(name))
        except (CryptoError, ValueError, TypeError) as fault:
            raise KeyDoesNotFit from fault
        if fits is not None and bytes(secret.public_key) != fits:
            raise KeyDoesNotFit
        self._box = SealedBox(secret)

    def open(self, ciphertext: bytes) -> bytes:
        """The plaintext. Raises Unreadable."""
        try:
            return self._box.decrypt(ciphertext)
        except (CryptoError, ValueError, TypeError) as fault:
            raise Unreadable from fault

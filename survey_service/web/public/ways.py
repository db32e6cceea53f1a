"""Where to go next: never to another site."""

from urllib.parse import urlsplit

DESK = "/desk"


def local(address: str | None) -> str:
    """The address if it is a path of this site; else the desk.

    Browsers read a backslash as a slash and drop control characters, so both could hide a foreign host.
    """
    if not address or not address.startswith("/") or address.startswith("//"):
        return DESK
    if "\\" in address or any(ord(sign) < 33 or ord(sign) == 127 for sign in address):
        return DESK
    try:
        parts = urlsplit(address)
    except ValueError:
        return DESK
    return DESK if parts.scheme or parts.netloc else address

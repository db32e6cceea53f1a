"""What is handed to a mail server."""

import re
from dataclasses import dataclass

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
#: What needs neither quotes nor a second look (RFC 5322, dot-atom).
PLAIN_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True)
class Letter:
    """A letter as it leaves: the addresses on its envelope, and headers and content with CRLF."""

    sender: str
    recipient: str
    content: bytes

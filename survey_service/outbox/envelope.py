"""What is handed to a mail server."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """A letter as it leaves: the addresses on its envelope, and headers and content with CRLF."""

    sender: str
    recipient: str
    content: bytes

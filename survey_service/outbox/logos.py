"""The workspace's logo inside a letter: part of it, so that nothing is fetched when it is read."""

from email.message import EmailMessage

#: Its name inside the letter.
NAME = "logo"
#: A letter stays under 60 KB with it; a larger one is left out.
LARGEST = 24 * 1024
BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}


def fitting(content: bytes | None) -> bytes | None:
    """The picture, if it is one that mail programs show and is small enough; else None."""
    return content if content and len(content) <= LARGEST and _kind(content) else None


def attach(letter: EmailMessage, content: bytes) -> None:
    """Put the picture beside the HTML that speaks of it."""
    html = letter.get_body(("html",))
    if isinstance(html, EmailMessage):
        html.add_related(
            content,
            "image",
            _kind(content),
            cid=f"<{NAME}>",
            disposition="inline",
            filename=f"{NAME}.{_kind(content)}",
        )


def _kind(content: bytes) -> str | None:
    return next((kind for start, kind in BEGINNINGS.items() if content.startswith(start)), None)

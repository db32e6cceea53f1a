"""Pages are compressed where that gives nothing away (docs/decisions/0004).

Only at doors whose address is the capability: whoever lacks the address cannot make a browser ask for the
page, so nobody can try guesses against its length (BREACH). Pages of a session go as they are. And because
the length of a compressed page depends on what is in it, every page is filled up to a step: somebody who
watches the network cannot tell a page full of fours from a page of ones by its length.
"""

import gzip
from typing import Final

from flask import Flask, Response, request

from survey_service.web.audiences import BY_LINK

LEVEL: Final = 6
#: Bytes; pages of the way through take one or two steps.
STEP: Final = 4096
#: RFC 1952: the fixed head, the flag for an extra field, and what that field needs beside its content.
HEAD, EXTRA, FRAME = 10, 4, 6


def is_welcome() -> bool:
    """Whether whoever asks can read gzip."""
    return request.accept_encodings.quality("gzip") > 0


def compressed(page: bytes) -> bytes:
    """The page as gzip, a multiple of STEP bytes long, filled up in the head's extra field."""
    plain = gzip.compress(page, LEVEL, mtime=0)
    missing = -(len(plain) + FRAME) % STEP
    field = b"cg" + missing.to_bytes(2, "little") + bytes(missing)
    head = plain[:3] + bytes([plain[3] | EXTRA]) + plain[4:HEAD]
    return head + len(field).to_bytes(2, "little") + field + plain[HEAD:]


def compress(response: Response) -> Response:
    """The page as gzip, where it may be and whoever asks can read it."""
    if request.blueprint not in BY_LINK or response.mimetype != "text/html":
        return response
    response.headers.add("Vary", "Accept-Encoding")
    if is_welcome():
        response.data = compressed(response.get_data())
        response.headers["Content-Encoding"] = "gzip"
    return response


def init_app(app: Flask) -> None:
    """Compress after every request."""
    app.after_request(compress)

"""Files that come with the program: styles, scripts, fonts.

Their addresses carry a mark of what is in them, so browsers may keep them for good.
"""

import gzip
import hashlib
import mimetypes
import re
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Final

from flask import Flask, Response, send_from_directory, url_for
from markupsafe import Markup

from survey_service.foundation.errors import NotFound
from survey_service.web.compression import is_welcome

STATIC: Final = Path(__file__).parent.parent / "static"
NAMES: Final = frozenset(file.relative_to(STATIC).as_posix() for file in STATIC.rglob("*") if file.is_file())
COMPRESSIBLE: Final = frozenset({".css", ".js", ".svg"})
#: What an answering page needs to look as it should. It travels inside the page: a second trip for it costs
#: half a second on a slow network, and a page whose style is lost on the way would look broken.
ASK_STYLE: Final = ("css/tokens.css", "css/ask.css")
#: Not needed there: comments, web fonts, empty lines, indents.
IDLE: Final = re.compile(r"/\*.*?\*/|@font-face \{[^}]*\}|(?<=\n)\s+", re.DOTALL)


@cache
def mark() -> str:
    """12 hex digits that change when any packaged file does: styles name fonts, scripts name scripts."""
    total = hashlib.sha256()
    for name in sorted(NAMES):
        total.update(f"{name}\n".encode() + hashlib.sha256((STATIC / name).read_bytes()).digest())
    return total.hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a packaged file."""
    return url_for("static", mark=mark(), filename=name)


@cache
def ask_style() -> Markup:
    """The style of the answering pages, for a style element."""
    sheets = "".join((STATIC / name).read_text() for name in ASK_STYLE)
    return Markup(IDLE.sub("", sheets))  # noqa: S704 - our own files


def ask_style_source() -> str:
    """How a Content-Security-Policy names that style, and no other."""
    return f"'sha256-{b64encode(hashlib.sha256(ask_style().encode()).digest()).decode()}'"


def send(mark: str, filename: str) -> Response:
    """A packaged file; an address with an old mark gets the file of now. Raises NotFound."""
    if filename not in NAMES:
        raise NotFound
    if Path(filename).suffix not in COMPRESSIBLE:
        return send_from_directory(STATIC, filename)
    response = Response(mimetype=mimetypes.guess_type(filename)[0])
    response.vary.add("Accept-Encoding")
    if is_welcome():
        response.data = _compressed(filename)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.data = (STATIC / filename).read_bytes()
    return response


@cache
def _compressed(name: str) -> bytes:
    return gzip.compress((STATIC / name).read_bytes(), 9, mtime=0)


def init_app(app: Flask) -> None:
    """Serve the files, and tell templates where they are."""
    app.add_url_rule("/static/<mark>/<path:filename>", "static", send)
    app.jinja_env.globals.update(asset=asset, ask_style=ask_style())

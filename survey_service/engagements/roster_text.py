"""Bytes of an upload become text, whatever program wrote them; what is no text is refused in words. Pure."""

import codecs
import re
from typing import Any, Final

from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l

LARGEST: Final = 2 * 1024 * 1024  #: bytes

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")


class TooLarge(Refusal):
    """More bytes than a roster needs."""

    sentence = _l("This file is larger than 2 MiB. Take out columns you do not need, or import it in parts.")


class NotText(Refusal):
    """A file of another kind. Facts: what it is."""

    sentence = _l("This is %(what)s. Paste the rows instead, or save the list as CSV, and try again.")


class Workbook(NotText):
    """A spreadsheet program's own format."""

    sentence = _l("This is %(what)s. Save it as CSV and try again.")


class Unreadable(Refusal):
    """No kind that is known, and no text either."""

    sentence = _l("This file is not text. Save the list as CSV and try again.")


EXCEL: Final = _l("an Excel workbook")
OPEN_DOCUMENT: Final = _l("an OpenDocument spreadsheet")
PACKED: Final = _l("a packed archive (ZIP)")
PICTURE: Final = _l("a picture")
WEB_PAGE: Final = _l("a web page")

#: First bytes -> what the file is.
KINDS: Final[tuple[tuple[bytes, Any], ...]] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", EXCEL),
    (b"%PDF-", _l("a PDF document")),
    (b"\x89PNG\r\n", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"RIFF", PICTURE),
    (b"II*\x00", PICTURE),
    (b"MM\x00*", PICTURE),
    (b"\x1f\x8b", PACKED),
    (b"7z\xbc\xaf\x27\x1c", PACKED),
    (b"Rar!\x1a\x07", PACKED),
    (b"{\\rtf", _l("a text document (RTF)")),
)
#: A name inside a ZIP -> what the file is.
ZIPPED: Final[tuple[tuple[bytes, Any], ...]] = (
    (b"xl/work", EXCEL),
    (b"opendocument.spreadsheet", OPEN_DOCUMENT),
    (b"word/", _l("a Word document")),
    (b"ppt/", _l("a PowerPoint presentation")),
)
#: A markup's first characters -> what the file is; programs export such files under the name .xls.
MARKUP: Final[tuple[tuple[str, Any], ...]] = (
    ("<!doctype html", WEB_PAGE),
    ("<html", WEB_PAGE),
    ("<table", WEB_PAGE),
    ("<?xml", _l("an XML file")),
)


def text_of(source: bytes | str) -> str:
    """The text of an upload (bytes) or of what was pasted (str), without byte order mark and padding.

    Knows UTF-8, UTF-16 and UTF-32 with byte order mark, UTF-8 and UTF-16 without, and Windows-1252.
    Raises TooLarge, NotText or Unreadable.
    """
    data = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
    _refuse_kinds(data)  # before the size: to make a workbook smaller would not help
    if len(data) > LARGEST:
        raise TooLarge
    text = source if isinstance(source, str) else _decoded(source)
    text = text.removeprefix("\ufeff").rstrip("\x00\x1a")
    _refuse_markup(text)
    # An eighth of a random file are control characters; a stray one in a roster is judged with its row.
    if len(CONTROLS.findall(text)) > max(3, len(text) // 20):
        raise Unreadable
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.removeprefix(mark).decode(encoding, "replace")
    return _utf_16_without_mark(data) or _utf_8_or_windows(data)


def _refuse_kinds(data: bytes) -> None:
    if data.startswith(b"PK\x03\x04"):
        raise _not_text(next((kind for name, kind in ZIPPED if name in data), PACKED))
    for magic, kind in KINDS:
        if data.startswith(magic):
            raise _not_text(kind)


def _not_text(kind: object) -> NotText:
    return Workbook(what=kind) if kind is EXCEL or kind is OPEN_DOCUMENT else NotText(what=kind)


def _refuse_markup(text: str) -> None:
    start = text[:100].lstrip().lower()
    for opening, kind in MARKUP:
        if start.startswith(opening):
            raise NotText(what=kind)


def _utf_16_without_mark(data: bytes) -> str | None:
    """The text, if every second byte is so often zero, or an @ so plainly there, that it is UTF-16."""
    zeros = {"utf-16-be": data[0::2].count(0), "utf-16-le": data[1::2].count(0)}
    encoding, most = max(zeros.items(), key=lambda one: one[1])
    if not most:
        return None
    text = data.decode(encoding, "replace")
    is_wide = ("@" in text and "\x00" not in text) or most * 3 >= len(text)
    return text if is_wide and min(zeros.values()) * 2 <= most else None


def _utf_8_or_windows(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")

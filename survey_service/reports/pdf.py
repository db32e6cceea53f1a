"""The report as PDF: the only place that knows WeasyPrint, and the only late import of the project."""

import gc
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

#: Where print finds packaged files. The host cannot exist (RFC 2606), so nothing is ever asked of a network.
PACKAGED: Final = "https://packaged.invalid/"
STATIC: Final = Path(__file__).parent.parent / "static"
MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


class PdfUnavailable(Refusal):
    """The libraries that draw PDF are not installed on this machine."""

    sentence = _l(
        "A PDF cannot be made on this machine, because Pango is missing. "
        "Install it with: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    )


def packaged(name: str) -> str:
    """The address of a packaged static file in print; the ``asset`` of a page that becomes a PDF."""
    return PACKAGED + name


def render_pdf(html: str, *, base: Path = STATIC) -> bytes:
    """The page as a tagged PDF made to the PDF/UA-1 rules; the same page gives the same bytes.

    ``base``: folder of the packaged files that ``packaged`` addresses. Nothing else is fetched but ``data:``.
    Raises PdfUnavailable where Pango is missing.
    """
    weasyprint = _weasyprint()
    with _uncollected():
        document = weasyprint.HTML(string=html, base_url=PACKAGED, url_fetcher=fetcher(base))
        return bytes(document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=b"common-ground-report"))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector, which took a quarter of the time (12 pages: 2.8 s with it, 2.1 without).

    A page's boxes live until it is printed, so that there is nothing to collect before. Of two at once, the
    first to end turns it on again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def fetcher(base: Path) -> "URLFetcher":
    """What WeasyPrint asks for files: packaged names and ``data:``; anything else is a ValueError."""
    urls: ModuleType = _weasyprint().urls

    class Packaged(urls.URLFetcher):  # type: ignore[misc, name-defined] # it ships no types
        """Serves files below ``base``; opens no connection and no other file."""

        def fetch(self, url: str, headers: object = None) -> object:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            file = packaged_file(base, url)
            body = _unpacked(file) if file.suffix == ".woff2" else file.read_bytes()
            return urls.URLFetcherResponse(url, body, {"Content-Type": MEDIA_TYPES[file.suffix]})

    return Packaged(allowed_protocols=("data",), allow_redirects=False)


def packaged_file(base: Path, url: str) -> Path:
    """The file a packaged address names. ValueError if it is none, or lies outside ``base``."""
    file = (base / url.removeprefix(PACKAGED)).resolve()
    is_inside = url.startswith(PACKAGED) and file.is_relative_to(base.resolve())
    if not (is_inside and file.suffix in MEDIA_TYPES and file.is_file()):
        raise ValueError(f"not a packaged file: {url[:80]}")
    return file


@lru_cache(maxsize=8)  # unpacking a font takes 0.3 s, a fifth of a report's printing
def _unpacked(file: Path) -> bytes:
    """A packaged woff2 font as the OpenType file inside it."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # it ships none

    font, unpacked = TTFont(file), io.BytesIO()
    font.flavor = None
    font.save(unpacked, reorderTables=False)
    return unpacked.getvalue()


def _weasyprint() -> ModuleType:
    try:
        import weasyprint
        import weasyprint.urls
    except OSError as missing:  # cffi found no Pango
        raise PdfUnavailable from missing
    library: ModuleType = weasyprint
    weasyprint.LOGGER.setLevel(logging.ERROR)  # it warns of every rule that is for screens
    return library

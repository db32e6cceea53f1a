"""One document, four editions: HTML, PDF, JSON and CSV, each from the same value."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment

from survey_service.reports import exports, page, pdf
from survey_service.reports.page import PLAIN, WHOLE, Frame, Look, Sheet
from survey_service.reports.printing import PrintRoom

FORMS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Press:
    """What printing needs: templates, who runs the server, a folder for PDFs, and whose report it is."""

    env: Environment
    operator: str
    cache: Path
    look: Look = PLAIN

    def edition(
        self, document: Mapping[str, Any], form: str, language: str, *, sheet: Sheet = WHOLE
    ) -> bytes:
        """The document in one of FORMS, complete in itself. Raises PdfUnavailable."""
        makers: dict[str, Callable[[], bytes]] = {
            "html": lambda: self._html(document, language, sheet),
            "pdf": lambda: PrintRoom(self.cache).printed(self.proof(document, language, sheet=sheet)),
            "json": lambda: exports.to_json(document).encode(),
            "csv": lambda: exports.to_csv(document).encode("utf-8-sig"),
        }
        return makers[form]()

    def proof(self, document: Mapping[str, Any], language: str, *, sheet: Sheet = WHOLE) -> str:
        """The page that becomes the PDF."""
        frame = Frame(asset=pdf.packaged, operator=self.operator, look=self.look)
        return page.render(
            document, env=self.env, language=language, for_print=True, frame=frame, sheet=sheet
        )

    def _html(self, document: Mapping[str, Any], language: str, sheet: Sheet) -> bytes:
        """A file that needs no other: its styles travel inside it."""
        frame = Frame(asset=_inside, operator=self.operator, look=self.look)
        html = page.render(
            document, env=self.env, language=language, for_print=False, frame=frame, sheet=sheet
        )
        return html.encode()


def _inside(name: str) -> str:
    """A packaged file as a data: address."""
    file = pdf.STATIC / name
    return inside(file.read_bytes(), pdf.MEDIA_TYPES[file.suffix])


def inside(content: bytes, media_type: str) -> str:
    """Bytes as a data: address."""
    return f"data:{media_type};base64,{b64encode(content).decode()}"


def file_name(document: Mapping[str, Any], form: str) -> str:
    """readiness-report-nordlicht-energie.pdf: letters of any script, and dashes."""
    buyer = "".join(one if one.isalnum() else "-" for one in document["engagement"]["buyer"].lower())
    return f"readiness-report-{'-'.join(filter(None, buyer.split('-')))[:60] or 'buyer'}.{form}"

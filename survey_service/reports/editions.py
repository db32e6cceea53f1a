"""One document, four editions: HTML, PDF, JSON and CSV, each from the same value."""

import hashlib
import tempfile
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment

from survey_service.reports import exports, page, pdf
from survey_service.reports.page import Frame

FORMS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Press:
    """What printing needs: templates, who runs the server, and a directory for finished PDFs."""

    env: Environment
    operator: str
    cache: Path

    def edition(self, document: Mapping[str, Any], form: str, language: str) -> bytes:
        """The document in one of FORMS, complete in itself. Raises PdfUnavailable."""
        makers: dict[str, Callable[[Mapping[str, Any], str], bytes]] = {
            "html": self._html,
            "pdf": self._pdf,
            "json": lambda value, _: exports.to_json(value).encode(),
            "csv": lambda value, _: exports.to_csv(value).encode("utf-8-sig"),
        }
        return makers[form](document, language)

    def _html(self, document: Mapping[str, Any], language: str) -> bytes:
        """A file that needs no other: its styles travel inside it."""
        frame = Frame(asset=_inside, operator=self.operator)
        html = page.render(document, env=self.env, language=language, for_print=False, frame=frame)
        return html.encode()

    def _pdf(self, document: Mapping[str, Any], language: str) -> bytes:
        """From the cache, where the same page was printed before: the name is the page's hash."""
        html = page.render(
            document,
            env=self.env,
            language=language,
            for_print=True,
            frame=Frame(asset=pdf.packaged, operator=self.operator),
        )
        kept = self.cache / f"{hashlib.sha256(html.encode()).hexdigest()}.pdf"
        if kept.is_file():
            return kept.read_bytes()
        content = pdf.render_pdf(html)
        self._keep(kept, content)
        return content

    def _keep(self, path: Path, content: bytes) -> None:
        """Whole or not at all: another process may be reading."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)


def _inside(name: str) -> str:
    """A packaged file as a data: address."""
    file = pdf.STATIC / name
    content = b64encode(file.read_bytes()).decode()
    return f"data:{pdf.MEDIA_TYPES[file.suffix]};base64,{content}"


def file_name(document: Mapping[str, Any], form: str) -> str:
    """readiness-report-nordlicht-energie.pdf: letters of any script, and dashes."""
    buyer = "".join(one if one.isalnum() else "-" for one in document["engagement"]["buyer"].lower())
    return f"readiness-report-{'-'.join(filter(None, buyer.split('-')))[:60] or 'buyer'}.{form}"

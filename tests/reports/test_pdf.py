"""The PDF: made to the PDF/UA-1 rules, from packaged files alone."""

import base64
import gc
import io
import json
import re
import shutil
import subprocess
import urllib.error
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import report_sample as sample
from flask import Flask
from PIL import Image

from survey_service.reports import page, pdf
from survey_service.workspaces import look as looks

pytestmark = pytest.mark.pdf


@cache
def printed(case: str = "report-023") -> bytes:
    return pdf.render_pdf(sample.in_print(sample.document(case)))


@pytest.fixture
def opened() -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(printed()))


def tags(node: pikepdf.Object) -> list[str]:
    """Names of all structure elements below a node, in reading order."""
    found = [str(node["/S"])] if "/S" in node else []
    kids: Any = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            found += tags(kid)
    return found


def test_it_is_tagged_titled_and_says_its_language(opened: pikepdf.Pdf) -> None:
    assert opened.Root.MarkInfo.Marked
    assert str(opened.Root.Lang) == "en"
    assert opened.Root.ViewerPreferences.DisplayDocTitle
    with opened.open_metadata() as metadata:
        assert metadata["dc:title"] == "Nordlicht Energie: Working out the change"
        assert metadata["pdfuaid:part"] == "1"


def test_arabic_is_printed_from_right_to_left_with_a_packaged_font(app: Flask) -> None:
    """No font of the machine is needed: Latin letters in Inter, Arabic ones in Noto Sans Arabic."""
    frame = page.Frame(asset=pdf.packaged, operator="Fjord Software")
    document = sample.document("report-023")
    with app.app_context():
        html = page.render(document, env=app.jinja_env, language="ar", for_print=True, frame=frame)
    paper = pikepdf.open(io.BytesIO(pdf.render_pdf(html)))
    assert str(paper.Root.Lang) == "ar"
    used = {str(font.BaseFont) for sheet in paper.pages for font in sheet.Resources.Font.values()}
    assert {re.sub(r"^/\w+\+|-.*", "", name) for name in used} == {"Inter", "Noto"}


def test_its_structure_has_headings_lists_and_tables_with_headers(opened: pikepdf.Pdf) -> None:
    found = tags(opened.Root.StructTreeRoot)
    for tag in ("/H1", "/H2", "/L", "/LI", "/Table", "/TH", "/TD", "/Caption"):
        assert tag in found
    assert found.count("/H1") == 1


def test_it_has_no_figure_without_words(opened: pikepdf.Pdf) -> None:
    assert "/Figure" not in tags(opened.Root.StructTreeRoot)


def test_it_has_an_outline_of_its_sections(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        top = outline.root[0]
        assert top.title == "Working out the change"
        assert "Consensus heat map" in [item.title for item in top.children]


def test_its_fonts_are_embedded(opened: pikepdf.Pdf) -> None:
    fonts = [font for page in opened.pages for font in page.Resources.Font.values()]
    names = {str(font.BaseFont).split("+")[-1] for font in fonts}
    assert names
    assert all(name.startswith("Inter") for name in names)
    assert all("/FontFile3" in descriptor(font) or "/FontFile2" in descriptor(font) for font in fonts)


def descriptor(font: pikepdf.Object) -> pikepdf.Object:
    return font.DescendantFonts[0].FontDescriptor


def test_the_summary_is_on_page_one_and_the_whole_map_on_page_two(opened: pikepdf.Pdf) -> None:
    pages = {item.title: number(opened, item) for item in sections(opened)}
    assert pages["Talk about this next"] == 0
    assert pages["Consensus heat map"] == 1
    assert pages["Next conversations"] == 2
    assert pages["Where you are split"] == 3


def sections(opened: pikepdf.Pdf) -> list[pikepdf.OutlineItem]:
    with opened.open_outline() as outline:
        return list(outline.root[0].children)


def number(opened: pikepdf.Pdf, item: pikepdf.OutlineItem) -> int:
    target: Any = item.destination
    return next(at for at, page in enumerate(opened.pages) if page.objgen == target[0].objgen)


def test_the_same_page_gives_the_same_bytes() -> None:
    assert printed() == pdf.render_pdf(sample.in_print(sample.document("report-023")))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x.css",
        "https://example.com/x.png",
        "file:///etc/passwd",
        "file:///etc/hosts.css",
        "ftp://127.0.0.1/x.css",
        pdf.PACKAGED + "../settings.py",
        pdf.PACKAGED + "../../pyproject.toml",
        pdf.PACKAGED + "/etc/passwd",
        pdf.PACKAGED + "nothing.css",
        "gopher://x",
        "nonsense",
    ],
)
def test_nothing_is_fetched_but_packaged_files(url: str) -> None:
    fetch = pdf.fetcher(sample.STATIC).fetch
    with pytest.raises((ValueError, urllib.error.URLError)):
        fetch(url)


def test_packaged_files_and_data_are_served() -> None:
    fetch = pdf.fetcher(sample.STATIC).fetch
    assert b"--ink" in fetch(pdf.PACKAGED + "css/tokens.css").read()
    assert fetch("data:text/plain,hello").read() == b"hello"


def test_a_text_that_asks_for_a_file_gets_none(tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("body { color: red }")
    document = sample.document("report-023")
    document["engagement"]["buyer"] = f'<link rel="attachment" href="{secret.as_uri()}">'
    made = pikepdf.open(io.BytesIO(pdf.render_pdf(sample.in_print(document))))
    assert not made.attachments


def test_without_pango_the_refusal_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, *arguments: Any) -> object:  # noqa: ANN401 - as import has it
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *arguments)

    real = __import__
    monkeypatch.setattr("builtins.__import__", missing)
    with pytest.raises(pdf.PdfUnavailable, match="apt-get install libpango"):
        pdf.render_pdf("<p>x")


@cache
def long_report(paper: str = "a4", language: str = "en") -> bytes:
    """The report of several parts with three dozen texts: about twelve pages."""
    document = sample.document("report-023")
    texts = {key: [LINES[at % len(LINES)] * (1 + at % 3) for at in range(18)] for key in ("O1", "O2")}
    document["waves"][0]["appendix"] = {"texts": texts, "hidden": 2}
    return pdf.render_pdf(sample.in_print(document, language, paper=paper))


LINES = (
    "A clear owner who is still there in a year. ",
    "Somebody has to say what happens to the old lists, and who keeps the new one when people are away. ",
    "Time. Not another evening on top of the day's work, but time that is taken from something else. ",
    "The people at the counter would have to see it before it is decided, not after. ",
)


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_it_is_made_for_the_paper_it_was_asked_for(paper: str, size: tuple[int, int]) -> None:
    opened = pikepdf.open(io.BytesIO(long_report(paper)))
    assert len(opened.pages) >= 10
    for leaf in opened.pages:
        box = sorted(round(float(edge)) for edge in leaf.MediaBox)
        assert box[2:] == sorted(size)


def words_of(content: bytes) -> list[list[str]]:
    """The lines of every page as Poppler reads them."""
    read = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    return [[line.strip() for line in page.splitlines() if line.strip()] for page in read.split("\f")[:-1]]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="missing tool: poppler-utils")
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_no_heading_is_left_alone_at_the_foot_and_every_page_says_its_number(paper: str) -> None:
    content = long_report(paper)
    pages = words_of(content)
    opened = pikepdf.open(io.BytesIO(content))
    headings = {str(item.title) for item in [*sections(opened), *outline_below(opened)]}
    for at, lines in enumerate(pages, start=1):
        assert lines[-1] == f"{at} / {len(pages)}"
        assert lines[-2] not in headings, f"page {at} ends with a heading"
        if at > 1:
            assert lines[0].startswith("Nordlicht Energie · Readiness report")


def test_it_prints_from_right_to_left() -> None:
    html = sample.in_print(sample.document("report-023")).replace('dir="ltr"', 'dir="rtl"')
    opened = pikepdf.open(io.BytesIO(pdf.render_pdf(html)))
    assert "Next conversations" in [item.title for item in sections(opened)]


def outline_below(opened: pikepdf.Pdf) -> list[pikepdf.OutlineItem]:
    return [child for section in sections(opened) for child in section.children]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="missing tool: poppler-utils")
def test_a_table_over_two_pages_repeats_its_head() -> None:
    pages = words_of(long_report())
    heads = [
        any(re.match("Question .*Operations|Question .*answered", line) for line in lines) for lines in pages
    ]
    cells = [any("Turned round" in line or "20–39 answered" in line for line in lines) for lines in pages]
    of_questions = [at for at, has_cells in enumerate(cells) if has_cells and at > 1]
    assert len(of_questions) >= 2
    assert all(heads[at] for at in of_questions)


def test_every_cell_names_its_headers(opened: pikepdf.Pdf) -> None:
    known = {bytes(cell["/ID"]) for cell in nodes(opened.Root.StructTreeRoot, "/TH") if "/ID" in cell}
    cells = list(nodes(opened.Root.StructTreeRoot, "/TD"))
    assert cells
    for cell in cells:
        named = {bytes(one) for one in cell["/A"]["/Headers"]}
        assert named
        assert named <= known


def nodes(node: pikepdf.Object, kind: str) -> Iterator[pikepdf.Object]:
    """Structure elements of a kind, in reading order."""
    if str(node.get("/S", "")) == kind:
        yield node
    kids: Any = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield from nodes(kid, kind)


def test_a_logo_has_words_for_those_who_do_not_see_it() -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 90), "#7a1f4e").save(drawn, "PNG")
    logo = f"data:image/png;base64,{base64.b64encode(looks.fit_logo(drawn.getvalue())).decode()}"
    look = page.Look("Hanse Systems", logo, "data:text/css,:root{--accent:%237a1f4e}")
    opened = pikepdf.open(
        io.BytesIO(pdf.render_pdf(sample.in_print(sample.document("report-023"), look=look)))
    )
    figures = list(nodes(opened.Root.StructTreeRoot, "/Figure"))
    assert [str(figure.Alt) for figure in figures] == ["Hanse Systems"]


@pytest.mark.slow
@pytest.mark.parametrize("case", sorted(sample.CASES))
def test_every_golden_report_prints(case: str) -> None:
    assert printed(case).startswith(b"%PDF-")


def test_memory_is_collected_again_once_a_report_is_printed_or_failed() -> None:
    pdf.render_pdf("<p>Short")
    assert gc.isenabled()
    with pytest.raises(TypeError):
        pdf.render_pdf(None)  # type: ignore[arg-type] # no page at all
    assert gc.isenabled()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="missing tool: poppler-utils")
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_no_page_is_left_nearly_empty_and_no_table_begins_with_its_head_alone(paper: str) -> None:
    document = json.loads((sample.ROOT / "docs" / "examples" / "several-parts.json").read_text())
    pages = words_of(pdf.render_pdf(sample.in_print(document, paper=paper)))
    assert len(pages) == 8
    assert any("Tastle and Wierman" in line for line in pages[-1])
    for lines in pages:
        assert len(lines) > 12
        assert not lines[-2].startswith(("Question  ", "Concern  "))

"""Reading: the report as a page and as a PDF."""

import json
from collections.abc import Iterator
from pathlib import Path

import weasyprint
from flask import current_app

from bench import figures
from bench.figures import Figure
from bench.place import place
from survey_service.reports import page, pdf
from survey_service.reports.editions import Press
from survey_service.reports.page import Frame

SAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "several-parts.json"


def report(folder: Path) -> Iterator[Figure]:
    """The sample of docs/examples with several parts, drawn afresh and from the cache."""
    document = json.loads(SAMPLE.read_text())
    with place(folder), current_app.test_request_context():
        env = current_app.jinja_env
        frame = Frame(asset=pdf.packaged, operator="Hanse Hosting")

        def drawn(for_print: bool) -> str:
            return page.render(document, env=env, language="en", for_print=for_print, frame=frame)

        drawn(False)
        took = [figures.seconds(lambda: drawn(False)) * 1000 for _ in range(20)]
        yield Figure(
            "report page",
            figures.spread(took, " ms"),
            "",
            None,
            "under 50 ms",
            figures.quantile(took, 0.5) < 50,
        )
        html = drawn(True)
        press = Press(env, "Hanse Hosting", folder / "cache")

        def ours() -> float:
            for kept in (folder / "cache").glob("*"):
                kept.unlink()
            return figures.seconds(lambda: press.edition(document, "pdf", "en"))

        def bare() -> float:
            """Nothing but WeasyPrint, the same page and the same files."""
            printed = weasyprint.HTML(string=html, base_url=pdf.PACKAGED, url_fetcher=pdf.fetcher(pdf.STATIC))
            return figures.seconds(lambda: printed.write_pdf(pdf_variant="pdf/ua-1"))

        ours()
        turns = figures.taking_turns(ours, bare, 5)
        ratio = figures.ratio(*turns)
        yield Figure(
            "report as PDF, first time",
            figures.spread(turns[0], " s", 2),
            f"WeasyPrint alone on the same page: {figures.spread(turns[1], ' s', 2)}",
            ratio,
            "at most 1.1",
            ratio <= 1.1,
        )
        again = [figures.seconds(lambda: press.edition(document, "pdf", "en")) * 1000 for _ in range(10)]
        middle = figures.quantile(again, 0.5)
        spread = figures.spread(again, " ms")
        yield Figure("report as PDF, from the cache", spread, "", None, "under 20 ms", middle < 20)

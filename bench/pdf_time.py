"""How long a report takes to print: an example with as many texts as make a dozen pages.

python -m bench.pdf_time [RUNS]     seconds of this process; a warm run first (default 5 runs)
"""

import io
import json
import statistics
import sys
import time
from pathlib import Path

import pikepdf

from survey_service.app import create_app
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import Settings
from survey_service.reports import page, pdf
from survey_service.reports.page import Frame

EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "several-parts.json"
TEXT = "Somebody has to say what happens to the old lists, and who keeps the new one when people are away. "


def proof() -> str:
    """The page of a long report."""
    document = json.loads(EXAMPLE.read_text())
    texts = {key: [TEXT * (1 + at % 3) for at in range(22)] for key in ("O1", "O2")}
    document["waves"][-1]["appendix"] = {"texts": texts, "hidden": 2}
    app = create_app(
        furnish(Settings.from_environ({"SURVEY_ENV": "development", "SURVEY_DATA_DIR": "instance"}))
    )
    with app.app_context():
        return page.render(
            document, env=app.jinja_env, language="en", for_print=True, frame=Frame(asset=pdf.packaged)
        )


def main(runs: int) -> None:
    """Print the times."""
    html = proof()
    content = pdf.render_pdf(html)
    took = []
    for _ in range(runs):
        start = time.process_time()
        content = pdf.render_pdf(html)
        took.append(time.process_time() - start)
    pages = len(pikepdf.open(io.BytesIO(content)).pages)
    print(f"{pages} pages: best {min(took):.2f} s, median {statistics.median(took):.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)

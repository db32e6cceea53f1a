"""Page, PDF, CSV and JSON show one and the same set of figures, and so does every door (rule 16)."""

import csv
import io
import json
import random
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import release_sample as sample
import report_sample
from cast import CLOSES, Stage, stage
from flask import Flask
from release_sample import CORE, PULSE
from visitor import Visitor

from survey_service.aggregator.findings import WaveTerms
from survey_service.answers.intake import Ballot
from survey_service.engagements import sponsor as sponsors
from survey_service.foundation import doctor
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import listed
from survey_service.reports import exports, shares
from survey_service.reports.editions import Press
from survey_service.reports.wording import Wording, wording
from survey_service.waves import close, handover

GROUPS = {"Operations": 26, "Sales": 8, "Legal": 3, "Finance": 4}

#: Part, band, camps, consensus, answered.
Cell = tuple[str, int, bool, bool | None, str]
Figures = dict[str, object]

CASES: Mapping[str, Mapping[str, Any]] = {
    "several parts": {"form": CORE, "groups": GROUPS, "k": 5, "sponsor": True},
    "one part": {"form": CORE, "groups": {"Operations": 6}, "k": 5, "sponsor": True},
    "no sponsor": {"form": CORE, "groups": GROUPS, "k": 5, "sponsor": False},
    "pulse": {"form": PULSE, "groups": GROUPS, "k": 5, "sponsor": True},
    "strict": {"form": CORE, "groups": {"Works": 60, "Sales": 23, "Legal": 10}, "k": 9, "sponsor": True},
}


def document(case: str) -> dict[str, Any]:
    chosen = CASES[case]
    terms = WaveTerms(k=chosen["k"], groups=chosen["groups"], has_sponsor=chosen["sponsor"])
    chance = random.Random(case)
    sheets = sample.anyone(chosen["groups"], chosen["form"], chance, turnout=0.9)
    return sample.report(sample.wave(terms, chosen["form"], sheets))


def from_json(text: str) -> Figures:
    wave = json.loads(text)["waves"][-1]
    return {
        "n of N": (wave["answered"], wave["stakeholders"]),
        "parts": [
            (one["part"], listed(one["groups"]), one["invited"], one["answered"]) for one in wave["parts"]
        ],
        "cells": {key: frozenset(map(_cell, cells)) for key, cells in wave["questions"].items()},
        "concerns": {key: int(level) for key, level in wave["concerns"].items() if key != "menu"},
        "cannot tell": {
            key: int(level) for key, level in wave["cannot_tell"].items() if level and key != "menu"
        },
    }


def _cell(cell: Mapping[str, Any]) -> Cell:
    return cell["part"], cell["band"], cell["camps"], cell["consensus"], cell["answered"]


def from_csv(text: str) -> Figures:
    questions, facts = exports.cells_from_csv(text, wave=1)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    levels = {"": 0, "no": 0, "yes": 1, "0": 0, "1": 1, "2": 2}
    ticks = {
        record: {row["key"]: levels[row["level"]] for row in rows if row["record"] == record}
        for record in ("concern", "cannot tell")
    }
    return {
        "n of N": (int(facts["answered"]), int(facts["stakeholders"])),
        "parts": [
            (row["part"], listed(row["groups"].split(" | ")), int(row["invited"]), row["answered"])
            for row in rows
            if row["record"] == "part"
        ],
        "cells": {key: frozenset(map(_cell, cells)) for key, cells in questions.items()},
        "concerns": ticks["concern"],
        "cannot tell": {key: level for key, level in ticks["cannot tell"].items() if level},
    }


def from_page(html: str, words: Wording) -> Figures:
    """As a reader of the page's tables would copy them out."""
    html = unescape(html).replace("–", "-")
    people = _section(html, "participation")
    rows = re.findall(
        r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td.*?>(\d+)</td><td.*?>(.*?)</td>', people
    )
    whole = re.search(r'<tfoot>.*?<td class="number">(\d+)</td><td class="number">(\d+)</td>', people)
    assert whole
    return {
        "n of N": (int(whole[2]), int(whole[1])),
        "parts": [(name, groups, int(invited), step) for name, groups, invited, step in rows],
        "cells": {key: _cells(html, text) for key, text in words.questions.items()},
        "concerns": _levels(_section(html, "concerns"), words.concerns),
        "cannot tell": _levels(_section(html, "cannot-tell"), words.questions),
    }


def _section(html: str, name: str) -> str:
    found = re.search(rf'aria-labelledby="{name}">(.*?)</section>', html, re.S)
    return found[1] if found else ""


def _cells(html: str, question: str) -> frozenset[Cell]:
    rows = re.findall(rf'<th scope="row">{re.escape(question)}.*?</th>(.*?)</tr>', html, re.S)
    assert rows or "map--questions" in html
    return frozenset(
        _shown(int(band), bool(camps), inside)
        for row in rows
        for band, camps, inside in re.findall(r'<td class="cell band-(\d)( camps)?.*?">(.*?)</td>', row, re.S)
    )


def _shown(band: int, camps: bool, inside: str) -> Cell:
    part = re.search(r'<span class="cell-part">(.*?)</span>', inside)
    more = re.findall(r'<span class="cell-more">(.*?)</span>', inside)
    assert part
    assert camps == ("two camps" in inside)
    consensus = {"close together": True, "spread out": False}
    name = "Organisation" if part[1] == "Shown once" else part[1]
    marks = [consensus[word] for word in more if word in consensus]
    return name, band, camps, marks[0] if marks else None, more[-1].removesuffix(" answered")


def _levels(html: str, texts: Mapping[str, str]) -> dict[str, int]:
    found = re.findall(r'<tr class="level level--(\d)"><th scope="row">(.*?)</th>', html)
    levels = {text: int(level) for level, text in found}
    return {key: levels[text] for key, text in texts.items() if text in levels}


@pytest.mark.parametrize("case", CASES)
def test_page_print_csv_and_json_show_the_same_figures(case: str, tmp_path: Path) -> None:
    told = document(case)
    press = Press(report_sample.environment(), "Fjord Software", tmp_path)
    words = wording(told["waves"][0]["instrument"], "en")
    data = from_json(press.edition(told, "json", "en").decode())
    assert from_csv(press.edition(told, "csv", "en").decode()) == data
    assert from_page(press.edition(told, "html", "en").decode(), words) == data
    assert from_page(report_sample.in_print(told), words) == data


@pytest.mark.pdf
@pytest.mark.skipif(not doctor.has("poppler"), reason="missing tool: poppler")
def test_the_pdf_holds_what_its_page_holds_and_no_other_number(tmp_path: Path) -> None:
    told = document("several parts")
    press = Press(report_sample.environment(), "Fjord Software", tmp_path)
    file = tmp_path / "report.pdf"
    file.write_bytes(press.edition(told, "pdf", "en"))
    printed = _plain(subprocess.check_output(["pdftotext", "-raw", file, "-"], text=True))
    page = _plain(re.sub(r"<(head|style)\b.*?</\1>|<[^>]+>", " ", report_sample.in_print(told), flags=re.S))
    for phrase in ("two camps", "close together", "spread out", "rather low", "rather high"):
        assert printed.count(phrase) == page.count(phrase) > 0, phrase
    pages = {str(number) for number in range(1, 20)}
    assert set(_numbers(printed)) - set(_numbers(page)) <= pages


def _plain(text: str) -> str:
    return " ".join(unescape(text).replace("–", "-").split())


def _numbers(text: str) -> Iterable[str]:
    return Counter(re.findall(r"\d+(?:[.,]\d+)?", text))


def test_desk_sponsor_and_shared_link_show_the_same_figures(app: Flask) -> None:
    """Through the doors: what Ines, Sam and a reader of a link see is what the file holds."""
    with app.app_context():
        play = _closed(app)
        with transaction():
            handover.release_to_seller(play.wave, who="Sam", at=CLOSES)
            made = shares.share(play.engagement, label="board", who="Ines", at=CLOSES, days=30)
        sponsor = sponsors.of(play.engagement)
        assert sponsor is not None
        addresses = [
            f"/desk/engagements/{play.key}/report",
            f"/r/{shares.token(play.here.links, made)}",
            f"/s/{play.here.links.token('sponsor', bytes.fromhex(sponsor.link), 1)}/report",
        ]
    app.config.update(WTF_CSRF_ENABLED=True)
    ines = Visitor(app)
    ines.signs_in("ines@hanse.example")
    words = wording("core/1", "en")
    data = from_json(ines.opens(f"/desk/engagements/{play.key}/report.json").text)
    assert from_csv(ines.opens(f"/desk/engagements/{play.key}/report.csv").text) == data
    for address in addresses:
        assert from_page(ines.opens(address).text, words) == data, address


def _closed(app: Flask) -> Stage:
    play = stage(app)
    play.launch()
    for number, invitation in enumerate(play.invitations()):
        answers = {f"Q{one:02d}": 1 + (number * one) % 5 for one in range(1, 25)}
        play.answer(invitation, Ballot(answers=dict(answers), concerns=("K01", "K05")))
    close.close_due(play.here.keys, at=CLOSES)
    return play

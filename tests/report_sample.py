"""Report documents for tests: every golden case as a release would write it, and the odd ones."""

import copy
import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from survey_service.aggregator import menu, readiness
from survey_service.instrument import catalog
from survey_service.reports import page, pdf, phrases
from survey_service.reports.wording import wording

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "survey_service" / "static"
GOLDEN = json.loads((ROOT / "tests" / "golden" / "reports.json").read_text())["cases"]
CASES = {case["id"]: case for case in GOLDEN}

#: Groups too small to stand alone.
OTHERS = ["Legal", "Finance", "Purchasing", "Personnel", "Quality", "Security", "Facilities", "Marketing"]
SPANS = {"5-9": (5, 9), "10-19": (10, 19), "20-39": (20, 39), "40+": (40, 10**6)}

CORE = catalog.instrument("core/1")

Document = dict[str, Any]


@cache
def environment() -> Environment:
    """The templates as the app has them, in English; an unknown name is an error."""
    env = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return env


def kind(key: str) -> str:
    """step, domain or facet."""
    kinds = {"step": phrases.STEPS, "domain": phrases.DOMAINS, "facet": phrases.FACETS}
    return next(name for name, keys in kinds.items() if key in keys)


def part_names(questions: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """Parts in the order of the terms, 'Other roles' last; one whole organisation if there are none."""
    found = dict.fromkeys(cell["part"] for cells in questions.values() for cell in cells)
    names = [part for part in found if part != "Organisation"] or ["Organisation"]
    return sorted(names, key=lambda part: part == "Other roles")


def document(case_id: str, **changes: object) -> Document:
    """A golden case as a full report of 'Nordlicht Energie'; ``changes`` replace fields of its wave."""
    case = copy.deepcopy(CASES[case_id])
    given, expected = case["input"], case["expect"]
    for topic in expected["topics"]:
        topic["kind"] = kind(topic["key"])
    names = part_names(given["questions"])
    wave = {
        "wave": 1,
        "instrument": "core/1" if "Q02" in given["questions"] else "pulse/1",
        "terms": "7f3a91c2" + "0123456789abcdef" * 3 + "89abcdef",
        "k": 5,
        "closed_on": "2026-12-11",
        "stakeholders": given["stakeholders"],
        "answered": given["answered"],
        "band_edges": [2.0, 2.7, 3.3, 4.0],
        "parts": parts_of(names, given),
        "questions": given["questions"],
        "concerns": _levels(given, wording("core/1", "en").concerns),
        "cannot_tell": _levels(given, given["questions"]),
        **expected,
        "appendix": None,
    }
    return report({**wave, **changes})


def report(*waves: Mapping[str, Any], **engagement: object) -> Document:
    """A document around waves."""
    about = {
        "key": "nordlicht",
        "buyer": "Nordlicht Energie",
        "change": "Customers can change their tariff themselves, at any hour.",
        "believed_step": 10,
    }
    return {
        "format": "common-ground/report/1",
        "engagement": {**about, **engagement},
        "waves": [dict(wave) for wave in waves],
    }


def everywhere(band: int, *, camps: bool = False, answered: str = "10-19") -> dict[str, list[dict[str, Any]]]:
    """The same cell for every question of core, in an organisation of one part."""
    cell = {"part": "Organisation", "answered": answered, "band": band, "camps": camps, "consensus": None}
    return {question.id: [dict(cell)] for question in CORE.questions}


def read_from(questions: Mapping[str, Any], *, answered: int = 14, stakeholders: int = 14) -> Document:
    """A report whose computed part follows from these cells, as a release computes it."""
    names = part_names(questions)
    given = {"questions": questions, "answered": answered, "stakeholders": stakeholders}
    wave = document("report-023")["waves"][0] | given
    wave["parts"] = parts_of(names, given)
    return report({**wave, **readiness.reading(wave, CORE)})


def too_few() -> Document:
    """A wave with too few answers: N, and nothing after it."""
    whole = document("report-001")["waves"][0]
    kept = {name: whole[name] for name in ("wave", "instrument", "terms", "k", "closed_on", "stakeholders")}
    return report({**kept, "too_few": True})


def parts_of(names: list[str], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Parts whose people and answers can be true together: they add up to the wave's, and fit the cells."""
    answered = _shared(given["answered"], {name: _span(name, given["questions"]) for name in names})
    alone = [name for name in names if name not in ("Other roles", "Organisation")]
    invited = {name: max(count, 7) if name in alone else count for name, count in answered.items()}
    for at in range(given["stakeholders"] - sum(invited.values())):
        invited[names[at % len(names)]] += 1
    return [
        {
            "part": name,
            "groups": OTHERS[: max(2, math.ceil(invited[name] / 6))] if name == "Other roles" else [name],
            "invited": invited[name],
            "answered": menu.n_step(answered[name], 5),
        }
        for name in names
    ]


def _span(name: str, questions: Mapping[str, list[dict[str, Any]]]) -> tuple[int, int]:
    """How few and how many answered in a part, by its fullest cell."""
    steps = {cell["answered"] for cells in questions.values() for cell in cells if cell["part"] == name}
    low, high = max((SPANS[step] for step in steps), default=(5, 9))
    return low, high


def _shared(people: int, spans: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """So many people over parts, each within its span while that can be; the smallest is filled first."""
    shared = {name: low for name, (low, _) in spans.items()}
    for _ in range(people - sum(shared.values())):
        open_ones = [name for name in shared if shared[name] < spans[name][1]] or list(shared)
        shared[min(open_ones, key=lambda name: shared[name])] += 1
    return shared


def _levels(given: Mapping[str, Any], ids: Mapping[str, Any]) -> dict[str, Any]:
    levels = {id_: (at * 7 + 3) % 3 for at, id_ in enumerate(ids)}
    if given["answered"] >= 10:
        return {"menu": "three levels", **levels}
    return {"menu": "raised", **{id_: bool(level) for id_, level in levels.items()}}


def on_screen(
    value: Document, language: str = "en", links: Mapping[str, str] | None = None, **sheet: str
) -> str:
    """The page a reader opens; ``sheet``: part, order."""
    frame = page.Frame(
        asset=lambda name: f"/static/{name}",
        operator="Fjord Software",
        links=links or {},
        pack="?show=conversations",
        orders={"path": "?order=path", "disagreement": "?order=disagreement"},
    )
    return page.render(
        value,
        env=environment(),
        language=language,
        for_print=False,
        frame=frame,
        sheet=page.Sheet(**sheet),
    )


def in_print(value: Document, language: str = "en", look: page.Look = page.PLAIN, **sheet: str) -> str:
    """The page that becomes the PDF; ``sheet``: part, paper."""
    frame = page.Frame(asset=pdf.packaged, operator="Fjord Software", look=look)
    return page.render(
        value, env=environment(), language=language, for_print=True, frame=frame, sheet=page.Sheet(**sheet)
    )

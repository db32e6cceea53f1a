"""Worked cases of an independent implementation.

SURVEY_GOLDEN may name more files of them, parted by colons.
"""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from survey_service.aggregator import measures, readiness
from survey_service.aggregator.place import Sign, most_credible, posterior
from survey_service.instrument import catalog

GOLDEN = Path(__file__).parents[1] / "golden"
FILES = [GOLDEN / "measures.json", GOLDEN / "reports.json"]
FILES += [Path(file) for file in os.environ.get("SURVEY_GOLDEN", "").split(":") if file]

Facts = Mapping[str, Any]


def _ordinal(given: Facts) -> Facts:
    counts = given["counts"]
    n = sum(counts)
    return {
        "n": n,
        "mean": measures.mean(counts),
        "cns": measures.consensus(counts),
        "fav": sum(counts[3:]) / n if n else None,
        "unfav": sum(counts[:2]) / n if n else None,
        "camps": measures.has_camps(counts) if n else None,
        "band": measures.band(counts),
    }


def _place(given: Facts) -> Facts:
    shares = posterior([[Sign(**cell) for cell in row] for row in given["rows"]])
    return {**most_credible(shares).document(), "posterior": shares}


def _report(given: Facts) -> Facts:
    found = readiness.reading(given, catalog.instrument("core/1"))
    unkind = [{name: fact for name, fact in topic.items() if name != "kind"} for topic in found["topics"]]
    return {**found, "topics": unkind}


KINDS: Mapping[str, Callable[[Facts], Facts]] = {"ordinal": _ordinal, "place": _place, "report": _report}
CASES = {
    f"{file.name} {case['id']}": case
    for file in FILES
    for case in json.loads(file.read_text(encoding="utf-8")).get("cases", ())
}


@pytest.mark.parametrize("id_", CASES)
def test_a_worked_case_comes_out_the_same(id_: str) -> None:
    case = CASES[id_]
    found = KINDS[case["kind"]](case["input"])
    for name, expected in case["expect"].items():
        assert _is_same(found[name], expected, case.get("tol", 0)), (name, found[name], expected)


def test_every_kind_of_case_was_tried() -> None:
    assert {case["kind"] for case in CASES.values()} >= set(KINDS)


def _is_same(found: object, expected: object, tolerance: float) -> bool:
    """Numbers, alone or in a row, within the tolerance; everything else exactly."""
    first = expected[0] if isinstance(expected, list) and expected else expected
    if found is None or not isinstance(first, float):
        return found == expected
    return np.allclose(np.asarray(found), np.asarray(expected), rtol=0, atol=tolerance)

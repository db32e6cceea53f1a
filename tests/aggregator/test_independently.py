"""Hundreds of made-up releases, read by the product and by a second implementation: the same figures."""

import random
from typing import Any

import independent
import pytest

from survey_service.aggregator import readiness
from survey_service.instrument import catalog

CORE = catalog.instrument("core/1")
STEPS = {5: ("5-9", "10-19", "20-39", "40+"), 9: ("9-19", "20-39", "40+")}
#: One part, two, three, many, with names that sort and compare oddly.
LAYOUTS: list[list[str]] = [
    ["Organisation"],
    ["Sales", "Other roles"],
    ["Zeta", "alpha", "Other roles"],
    ["A", "B and others"],
    [f"P{number}" for number in range(8)],
]


def released(chance: random.Random) -> dict[str, Any]:
    """A wave as a release may leave it: parts, questions moved up or not heard, any lean."""
    k = chance.choice((5, 5, 5, 9))
    parts = chance.choice(LAYOUTS)
    sizes = {part: chance.choice(STEPS[k]) for part in [*parts, "Organisation"]}
    turn, lean = chance.randrange(14), chance.choice((0, 1, 2))
    unheard, moved = chance.choice((0, 0, 0.1, 0.5)), chance.choice((0, 0, 0.2))
    questions: dict[str, Any] = {}
    for question in CORE.questions:
        among = ["Organisation"] if chance.random() < moved else parts
        among = [] if chance.random() < unheard else among
        questions[question.id] = [
            {
                "part": part,
                "answered": sizes[part],
                "band": _band(chance, lean if question.step <= turn else -lean),
                "camps": chance.random() < chance.choice((0, 0.3)),
                "consensus": None,
            }
            for part in among
        ]
    answered = chance.choice((k, 9, 10, 14, 19, 20, 39, 40, 55))
    return {
        "k": k,
        "questions": questions,
        "answered": answered,
        "stakeholders": answered + chance.choice((0, 0, 1, 3, 8, 25)),
    }


def _band(chance: random.Random, lean: int) -> int:
    """Any band, or one near that of a step that is done (lean above 0) or open (below)."""
    return min(5, max(1, 3 + lean + chance.randint(-1, 1))) if lean else chance.randint(1, 5)


@pytest.mark.parametrize("seed", range(30))
def test_a_second_implementation_reads_the_same_report(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(15):
        wave = released(chance)
        assert readiness.reading(wave, CORE) == independent.report(wave)


def test_the_bank_written_out_here_is_the_shipped_one() -> None:
    facets = {"C": "willing", "E": "able", "-": None}
    shipped = [(one.id, one.step, one.domain, one.facet) for one in CORE.questions]
    assert shipped == [
        (id_, int(step), domain, facets[facet]) for id_, step, domain, facet in independent.ITEMS
    ]

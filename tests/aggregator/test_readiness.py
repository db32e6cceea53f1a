"""From published cells to the report, where the worked cases do not look."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.aggregator import readiness, topics
from survey_service.aggregator.place import TABLE, Sign, most_credible, posterior
from survey_service.instrument import catalog
from survey_service.instrument.model import STEPS, Instrument

CORE = catalog.instrument("core/1")
PULSE = catalog.instrument("pulse/1")


Cell = dict[str, Any]


def cell(band: int, camps: bool = False, part: str = "Organisation", answered: str = "10-19") -> Cell:
    return {"part": part, "answered": answered, "band": band, "camps": camps, "consensus": None}


def wave(
    questions: Mapping[str, list[Cell]], answered: int = 14, stakeholders: int = 14, **facts: object
) -> dict[str, Any]:
    return {"stakeholders": stakeholders, "answered": answered, "questions": questions, **facts}


def alike(band: int, instrument: Instrument = CORE, answered: str = "10-19") -> dict[str, list[Cell]]:
    """The same cell for every question."""
    return {question.id: [cell(band, answered=answered)] for question in instrument.questions}


def released(band: int, k: int = 5) -> dict[str, Any]:
    """A wave as its release document has it, all bands alike."""
    head = wave(alike(band), instrument="core/1", k=k)
    return {**head, **readiness.reading(head, CORE)}


def test_topics_come_as_steps_domains_and_facets() -> None:
    found = readiness.reading(wave(alike(4)), CORE)["topics"]
    assert [(topic["kind"], topic["key"]) for topic in found] == [
        *(("step", key) for key in STEPS),
        *(("domain", key) for key in ("rules", "roles", "people", "money", "management")),
        ("facet", "willing"),
        ("facet", "able"),
    ]


def test_the_pulse_form_gives_domains_but_no_place_on_the_path() -> None:
    found = readiness.reading(wave(alike(4, PULSE)), PULSE)
    assert (found["place"], found["verdict"], found["silence"]) == (None, None, None)
    assert found["readiness"]["index"] == 65
    assert found["agreement"]["not heard"] == 4


def test_the_organisations_own_column_comes_last() -> None:
    questions = {"Q21": [cell(4)], "Q22": [cell(4, part="Sales"), cell(4, part="Other roles")]}
    found = readiness.reading(wave(questions), CORE)["topics"]
    by_key = {topic["key"]: topic for topic in found}
    assert [part["part"] for part in by_key["putting-to-work"]["parts"]] == [
        "Sales",
        "Other roles",
        "Organisation",
    ]


def test_no_index_where_one_domain_was_not_heard() -> None:
    money = {question.id for question in CORE.questions if question.domain == "money"}
    questions = {id_: [] if id_ in money else row for id_, row in alike(4).items()}
    found = readiness.reading(wave(questions), CORE)
    assert found["readiness"] is None
    assert found["topics"][-4] == {"kind": "domain", "key": "money", "state": "not heard"}


def test_where_everyone_answered_the_verdict_stands() -> None:
    assert readiness.reading(wave(alike(3)), CORE)["silence"] == {"stands": True}


def test_many_silent_people_may_change_the_verdict() -> None:
    found = readiness.reading(wave(alike(5), answered=14, stakeholders=30), CORE)
    assert found["verdict"] == "ready to start"
    assert found["silence"]["stands"] is False
    assert found["silence"]["could_be"]["at_1"]["verdict"] == "looking for words"
    assert 0 < found["silence"]["settle"] < 16


def test_ten_thousand_people_in_two_hundred_parts_do_not_overflow() -> None:
    parts = [cell(4, part=f"P{number}", answered="40+") for number in range(200)]
    questions = {question.id: parts for question in CORE.questions}
    found = readiness.reading(wave(questions, answered=9_500, stakeholders=10_000), CORE)
    assert found["place"] == {"reached": 13, "from": 12, "to": 13}


def test_with_k_of_nine_the_first_step_is_read_as_ten_to_nineteen() -> None:
    nine = readiness.reading(wave(alike(4, answered="9-19"), answered=9, stakeholders=12, k=9), CORE)
    ten = readiness.reading(wave(alike(4), answered=10, stakeholders=13), CORE)
    assert nine["place"] == ten["place"]


def test_people_assumed_are_those_of_the_table() -> None:
    assert TABLE["model"]["people_assumed"].items() <= topics.PEOPLE_ASSUMED.items()


def test_a_step_nobody_was_heard_on_leaves_its_neighbours_equally_likely() -> None:
    rows = [[Sign(5, False, "10-19")]] * 6 + [[]] + [[Sign(1, False, "10-19")]] * 6
    shares = posterior(rows)
    assert shares[6] == shares[7]
    assert most_credible(shares).reached == 6


def test_movement_tells_which_topics_rose_and_what_was_reached() -> None:
    moved = readiness.movement(released(3), released(5), roster_changed_by=0)
    assert moved is not None
    assert moved["topics"][0] == {"key": "idea", "from": 3, "to": 5, "moved": "up"}
    assert moved["reached"] == {"from": 0, "to": 13}
    assert moved["verdict"] == {"from": "looking for words", "to": "ready to start"}


def test_movement_may_be_down_or_none() -> None:
    down = readiness.movement(released(4), released(2), roster_changed_by=5)
    same = readiness.movement(released(4), released(4), roster_changed_by=0)
    assert down is not None
    assert {topic["moved"] for topic in down["topics"]} == {"down"}
    assert same is not None
    assert {topic["moved"] for topic in same["topics"]} == {"same"}


@pytest.mark.parametrize("changed", [1, 4])
def test_movement_is_not_shown_where_a_few_joined_or_left(changed: int) -> None:
    assert readiness.movement(released(3), released(5), roster_changed_by=changed) is None


def test_movement_is_not_shown_against_too_few_answers_or_another_form() -> None:
    too_few = {"instrument": "core/1", "stakeholders": 9, "too_few": True}
    assert readiness.movement(too_few, released(4), roster_changed_by=0) is None
    assert (
        readiness.movement({**released(4), "instrument": "pulse/1"}, released(4), roster_changed_by=0) is None
    )


@pytest.mark.parametrize(
    ("believed", "reached", "expected"), [(10, 7, True), (9, 7, False), (2, 7, False), (None, 7, False)]
)
def test_the_sellers_belief_is_worth_a_sentence_three_steps_ahead(
    believed: int | None, reached: int, expected: bool
) -> None:
    assert readiness.is_believed_well_ahead(believed, {"reached": reached}) is expected


def test_no_sentence_about_the_seller_where_no_place_is_told() -> None:
    assert not readiness.is_believed_well_ahead(10, None)


CELLS = st.builds(
    cell,
    st.integers(1, 5),
    st.booleans(),
    st.sampled_from(["Sales", "Legal"]),
    st.sampled_from(["5-9", "10-19", "20-39", "40+"]),
)
QUESTIONS = st.fixed_dictionaries(
    {
        question.id: st.lists(CELLS, max_size=2, unique_by=lambda one: one["part"])
        for question in CORE.questions
    }
)


@given(questions=QUESTIONS, silent=st.integers(0, 30))
def test_a_reader_of_the_json_file_gets_the_same_report(
    questions: dict[str, list[Cell]], silent: int
) -> None:
    """Whatever the cells say, the reading succeeds and needs nothing but the cells, n and N."""
    published = wave(questions, answered=14, stakeholders=14 + silent)
    found = readiness.reading(published, CORE)
    again = readiness.reading(json.loads(json.dumps(published)), CORE)
    assert json.loads(json.dumps(found, allow_nan=False)) == json.loads(json.dumps(again))
    assert sum(found["agreement"].values()) == len(found["topics"])
    if found["place"]:
        assert 0 <= found["place"]["from"] <= found["place"]["to"] <= 13
    if found["readiness"]:
        assert found["readiness"]["from"] <= found["readiness"]["index"] <= found["readiness"]["to"]

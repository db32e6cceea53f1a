"""From sheets to what may be published: nothing below k, nothing by subtraction, n alone decides."""

import json
import random
import time
import weakref
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.aggregator import menu
from survey_service.aggregator.findings import WaveTerms, findings
from survey_service.aggregator.tally import BATCH
from survey_service.instrument import catalog

CORE = catalog.instrument("core/1")
TERMS = WaveTerms(k=5, groups={"Operations": 9, "Sales": 8, "Legal": 3, "Finance": 4}, has_sponsor=True)
CODES = (1, 2, 3, 4, 5, "dk", "na", None)

Sheet = dict[str, Any]


def sheet(group: str, answer: object = 4, *concerns: str, **others: object) -> Sheet:
    """A sheet with the same answer throughout, but for those named."""
    given = {question.id: answer for question in CORE.questions} | others
    answers = {question: code for question, code in given.items() if code is not None}
    return {"group": group, "answers": answers, "concerns": list(concerns)}


def document(sheets: list[Sheet], terms: WaveTerms = TERMS) -> dict[str, Any]:
    return findings(terms, CORE, iter(sheets)).document()


def everyone(answer: object = 4, terms: WaveTerms = TERMS) -> list[Sheet]:
    return [sheet(group, answer) for group, people in terms.groups.items() for _ in range(people)]


def test_four_answers_are_too_few_and_only_the_roster_is_told() -> None:
    assert document([sheet("Operations")] * 4) == {"stakeholders": 24, "too_few": True}


def test_parts_are_told_with_their_groups_roster_and_a_step() -> None:
    found = document(everyone())
    assert found["answered"] == 24
    assert found["band_edges"] == [2.0, 2.7, 3.3, 4.0]
    assert found["parts"] == [
        {"part": "Operations", "groups": ["Operations"], "invited": 9, "answered": "5-9"},
        {"part": "Sales", "groups": ["Sales"], "invited": 8, "answered": "5-9"},
        {"part": "Other roles", "groups": ["Legal", "Finance"], "invited": 7, "answered": "5-9"},
    ]


def test_a_cell_tells_band_and_camps_and_no_number() -> None:
    sheets = everyone()
    for at in range(3):
        sheets[at] = sheet("Operations", 1)
    cell = document(sheets)["questions"]["Q01"][0]
    assert cell == {"part": "Operations", "answered": "5-9", "band": 3, "camps": True, "consensus": None}


def test_agreeing_to_a_reverse_question_is_the_low_band() -> None:
    found = document(everyone(5))["questions"]
    assert (found["Q01"][0]["band"], found["Q07"][0]["band"]) == (5, 1)


def test_a_question_with_four_numbers_in_one_part_is_told_once_for_all() -> None:
    sheets = everyone()
    for at in range(5):
        sheets[at] = sheet("Operations", Q03="dk")
    found = document(sheets)["questions"]
    assert found["Q03"] == [
        {"part": "Organisation", "answered": "10-19", "band": 5, "camps": False, "consensus": True}
    ]
    assert [cell["part"] for cell in found["Q04"]] == ["Operations", "Sales", "Other roles"]


def test_a_question_with_four_numbers_in_all_is_not_heard() -> None:
    sheets = [sheet(one["group"], Q03="na") for one in everyone()]
    sheets[:4] = [sheet("Operations")] * 4
    assert document(sheets)["questions"]["Q03"] == []


def test_skipped_and_not_applicable_and_cannot_tell_enter_no_mean() -> None:
    sheets = everyone(2)
    sheets[0], sheets[1], sheets[2] = (sheet("Operations", 2, Q01=code) for code in ("dk", "na", None))
    cell = document(sheets)["questions"]["Q01"][0]
    assert (cell["band"], cell["answered"]) == (1, "5-9")


def test_concerns_among_24_are_told_in_three_levels_in_catalogue_order() -> None:
    sheets = everyone()
    sheets[:12] = [sheet("Operations", 4, "K05", "K01")] * 9 + [sheet("Sales", 4, "K05")] * 3
    concerns = document(sheets)["concerns"]
    assert list(concerns) == ["menu", *(concern.id for concern in CORE.concerns)]
    assert (concerns["menu"], concerns["K01"], concerns["K05"], concerns["K02"]) == ("three levels", 1, 2, 0)


def test_concerns_among_nine_are_raised_or_not() -> None:
    terms = WaveTerms(k=5, groups={"Operations": 9}, has_sponsor=True)
    sheets = [sheet("Operations", 4, "K01")] * 5 + [sheet("Operations", 4, "K02")] * 4
    concerns = document(sheets, terms)["concerns"]
    assert (concerns["menu"], concerns["K01"], concerns["K02"]) == ("raised", True, False)


def test_many_who_cannot_tell_are_a_finding_of_the_whole_organisation() -> None:
    found = document([sheet(one["group"], Q17="dk") for one in everyone()])
    assert (found["cannot_tell"]["Q17"], found["cannot_tell"]["Q16"]) == (2, 0)
    assert found["questions"]["Q17"] == []


def test_with_k_of_nine_steps_begin_at_nine_and_the_mark_at_twenty() -> None:
    terms = WaveTerms(k=9, groups={"Operations": 12, "Sales": 25}, has_sponsor=True)
    operations, sales = document(everyone(terms=terms), terms)["questions"]["Q01"]
    assert (operations["answered"], operations["consensus"]) == ("9-19", None)
    assert (sales["answered"], sales["consensus"]) == ("20-39", True)


@pytest.mark.parametrize("k", [0, 1, 4, 6, 10])
def test_no_other_k_is_accepted(k: int) -> None:
    with pytest.raises(menu.BelowFloor):
        WaveTerms(k=k, groups={"Operations": 30}, has_sponsor=True)


def test_nothing_is_told_of_fewer_than_k() -> None:
    with pytest.raises(menu.BelowFloor):
        menu.n_step(4, 5)
    with pytest.raises(menu.BelowFloor):
        menu.tick_level(3, 4, 5)


CORRUPT: list[Any] = [
    None,
    [],
    {},
    {"group": "Marketing", "answers": {"Q01": 1}},
    {"group": ["Operations"], "answers": {"Q01": 1}},
]
BROKEN: list[Any] = [
    {"group": "Operations", "answers": None, "concerns": "K01"},
    {"group": "Operations", "answers": {"Q01": 6, "Q02": True, "Q03": 1.0, "Q99": 1, "Q04": [1], "Q05": "1"}},
    {"group": "Operations", "answers": {}, "concerns": ["K99", 3, ["K01"], None]},
]


def test_what_is_no_sheet_is_not_counted() -> None:
    assert document(everyone() + CORRUPT) == document(everyone())


def test_what_is_no_answer_is_passed_over() -> None:
    blank = [{"group": "Operations", "answers": {}, "concerns": []}] * len(BROKEN)
    assert document(everyone() + BROKEN) == document(everyone() + blank)


def test_a_concern_ticked_twice_on_a_sheet_counts_once() -> None:
    doubled = [sheet("Operations", 4, "K01", "K01", "K01")]
    assert document(everyone() + doubled) == document([*everyone(), sheet("Operations", 4, "K01")])


SHEETS = st.lists(
    st.builds(
        lambda group, answers, concerns: {"group": group, "answers": answers, "concerns": sorted(concerns)},
        st.sampled_from(list(TERMS.groups)),
        st.dictionaries(st.sampled_from(["Q01", "Q07", "Q13"]), st.sampled_from(CODES[:-1])),
        st.sets(st.sampled_from(["K01", "K02"])),
    ),
    max_size=40,
)


@given(sheets=SHEETS, chance=st.randoms())
def test_the_order_of_sheets_changes_nothing(sheets: list[Sheet], chance: random.Random) -> None:
    shuffled = sheets.copy()
    chance.shuffle(shuffled)
    assert document(shuffled) == document(sheets)


@given(sheets=SHEETS, data=st.data())
def test_two_members_of_a_part_may_swap_their_answers(sheets: list[Sheet], data: st.DataObject) -> None:
    """What is published hangs on a part's counts: who of its members gave which answer is not in it."""
    swapped = [dict(one) for one in sheets]
    members = [at for at, one in enumerate(sheets) if one["group"] in ("Legal", "Finance")]
    if len(members) > 1:
        first, second = data.draw(st.permutations(members))[:2]
        swapped[first]["answers"] = sheets[second]["answers"]
        swapped[second]["answers"] = sheets[first]["answers"]
    assert document(swapped) == document(sheets)


@given(sheets=SHEETS, data=st.data())
def test_what_appears_is_decided_by_how_many_answered(sheets: list[Sheet], data: st.DataObject) -> None:
    """Other numbers in the same places show the same figures with other values."""
    turns = data.draw(st.integers(1, 4))
    others = [
        {**one, "answers": {question: _turned(code, turns) for question, code in one["answers"].items()}}
        for one in sheets
    ]
    assert _shape(document(others)) == _shape(document(sheets))


@given(sheets=SHEETS)
def test_no_cell_rests_on_fewer_than_k_and_none_overlap(sheets: list[Sheet]) -> None:
    found = document(sheets)
    for question, cells in found.get("questions", {}).items():
        names = [cell["part"] for cell in cells]
        assert names in ([], ["Organisation"], [part["part"] for part in found["parts"]])
        assert len(cells) * TERMS.k <= sum(type(one["answers"].get(question)) is int for one in sheets)


@given(sheets=SHEETS)
def test_the_document_is_plain_json(sheets: list[Sheet]) -> None:
    found = document(sheets)
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_ten_thousand_sheets_are_counted_in_half_a_second() -> None:
    chance = random.Random(1)
    terms = WaveTerms(k=5, groups={"Operations": 9000, "Sales": 3000}, has_sponsor=True)
    sheets = [
        sheet(chance.choice(["Operations", "Sales"]), chance.randint(1, 5), "K01") for _ in range(10_000)
    ]
    began = time.process_time()
    assert findings(terms, CORE, _once(sheets)).document()["answered"] == 10_000
    assert time.process_time() - began < 0.5


class Counted(dict[str, Any]):
    """A sheet that can be watched while it lives."""

    __hash__ = object.__hash__  # type: ignore[assignment] # each is itself, whatever it says


def test_sheets_are_let_go_while_the_wave_is_counted() -> None:
    alive: weakref.WeakSet[Counted] = weakref.WeakSet()
    most = 0

    def stream() -> Iterator[Sheet]:
        nonlocal most
        for _ in range(4 * BATCH):
            one = Counted(group="Operations", answers={"Q01": 4}, concerns=[])
            alive.add(one)
            most = max(most, len(alive))
            yield one

    assert findings(TERMS, CORE, stream()).document()["answered"] == 4 * BATCH
    assert most <= 2 * BATCH


def _once(sheets: list[Sheet]) -> Iterator[Sheet]:
    """A stream: it can be read once only."""
    yield from sheets


def _turned(code: object, turns: int) -> object:
    """Another number for a number; what is none stays."""
    return (code + turns - 1) % 5 + 1 if isinstance(code, int) else code


def _shape(found: Mapping[str, Any]) -> object:
    """Which figures there are, without their values."""
    cells = {
        question: [(cell["part"], cell["answered"], cell["consensus"] is None) for cell in row]
        for question, row in found.get("questions", {}).items()
    }
    menus = [list(found.get(name, {})) for name in ("concerns", "cannot_tell")]
    return found.get("parts"), found.get("answered"), cells, menus

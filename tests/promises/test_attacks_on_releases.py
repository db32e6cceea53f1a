"""Every known attack on published figures is seen by the audit, and fails on what is really published.

Each attack is tried twice on the same sheets: on a release such as a careless tool would make, which the
audit must catch by what it can work out, and on the real one, which must be safe.
"""

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pytest
import release_sample as sample
from release_sample import CORE, Document, Sheet

from survey_service.aggregator import menu
from survey_service.aggregator.audit import Finding, Insider, audit
from survey_service.aggregator.findings import WaveTerms

GROUPS = {"Operations": 9, "Sales": 8, "Legal": 3}
Q = "Q05"

Cell = dict[str, Any]


class Case:
    """Sheets of one wave, its real release, and figures a careless tool would add."""

    def __init__(
        self, groups: Mapping[str, int], sheets: Iterable[Sheet], *, k: int = 5, sponsor: bool = True
    ) -> None:
        self.sheets = list(sheets)
        self.terms = WaveTerms(k=k, groups=groups, has_sponsor=sponsor)
        self.real = sample.report(sample.wave(self.terms, CORE, self.sheets))

    def counts(self, question: str, *groups: str) -> list[int]:
        """How many of the groups chose 1 to 5."""
        given = [one["answers"].get(question) for one in self.sheets if one["group"] in groups]
        return [given.count(value) for value in (1, 2, 3, 4, 5)]

    def mean(self, question: str, *groups: str) -> float:
        """Their mean to one decimal."""
        counts = self.counts(question, *groups)
        return round(
            sum(value * n for value, n in zip((1, 2, 3, 4, 5), counts, strict=True)) / sum(counts), 1
        )

    def unsafe(self, *cells: Cell, question: str = Q) -> Document:
        """The real release with other cells for one question."""
        document = copy.deepcopy(self.real)
        document["waves"][0]["questions"][question] = list(cells)
        return document

    def seen(self, document: Document, **asked: Any) -> list[Finding]:  # noqa: ANN401 - passed on as it is
        """What can be worked out from a document; not that its form is wrong."""
        found = audit(document, {1: self.terms.groups}, has_sponsor=self.terms.has_sponsor, **asked)
        return [one for one in found if one.kind in ("gives away", "too close")]

    def assert_real_is_safe(self, **asked: Any) -> None:  # noqa: ANN401 - whatever the audit asks
        assert audit(self.real, {1: self.terms.groups}, has_sponsor=self.terms.has_sponsor, **asked) == ()


def answers(by_group: Mapping[str, Sequence[int]], question: str = Q) -> list[Sheet]:
    """One sheet for each answer; all else is a 3."""
    return [
        sample.sheet(group, CORE, 3, **{question: answer})
        for group, given in by_group.items()
        for answer in given
    ]


def says(found: Sequence[Finding], words: str) -> bool:
    return any(words in str(one) for one in found)


LEGAL_SAID_ONE = answers(
    {"Operations": [4, 4, 5, 3, 2, 4, 4, 5, 4], "Sales": [3, 3, 4, 2, 5, 3, 4, 4], "Legal": [1, 1, 1]}
)


def test_total_minus_shown_groups() -> None:
    case = Case(GROUPS, LEGAL_SAID_ONE)
    shown = [
        {"groups": list(groups), "answered": sum(case.counts(Q, *groups)), "counts": case.counts(Q, *groups)}
        for groups in (tuple(GROUPS), ("Operations",), ("Sales",))
    ]
    assert says(case.seen(case.unsafe(*shown)), "everyone in Legal who gave a number answered 1")
    case.assert_real_is_safe()


def test_total_minus_shown_groups_by_means_with_one_decimal() -> None:
    """Rounding does not save it: the three are known to within a point."""
    case = Case(GROUPS, LEGAL_SAID_ONE)
    shown = [
        {"groups": list(groups), "answered": sum(case.counts(Q, *groups)), "mean": case.mean(Q, *groups)}
        for groups in (tuple(GROUPS), ("Operations",), ("Sales",))
    ]
    assert says(
        case.seen(case.unsafe(*shown)), "an unpublished group of 3 (Legal) is known to within 1 point"
    )
    case.assert_real_is_safe()


def test_two_groups_below_k() -> None:
    """The total minus the rest shows two small groups together, and one of them knows itself."""
    groups = {"Operations": 9, "Legal": 2, "Finance": 1}
    case = Case(groups, answers({"Operations": [4, 4, 5, 3, 2, 4, 4, 5, 4], "Legal": [1, 1], "Finance": [5]}))
    shown = [
        {"groups": list(names), "answered": sum(case.counts(Q, *names)), "counts": case.counts(Q, *names)}
        for names in (tuple(groups), ("Operations",))
    ]
    found = case.seen(case.unsafe(*shown), insiders=1)
    assert says(
        found, "one member of Finance and Legal who answered 5 can tell that everyone else there answered 1"
    )
    case.assert_real_is_safe()


def test_all_minus_all_but_one() -> None:
    """A filter that leaves one group out gives that group away."""
    case = Case(GROUPS, LEGAL_SAID_ONE)
    shown = [
        {"groups": list(groups), "answered": sum(case.counts(Q, *groups)), "counts": case.counts(Q, *groups)}
        for groups in (tuple(GROUPS), ("Operations", "Sales"))
    ]
    assert says(case.seen(case.unsafe(*shown)), "everyone in Legal who gave a number answered 1")
    case.assert_real_is_safe()


def test_an_earlier_total_against_a_later_one() -> None:
    """Live results: whoever looks before and after an answer has read it."""
    sheets = answers({"Operations": [4, 4, 5, 3, 2, 4, 4, 5, 1]})
    case = Case({"Operations": 9}, sheets)
    document = copy.deepcopy(case.real)
    before = Case({"Operations": 9}, sheets[:-1])
    wave = document["waves"][0]
    wave["questions"][Q] = [{"part": "Organisation", "answered": 9, "mean": case.mean(Q, "Operations")}]
    wave["earlier"] = [
        {
            "answered": 8,
            "questions": {Q: [{"part": "Organisation", "answered": 8, "mean": before.mean(Q, "Operations")}]},
        }
    ]
    assert says(case.seen(document), "whoever answered after wave 1, total 1 who gave a number answered 1")
    case.assert_real_is_safe()


def test_pooled_rows_against_questions() -> None:
    """A row over two questions beside one of them is the other."""
    groups = {"Operations": 5}
    sheets = [sample.sheet("Operations", CORE, 3, Q04=4, Q05=5) for _ in range(5)]
    case = Case(groups, sheets)
    document = case.unsafe(
        {"part": "Organisation", "answered": 5, "mean": case.mean("Q04", "Operations")}, question="Q04"
    )
    del document["waves"][0]["questions"][Q]
    document["waves"][0]["rows"] = [
        {"questions": ["Q04", Q], "part": "Organisation", "answered": 10, "mean": 4.5}
    ]
    assert says(case.seen(document), f"{Q}, Operations: everyone in Operations who gave a number answered 5")
    case.assert_real_is_safe()


def test_homogeneity() -> None:
    case = Case({"Operations": 7}, answers({"Operations": [5] * 7}))
    document = case.unsafe({"part": "Organisation", "answered": 7, "mean": 5.0})
    assert says(case.seen(document), "everyone in Organisation who gave a number answered 5")
    case.assert_real_is_safe()


def test_homogeneity_of_a_reverse_question_is_told_as_it_was_asked() -> None:
    sheets = answers({"Operations": [5] * 7}, question="Q07")
    case = Case({"Operations": 7}, sheets)
    document = case.unsafe({"part": "Organisation", "answered": 7, "mean": 1.0}, question="Q07")
    assert says(case.seen(document), "everyone in Organisation who gave a number answered 5")
    case.assert_real_is_safe()


def test_all_but_one() -> None:
    """The one who differs knows what all others said."""
    case = Case({"Operations": 6}, answers({"Operations": [5, 5, 5, 5, 5, 1]}))
    document = case.unsafe({"part": "Organisation", "answered": 6, "mean": case.mean(Q, "Operations")})
    found = case.seen(document)
    assert says(found, "who answered 1 can tell that everyone else there answered 5")
    case.assert_real_is_safe()


def test_consensus_as_a_back_door() -> None:
    """Six people, a band and a consensus mark; the one who stood apart learns all the rest."""
    case = Case({"Operations": 6}, answers({"Operations": [4, 4, 4, 4, 4, 1]}))
    cell = {"part": "Organisation", "answered": 6, "band": 4, "camps": False, "consensus": True}
    assert says(case.seen(case.unsafe(cell)), "who answered 1 can tell that everyone else there answered 4")
    case.assert_real_is_safe()


def test_consensus_to_two_decimals() -> None:
    case = Case({"Operations": 8}, answers({"Operations": [2] * 7 + [3]}))
    cell = {"part": "Organisation", "answered": 8, "band": 2, "consensus": 0.92}
    assert says(case.seen(case.unsafe(cell)), "who answered 3 can tell that everyone else there answered 2")
    case.assert_real_is_safe()


def test_hiding_as_an_oracle() -> None:
    """A cell hidden because all said the same says that all said the same; beside a band it says what."""
    case = Case({"Operations": 8}, answers({"Operations": [3] * 8}))
    hidden = {"part": "Organisation", "answered": "5-9", "hidden": "of one mind"}
    assert says(
        case.seen(case.unsafe(hidden)), "everyone in Organisation who gave a number gave one same answer"
    )
    assert says(case.seen(case.unsafe({**hidden, "band": 3})), "answered 3")
    case.assert_real_is_safe()


def test_a_full_house() -> None:
    """At 100 % the number of answers is known exactly; then six with a consensus mark are six too few.

    The same figures of "5-9" among nine who were asked leave the number, and so the answers, open.
    """
    full = Case({"Operations": 6}, answers({"Operations": [2, 2, 2, 2, 2, 5]}))
    open_ = Case({"Operations": 9}, answers({"Operations": [2, 2, 2, 2, 2, 5]}))
    cell = {"part": "Organisation", "answered": "5-9", "band": 2, "camps": False, "consensus": True}
    assert says(full.seen(full.unsafe(cell)), "who answered 5 can tell that everyone else there answered 2")
    full.assert_real_is_safe()
    open_.assert_real_is_safe()


def test_decimals() -> None:
    """A mean to one decimal is never safe: here it leaves one table of answers."""
    case = Case({"Operations": 9}, answers({"Operations": [1, 1, 1, 1, 1, 1, 1, 1, 2]}))
    document = case.unsafe({"part": "Organisation", "answered": "5-9", "mean": 1.1})
    assert says(case.seen(document), "who answered 2 can tell that everyone else there answered 1")
    case.assert_real_is_safe()


def test_one_joiner_between_waves() -> None:
    """Two waves a week apart, one newcomer: their answer is the difference, even between bands."""
    sheets = answers({"Operations": [4, 4, 4, 4, 4, 4, 4, 4, 4, 3]})
    first = Case({"Operations": 10}, sheets)
    second = Case({"Operations": 11}, [*sheets, *answers({"Operations": [5]})])
    assert first.counts(Q, "Operations") == [0, 0, 1, 9, 0]

    def two(days: str, *, exact: bool) -> Document:
        earlier = copy.deepcopy(first.real["waves"][0])
        later = {**copy.deepcopy(second.real["waves"][0]), "wave": 2, "closed_on": days}
        for wave, case in ((earlier, first), (later, second)):
            if exact:
                mean = case.mean(Q, "Operations")
                cell = {"part": "Organisation", "answered": wave["answered"], "mean": mean}
                wave["questions"] = {Q: [cell]}
        return sample.report(earlier, later)

    rosters = {1: first.terms.groups, 2: second.terms.groups}
    told = audit(two("2026-12-18", exact=True), rosters)
    assert says(told, "an unpublished group of 1 (whoever answered after wave 1) is known to within 1 point")
    assert audit(two("2026-12-26", exact=False), rosters) == ()


def test_four_robots_and_one_person() -> None:
    """Four links in one hand: a cell of five is then a cell of one.

    A roster that only the seller has seen is one part, of which four are too few.
    """
    robots = [Insider("Board", {Q: 1})] * 4
    groups = {"Board": 5, "Operations": 12}
    sheets = answers({"Board": [1, 1, 1, 1, 5], "Operations": [4, 4, 5, 3, 2, 4, 4, 5, 4, 3, 4, 4]})
    case = Case(groups, sheets, sponsor=False)
    alone = {"groups": ["Board"], "answered": 5, "band": 1, "camps": False}
    exact = {"groups": ["Board"], "answered": 5, "mean": 1.8}
    assert case.seen(case.unsafe(alone), insiders=robots) == []
    assert says(case.seen(case.unsafe(exact), insiders=robots), "everyone else there answered 5")
    assert [part["part"] for part in case.real["waves"][0]["parts"]] == ["Organisation"]
    case.assert_real_is_safe(insiders=robots)


def cell(wave: dict[str, Any]) -> Cell:
    """The first cell of the question, to be tampered with."""
    first: Cell = wave["questions"][Q][0]
    return first


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (lambda wave: cell(wave).update(mean=3.0), "more than the format has: mean"),
        (lambda wave: cell(wave).update(answered="3-4"), "fewer than 5"),
        (lambda wave: cell(wave).update(consensus=True), "consensus, which so few answers do not allow"),
        (lambda wave: wave["questions"][Q].pop(), "a part is left out"),
        (lambda wave: wave["questions"][Q].append(cell(wave) | {"part": "Organisation"}), "cells overlap"),
        (lambda wave: wave["parts"][0]["groups"].append("Sales"), "parts overlap"),
        (lambda wave: wave["parts"][1].update(answered=8), "no step of n"),
        (lambda wave: wave.update(histogram={Q: [0, 1, 2, 3, 4]}), "more than the format has: histogram"),
        (lambda wave: wave["concerns"].update(K01=7), "more is shown than a level"),
        (lambda wave: wave["concerns"].update(menu="raised"), "the menu for 20 answers"),
        (lambda wave: wave["topics"][0].update(organisation_band=1), "does not follow from the published"),
        (
            lambda wave: wave.update(appendix={"texts": {"text1": ["Mine."]}, "hidden": 0}),
            "fewer than 5 people",
        ),
        (lambda wave: wave.update(band_edges=[2.0, 2.7, 3.3, 4.1]), "other edges"),
    ],
)
def test_whatever_the_format_does_not_have_is_a_finding(
    extra: Callable[[dict[str, Any]], object], words: str
) -> None:
    case = Case(GROUPS, LEGAL_SAID_ONE)
    document = copy.deepcopy(case.real)
    extra(document["waves"][0])
    found = audit(document, {1: GROUPS}, has_sponsor=True)
    assert says(found, words), [str(one) for one in found]
    case.assert_real_is_safe()


def test_figures_that_no_answers_fit_are_not_called_safe() -> None:
    case = Case({"Operations": 5}, answers({"Operations": [5] * 5}))
    cell = {"part": "Organisation", "answered": "5-9", "band": 5, "camps": True, "consensus": None}
    document = case.unsafe(cell)
    assert says(audit(document, {1: case.terms.groups}), "no answers fit its figures")


def test_a_mark_for_everyone_who_ticks_gives_all_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A concern counted out, at a full house: whoever did not tick it knows that all others did."""
    sheets = [{**one, "concerns": ["K01"]} for one in answers({"Operations": [3] * 6})]
    case = Case({"Operations": 6}, [*sheets[:-1], {**sheets[-1], "concerns": []}])
    document = copy.deepcopy(case.real)
    document["waves"][0]["concerns"] = {"menu": "counts", "K01": 5}
    assert says(case.seen(document), "1 of them, of whom 0 ticked it, learn that everyone else ticked it")
    case.assert_real_is_safe()
    monkeypatch.setattr(menu, "raised_from", lambda n: n - 1)  # a menu that rises at all but one
    wrong = sample.report(sample.wave(case.terms, CORE, case.sheets))
    assert wrong["waves"][0]["concerns"]["K01"] is True

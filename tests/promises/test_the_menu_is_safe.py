"""No cell gives anybody away: every table of answers from 5 to 30 people is tried (anonymity.md, section 4).

t colluding members of a part know their own answers, how many answered, and what is published. A menu is
unsafe for n people if for some table every way in which the others may have answered is one same answer from
all. What is published is asked of the product itself: an added figure, or an edge that moves, is tried too.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement

import numpy as np
import pytest
from numpy.typing import NDArray

from survey_service.aggregator import findings, measures, menu

Counts = Sequence[int]
Figures = Callable[[Counts], Hashable]
Table = NDArray[np.int64]

PEOPLE = range(5, 31)
#: k, and the number of colluding insiders it is promised against.
PROMISED = [(5, 1), (9, 2)]


def band_and_camps(counts: Counts) -> Hashable:
    return measures.band(counts), measures.has_camps(counts)


def with_the_mark(counts: Counts) -> Hashable:
    return band_and_camps(counts), measures.is_agreed(counts)


def mean_to_one_decimal(counts: Counts) -> Hashable:
    return round(sum(answer * count for answer, count in enumerate(counts, 1)) / sum(counts), 1)


def published(k: int) -> Figures:
    """Everything a cell shows, whatever that is."""
    return lambda counts: tuple(vars(findings.cell("Operations", counts, k)).values())


@cache
def tables(n: int) -> Table:
    """Every way n people can choose among five answers."""
    grid = np.stack(np.meshgrid(*[np.arange(n + 1)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    grid = grid[grid.sum(axis=1) <= n]
    return np.concatenate([_last_two(row, n - row.sum()) for row in grid])


def _last_two(row: Table, left: int) -> Table:
    fourth = np.arange(left + 1)
    return np.column_stack([np.tile(row, (left + 1, 1)), fourth, left - fourth])


@cache
def looks(n: int, figures: Figures) -> Table:
    """For each table, a number: tables with the same number look alike."""
    shown = [figures(counts) for counts in tables(n).tolist()]
    number = {figure: at for at, figure in enumerate(dict.fromkeys(shown))}
    return np.array([number[figure] for figure in shown])


def is_unsafe(n: int, insiders: int, figures: Figures) -> bool:
    """True where some insiders, or fewer, learn from some table that all others gave one same answer."""
    every, alike = tables(n), looks(n, figures)
    owns = (own for t in range(insiders + 1) for own in _own_answers(t))
    return any(_gives_away(every, alike, np.array(own)) for own in owns)


def _own_answers(insiders: int) -> Iterator[Counts]:
    for answers in combinations_with_replacement(range(5), insiders):
        yield np.bincount(answers, minlength=5).tolist() if answers else [0] * 5


def _gives_away(every: Table, looks: Table, own: Table) -> bool:
    """Of tables that look alike and hold the insiders' own answers: do all leave the others of one mind?"""
    holds = (every >= own).all(axis=1)
    others = every[holds] - own
    of_one_mind = others.max(axis=1) == others.sum(axis=1)
    possible = np.bincount(looks[holds])
    certain = np.bincount(looks[holds][of_one_mind], minlength=len(possible))
    return bool(((possible > 0) & (possible == certain)).any())


def unsafe(insiders: int, figures: Figures) -> set[int]:
    """The numbers of people for which the figures are unsafe."""
    return {n for n in PEOPLE if is_unsafe(n, insiders, figures)}


@pytest.mark.parametrize(
    ("figures", "one_insider", "two_insiders"),
    [(band_and_camps, set(), {5, 6, 7, 8}), (with_the_mark, {6}, {5, 6, 7, 8, 12})],
)
def test_the_table_of_unsafe_numbers_comes_out_as_written(
    figures: Figures, one_insider: set[int], two_insiders: set[int]
) -> None:
    assert unsafe(1, figures) == one_insider
    assert unsafe(2, figures) == two_insiders


@pytest.mark.parametrize("figures", [mean_to_one_decimal, tuple])
def test_decimals_and_counts_are_never_safe(figures: Figures) -> None:
    assert unsafe(1, figures) == set(PEOPLE)


@pytest.mark.parametrize(("k", "insiders"), PROMISED)
def test_what_a_cell_shows_withstands_the_insiders_it_promises(k: int, insiders: int) -> None:
    figures = published(k)
    assert not [n for n in PEOPLE if n >= k and is_unsafe(n, insiders, figures)]


def test_the_other_edge_convention_would_give_four_people_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def band(value: float, edges: Sequence[float]) -> int:
        return 1 + sum(value >= edge for edge in edges)

    monkeypatch.setattr(measures, "_band", band)
    assert is_unsafe(5, 1, published(5))


def test_an_added_figure_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "shows_consensus", lambda n, k: True)
    assert is_unsafe(6, 1, published(5))


def ticks_are_unsafe(n: int, insiders: int, level: Callable[[int, int], Hashable]) -> bool:
    """True where some insiders, or fewer, learn that all others ticked one concern, or that none did."""
    return any(_ticks_give_away(n, t, own, level) for t in range(insiders + 1) for own in range(t + 1))


def _ticks_give_away(n: int, insiders: int, own: int, level: Callable[[int, int], Hashable]) -> bool:
    rest = n - insiders
    by_level: dict[Hashable, set[int]] = {}
    for others in range(rest + 1):
        by_level.setdefault(level(own + others, n), set()).add(others)
    return any(possible <= {0, rest} for possible in by_level.values())


def three_levels(ticks: int, n: int) -> int:
    return (4 * ticks >= n) + (2 * ticks >= n)


def raised(ticks: int, n: int) -> bool:
    return ticks >= menu.raised_from(n)


@pytest.mark.parametrize(
    ("level", "insiders", "expected"),
    [
        (raised, 1, set()),
        (raised, 2, {5, 6}),
        (three_levels, 1, {5, 6, 7, 8}),
        (three_levels, 2, set(range(5, 13))),
    ],
)
def test_the_table_for_ticks_comes_out_as_written(
    level: Callable[[int, int], Hashable], insiders: int, expected: set[int]
) -> None:
    assert {n for n in PEOPLE if ticks_are_unsafe(n, insiders, level)} == expected


@pytest.mark.parametrize(("k", "insiders"), PROMISED)
def test_what_ticks_show_withstands_the_insiders_it_promises(k: int, insiders: int) -> None:
    def level(ticks: int, n: int) -> Hashable:
        return menu.tick_level(ticks, n, k)

    assert not [n for n in range(k, 200) if ticks_are_unsafe(n, insiders, level)]


def test_a_mark_for_a_full_house_would_give_everyone_away() -> None:
    assert ticks_are_unsafe(5, 1, lambda ticks, n: ticks == n)


@dataclass(frozen=True)
class FullerCell(findings.Cell):
    """A cell that somebody has added a figure to."""

    mean: float


def test_a_figure_added_to_a_cell_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = findings.cell

    def fuller(part: str, counts: Counts, k: int) -> FullerCell:
        return FullerCell(**vars(plain(part, counts, k)), mean=round(measures.mean(counts) or 0, 1))

    assert not is_unsafe(8, 1, published(5))
    monkeypatch.setattr(findings, "cell", fuller)
    assert is_unsafe(8, 1, published(5))


@pytest.mark.parametrize("moved", [0, 3])
def test_either_outer_edge_moved_inwards_would_be_noticed(
    moved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mean of exactly 2.0, or of exactly 4.0, in the neighbouring band."""

    def band(value: float, edges: Sequence[float]) -> int:
        low, lower, higher, high = edges
        below = value >= low if moved == 0 else value > low
        return (
            1 + below + (value > lower) + (value >= higher) + (value > high if moved == 3 else value >= high)
        )

    monkeypatch.setattr(measures, "_band", band)
    assert is_unsafe(5, 1, published(5))

"""From a report's JSON to claims: what each figure tells a reader who knows docs/report.md.

Beside the figures of the format it reads such as an unsafe report might show, so that they are not passed
over: exact numbers of answers, means with decimals, consensus as a number, counts, cells of some ``groups``
only, a list of further ``rows``, ``earlier`` totals of the wave, and a cell that is ``hidden`` for a reason.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from survey_service.aggregator.audit.claims import Claims, Few, Row, Sheets, Snapshot, Ticks
from survey_service.aggregator.audit.figures import MANY, Figures, Span
from survey_service.instrument.model import Instrument

Document = Mapping[str, Any]
Sizes = Mapping[str, int]

ORGANISATION: Final = "Organisation"
OTHER_ROLES: Final = "Other roles"
AGREED: Final = 0.6
SPARE: Final = 2
#: Between waves this far apart answers may have changed; nearer, a reader may take them for the same.
APART: Final = timedelta(days=14)


def claims(waves: Sequence[Document], sizes: Sequence[Sizes], instruments: Sequence[Instrument]) -> Claims:
    """Everything the waves tell; ``sizes``: each wave's roster, people by group ({}: not known)."""
    snapshots: list[Snapshot] = []
    grows: list[tuple[str, str]] = []
    last: list[str] = []
    for wave, roster, instrument in zip(waves, sizes, instruments, strict=True):
        if wave.get("too_few"):
            continue
        found = [*_earlier(wave, roster, instrument), snapshot(wave, roster, instrument)]
        snapshots += found
        grows += pairwise(one.name for one in found)
        last.append(found[-1].name)
    grows += _unchanged(waves, last)
    return Claims(snapshots, grows)


def snapshot(wave: Document, roster: Sizes, instrument: Instrument, name: str = "") -> Snapshot:
    """What one wave, or an earlier total of it, tells of its sheets."""
    sizes = _sizes(wave, roster)
    asked = [question.id for question in instrument.questions]
    return Snapshot(
        wave=wave["wave"],
        name=name or f"wave {wave['wave']}",
        k=wave["k"],
        sizes=sizes,
        sheets=[*_sheets(wave, sizes), *(() if name else _partition(wave["parts"], roster, wave["k"]))],
        rows=list(_rows(wave, sizes)),
        few=list(_few(wave, sizes)),
        concerns=list(_ticks(wave.get("concerns"), wave["answered"])),
        cannot_tell={
            ticks.what: ticks
            for ticks in _ticks(wave.get("cannot_tell"), wave["answered"])
            if ticks.what in asked
        },
        reverse=frozenset(question.id for question in instrument.questions if question.reverse),
    )


def _earlier(wave: Document, roster: Sizes, instrument: Instrument) -> Iterator[Snapshot]:
    """Totals that were shown before the wave closed: their sheets are among those of the close."""
    for at, total in enumerate(wave.get("earlier", ()), start=1):
        parts = [{**part, "answered": "0+"} for part in wave["parts"]]
        whole = {**wave, "parts": parts, "cannot_tell": None, "concerns": None, **total}
        yield snapshot(whole, roster, instrument, f"wave {wave['wave']}, total {at}")


def _unchanged(waves: Sequence[Document], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Waves so close to each other that people will have answered the same again."""
    heard = [wave for wave in waves if not wave.get("too_few")]
    for (earlier, later), pair in zip(pairwise(heard), pairwise(names), strict=True):
        apart = date.fromisoformat(later["closed_on"]) - date.fromisoformat(earlier["closed_on"])
        is_same = earlier["instrument"] == later["instrument"]
        if is_same and apart < APART and earlier["answered"] <= later["answered"]:
            yield pair


def _sizes(wave: Document, roster: Sizes) -> dict[str, int]:
    """The most sheets of each group: its roster, or where that is not known its part's."""
    invited = {group: part["invited"] for part in wave["parts"] for group in part["groups"]}
    return {group: roster.get(group, most) for group, most in invited.items()}


def _sheets(wave: Document, sizes: Sizes) -> Iterator[Sheets]:
    """How the sheets lie, by n and the parts' steps."""
    yield Sheets(frozenset(sizes), Span(wave["answered"], wave["answered"]))
    for part in wave["parts"]:
        step = number(part["answered"])
        yield Sheets(frozenset(part["groups"]), step.meets(Span(0, part["invited"])))


def _partition(parts: Sequence[Document], roster: Sizes, k: int) -> Iterator[Sheets]:
    """A group large enough stands alone from k sheets on; so one that does not has fewer (rule 3)."""
    for part in parts if len(parts) > 1 else ():
        if len(part["groups"]) < 2:
            continue
        host = part["part"].removesuffix(" and others") if part["part"] != OTHER_ROLES else None
        others = [group for group in part["groups"] if group != host]
        large = [group for group in others if roster.get(group, 0) >= k + SPARE]
        yield from (Sheets(frozenset({group}), Span(0, k - 1)) for group in large)
        if host is not None:
            yield Sheets(frozenset(others), Span(0, k - 1))
            yield Sheets(frozenset({host}), Span(k, MANY))


def _rows(wave: Document, sizes: Sizes) -> Iterator[Row]:
    for question, cells in wave["questions"].items():
        yield from (_row(cell, (question,), wave, sizes) for cell in cells)
    for row in wave.get("rows", ()):
        yield _row(row, tuple(row["questions"]), wave, sizes)


def _row(cell: Document, questions: tuple[str, ...], wave: Document, sizes: Sizes) -> Row:
    groups = _groups(cell, wave, sizes)
    most = min(sum(sizes[group] for group in groups), wave["answered"]) * len(questions)
    part = cell.get("part") or " and ".join(sorted(groups))
    return Row(part, groups, questions, figures(cell, most))


def _groups(cell: Document, wave: Document, sizes: Sizes) -> frozenset[str]:
    """Whose answers a cell tells of: the groups it names, its part's, or everyone's."""
    if "groups" in cell:
        return frozenset(cell["groups"])
    named = {part["part"]: part["groups"] for part in wave["parts"]}
    return frozenset(named.get(cell["part"], sizes))


def figures(cell: Document, most: int = MANY) -> Figures:
    """A cell's figures as claims."""
    consensus = cell.get("consensus")
    mean = cell.get("mean")
    counts = cell.get("counts")
    return Figures(
        n=number(cell["answered"]).meets(Span(0, most)) if "answered" in cell else Span(0, most),
        band=cell.get("band"),
        camps=cell.get("camps"),
        consensus=None if consensus is None else _consensus(consensus),
        mean=None if mean is None else _printed(mean),
        counts=None if counts is None else tuple(counts),
        of_one_mind=cell.get("hidden") == "of one mind",
    )


def number(told: str | int) -> Span:
    """A number of answers as it is told: exactly, or as a step such as '5-9' or '40+'. Raises ValueError."""
    if isinstance(told, int):
        return Span(told, told)
    if told.endswith("+"):
        return Span(int(told[:-1]), MANY)
    low, high = told.split("-")
    return Span(int(low), int(high))


def _consensus(told: float | bool) -> tuple[float, float]:
    """From the mark, or from printed decimals."""
    if isinstance(told, bool):
        return (AGREED, math.inf) if told else (-math.inf, AGREED)
    low, high = _printed(told)
    return float(low), float(high)


def _printed(told: float) -> tuple[Fraction, Fraction]:
    """Every number that is printed so, rounded either way on a half."""
    exact = Fraction(str(told))
    half = Fraction(1, 2 * 10 ** len(str(told).partition(".")[2]))
    return exact - half, exact + half


def _few(wave: Document, sizes: Sizes) -> Iterator[Few]:
    """A question told for all at once had fewer than k numbers in some part; one not told at all, in all."""
    parts = tuple(frozenset(part["groups"]) for part in wave["parts"])
    for question, cells in wave["questions"].items():
        if not cells:
            yield Few(question, (frozenset(sizes),), wave["k"] - 1)
        elif len(parts) > 1 and [cell.get("part") for cell in cells] == [ORGANISATION]:
            yield Few(question, parts, wave["k"] - 1)


def _ticks(told: Document | None, n: int) -> Iterator[Ticks]:
    """How many ticked, by the level under its menu, or exactly where a number of people is given."""
    told = told or {}
    for what, level in told.items():
        if what != "menu":
            yield Ticks(what, n, _level(told.get("menu"), level, n))


def _level(menu: str | None, level: int | bool, n: int) -> Span:
    """The numbers of people that show so; what is no level of the menu is a number of people."""
    if menu == "raised" and isinstance(level, bool):
        start = min(max(3, (n + 1) // 2), n - 2)
        return Span(start, n) if level else Span(0, start - 1)
    if menu == "three levels" and level in (0, 1, 2):
        starts = [0, -(-n // 4), -(-n // 2), n + 1]
        return Span(starts[level], starts[level + 1] - 1)
    return Span(level, level)

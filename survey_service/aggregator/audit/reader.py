"""The audit itself: read a report, ask what follows, say it in plain words."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from survey_service.aggregator.audit import alone, joint, reading, sentences, structure, ticked
from survey_service.aggregator.audit.claims import Claims, Insider, Row, Snapshot
from survey_service.aggregator.audit.finding import CONTRADICTION, Finding
from survey_service.aggregator.audit.joint import Asked, Model
from survey_service.aggregator.audit.knowing import Knowing
from survey_service.aggregator.audit.system import Limit, System
from survey_service.instrument import catalog

FORMAT = "common-ground/report/1"
Rosters = Mapping[int, Mapping[str, int]]


class NoReport(ValueError):
    """What was given is no report that can be read."""


def audit(
    report: Mapping[str, Any],
    rosters: Rosters | None = None,
    *,
    insiders: int | Sequence[Insider] | None = None,
    has_sponsor: bool | None = None,
) -> tuple[Finding, ...]:
    """What follows from a report that must not; empty: it is safe.

    ``rosters``: people by group, for each wave by its number, as far as known. ``insiders``: how many members
    of a part put their answers together, whatever they are (by default as many as the wave's k promises to
    withstand: one for 5, two for 9); or the very sheets that some know. ``has_sponsor``: None if unknown.
    Raises NoReport, and SolverMissing without scipy.
    """
    if not isinstance(report, Mapping) or report.get("format") != FORMAT:
        raise NoReport(FORMAT)
    try:
        return tuple(dict.fromkeys(_findings(report["waves"], rosters or {}, insiders, has_sponsor)))
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        raise NoReport(str(fault)) from fault


def _findings(
    waves: Sequence[Mapping[str, Any]],
    rosters: Rosters,
    insiders: int | Sequence[Insider] | None,
    has_sponsor: bool | None,
) -> Iterator[Finding]:
    instruments = [catalog.of_wave(wave).instrument for wave in waves]
    sizes = [rosters.get(wave["wave"], {}) for wave in waves]
    for wave, roster, instrument in zip(waves, sizes, instruments, strict=True):
        yield from structure.broken_rules(wave, instrument, roster, has_sponsor=has_sponsor)
    for (earlier, before), (later, after) in pairwise(zip(waves, sizes, strict=True)):
        yield from structure.movement_faults(earlier, later, (before, after))
    claims = reading.claims(waves, sizes, instruments)
    knowing = Knowing(insiders)
    for snapshot in claims.snapshots:
        yield from _sheets(snapshot)
        yield from ticked.findings(snapshot, knowing)
    for asked, together in joint.components(claims).items():
        yield from _question(claims, asked, together, knowing)


def _sheets(snapshot: Snapshot) -> Iterator[Finding]:
    """Whether the numbers of sheets can be true together."""
    system = System()
    places = {group: system.number(0, size) for group, size in snapshot.sizes.items()}
    for groups, span in snapshot.sheets:
        system.require(Limit({places[group]: 1.0 for group in groups}, *span))
    if system.solve() is None:
        yield Finding(CONTRADICTION, snapshot.name, "its numbers of answers cannot be true together.")


def _question(
    claims: Claims, asked: Asked, together: frozenset[Asked], knowing: Knowing
) -> Iterator[Finding]:
    """What follows about one question of one snapshot."""
    snapshot = next(one for one in claims.snapshots if one.name == asked[0])
    rows = [row for row in snapshot.rows if asked[1] in row.questions]
    impossible = [row for row in rows if not _can_be(row)]
    if impossible:
        yield from (sentences.cannot_be(snapshot, row) for row in impossible)
    elif len(together) > 1 or _share(rows) or not all(_is_safe_alone(snapshot, row, knowing) for row in rows):
        yield from _read_together(claims, asked, together, knowing)


def _share(rows: Sequence[Row]) -> bool:
    """True where somebody's answers stand in two rows."""
    groups = [group for row in rows for group in row.groups]
    return len(set(groups)) < len(groups)


def _can_be(row: Row) -> bool:
    """True where some answers look like the row; a pooled row is left to the reading together."""
    span = row.figures.n
    shape = row.figures.of(span.low)
    return len(row.questions) > 1 or any(alone.is_possible(shape, n) for n in alone.numbers(span))


def _is_safe_alone(snapshot: Snapshot, row: Row, knowing: Knowing) -> bool:
    """True where nothing follows whatever the number of answers: most rows of most reports."""
    span = row.figures.n
    owns = knowing.owns(snapshot, row.questions[0], row.groups)
    several = row.groups if len(row.groups) > 1 else ()
    small = max((snapshot.sizes[one] for one in several if snapshot.sizes[one] < snapshot.k), default=0)
    return not any(alone.leaks(row.figures.of(span.low), n, owns, small) for n in alone.numbers(span))


def _read_together(
    claims: Claims, asked: Asked, together: frozenset[Asked], knowing: Knowing
) -> Iterator[Finding]:
    """All that follows about a question from every row that touches it."""
    model = Model(claims, together)
    for snapshot in claims.snapshots:
        knowing.tell(model, snapshot, [question for name, question in together if name == snapshot.name])
    snapshot = next(one for one in claims.snapshots if one.name == asked[0])
    if model.system.solve() is None:
        yield sentences.cannot_be_together(snapshot, asked[1])
        return
    for target in joint.targets(claims, asked):
        owns = knowing.owns(snapshot, asked[1], target.groups)
        found = joint.leaks(model, target, owns, snapshot.k)
        yield from sentences.about(snapshot, target, found)

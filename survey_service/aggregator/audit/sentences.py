"""What a leak means, in a sentence that a tired person understands."""

from collections.abc import Iterable, Iterator, Sequence

from survey_service.aggregator.audit.alone import Counts, Leak
from survey_service.aggregator.audit.claims import Row, Snapshot
from survey_service.aggregator.audit.figures import VALUES
from survey_service.aggregator.audit.finding import CLOSE, CONTRADICTION, GIVES_AWAY, Finding
from survey_service.aggregator.audit.joint import Target


def about(snapshot: Snapshot, target: Target, leaks: Sequence[Leak]) -> Iterator[Finding]:
    """Findings about a target: the plainest first, and no insider where everyone learns it."""
    where = _where(snapshot, target.question, _name(target))
    is_turned = target.question in snapshot.reverse
    close = [leak for leak in leaks if leak.span]
    open_ = [leak for leak in leaks if not leak.span and not any(leak.own)]
    inside = [leak for leak in leaks if not leak.span and any(leak.own)]
    for leak in close:
        yield Finding(CLOSE, where, _closely(leak, _name(target), is_turned=is_turned))
    for leak in open_ or inside:
        yield Finding(GIVES_AWAY, where, _all(leak, _name(target), is_turned=is_turned))


def cannot_be(snapshot: Snapshot, row: Row) -> Finding:
    """Of a row that no answers fit."""
    where = _where(snapshot, " and ".join(row.questions), row.part)
    return Finding(CONTRADICTION, where, "no answers fit its figures.")


def cannot_be_together(snapshot: Snapshot, question: str) -> Finding:
    """Of rows that no answers fit together."""
    return Finding(CONTRADICTION, _where(snapshot, question), "no answers fit its figures together.")


def _where(snapshot: Snapshot, *parts: str) -> str:
    return ", ".join((snapshot.name, *parts))


def _name(target: Target) -> str:
    if target.since:
        return f"whoever answered after {target.since}"
    return target.row.part if target.row else _listed(sorted(target.groups))


def _all(leak: Leak, name: str, *, is_turned: bool) -> str:
    what = "gave one same answer" if leak.answer is None else f"answered {_asked(leak.answer, is_turned)}"
    if not sum(leak.own):
        return f"everyone in {name} who gave a number {what}."
    own = _listed([str(_asked(value, is_turned)) for value in _values(leak.own)])
    who = "one member" if sum(leak.own) == 1 else f"{sum(leak.own)} members"
    return f"{who} of {name} who answered {own} can tell that everyone else there {what}."


def _closely(leak: Leak, name: str, *, is_turned: bool) -> str:
    assert leak.span is not None
    low, high = sorted(6 - end for end in leak.span) if is_turned else leak.span
    group = f"an unpublished group of {leak.size} ({name})"
    return f"{group} is known to within 1 point: its mean is {low:.2f} to {high:.2f}."


def _asked(value: int, is_turned: bool) -> int:
    """The answer as it was asked."""
    return 6 - value if is_turned else value


def _values(own: Counts) -> list[int]:
    return [value for value, count in zip(VALUES, own, strict=True) for _ in range(count)]


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last

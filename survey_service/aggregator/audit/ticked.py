"""Concerns and don't-knows: how many ticked is one unknown number, of which a level or a count is told."""

from collections.abc import Iterator

from survey_service.aggregator.audit.claims import Snapshot, Ticks
from survey_service.aggregator.audit.finding import CONTRADICTION, GIVES_AWAY, Finding
from survey_service.aggregator.audit.knowing import Knowing


def findings(snapshot: Snapshot, knowing: Knowing) -> Iterator[Finding]:
    """Whether all but the insiders must have ticked something, or none of them."""
    for ticks in [*snapshot.concerns, *(snapshot.cannot_tell or {}).values()]:
        where = f"{snapshot.name}, {ticks.what}"
        if ticks.span.low > ticks.span.high or ticks.span.low > ticks.n:
            yield Finding(CONTRADICTION, where, f"no number of {ticks.n} people fits its mark.")
            continue
        for insiders, own in knowing.ticks(ticks.what, snapshot):
            meaning = _learned(ticks, insiders, own)
            if meaning:
                yield Finding(GIVES_AWAY, where, meaning)


def _learned(ticks: Ticks, insiders: int, own: int) -> str | None:
    rest = ticks.n - insiders
    possible = {others for others in range(rest + 1) if ticks.span.low <= others + own <= ticks.span.high}
    if rest < 1 or not possible or not possible <= {0, rest} or (rest == 1 and len(possible) > 1):
        return None
    whom = (
        "everyone"
        if not insiders
        else f"{insiders} of them, of whom {own} ticked it, learn that everyone else"
    )
    did = (
        "ticked it, or nobody did"
        if len(possible) > 1
        else "ticked it"
        if rest in possible
        else "did not tick it"
    )
    return f"{whom} {did}."

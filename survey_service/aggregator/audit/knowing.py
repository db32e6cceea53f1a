"""What insiders know: how many of them put their sheets together, or the very sheets."""

from collections.abc import Collection, Iterable, Sequence

from survey_service.aggregator.audit.alone import NOBODY, Counts, Owns, own_answers
from survey_service.aggregator.audit.claims import Insider, Snapshot
from survey_service.aggregator.audit.figures import VALUES
from survey_service.aggregator.audit.joint import Model

#: How many colluding insiders each k promises to withstand.
WITHSTOOD = {5: 1, 9: 2}


class Knowing:
    """Insiders: by number, each with any answers; or by their sheets; None: as many as k withstands."""

    def __init__(self, insiders: int | Sequence[Insider] | None) -> None:
        self._number = insiders if isinstance(insiders, int) else None
        self._sheets: Sequence[Insider] = insiders if isinstance(insiders, Sequence) else ()

    def number(self, snapshot: Snapshot) -> int:
        """How many there are."""
        if self._sheets:
            return len(self._sheets)
        return WITHSTOOD[snapshot.k] if self._number is None else self._number

    def owns(self, snapshot: Snapshot, question: str, groups: Collection[str]) -> Owns:
        """What they may have answered, as counts from bad to good; first what nobody knows."""
        if not self._sheets:
            return tuple(own_answers(self.number(snapshot)))
        values = [_value(one, snapshot, question) for one in self._sheets if one.group in groups]
        return tuple(dict.fromkeys((NOBODY, _counts(value for value in values if value))))

    def ticks(self, what: str, snapshot: Snapshot) -> Iterable[tuple[int, int]]:
        """Pairs of how many insiders there are and how many of them ticked something."""
        if not self._sheets:
            return [(t, own) for t in range(self.number(snapshot) + 1) for own in range(t + 1)]
        mine = sum(what in one.concerns or one.answers.get(what) == "dk" for one in self._sheets)
        return [(0, 0), (len(self._sheets), mine)]

    def tell(self, model: Model, snapshot: Snapshot, questions: Iterable[str]) -> None:
        """Add known sheets to a model."""
        for question in questions:
            for one in self._sheets:
                value = _value(one, snapshot, question)
                if value and one.group in snapshot.sizes:
                    model.admit(snapshot.name, question, one.group, value)


def _value(insider: Insider, snapshot: Snapshot, question: str) -> int | None:
    answer = insider.answers.get(question)
    if not isinstance(answer, int):
        return None
    return 6 - answer if question in snapshot.reverse else answer


def _counts(values: Iterable[int]) -> Counts:
    known = list(values)
    return tuple(known.count(value) for value in VALUES)

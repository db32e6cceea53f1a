"""What each group would become in the report if everyone answers, told before launch. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_service.aggregator import partition
from survey_service.aggregator.partition import SPARE, Part


@dataclass(frozen=True)
class Exposure:
    """One group beside the part its answers would appear in. ``others`` are the part's other groups."""

    group: str
    people: int
    part: Part
    others: tuple[str, ...]

    @property
    def is_alone(self) -> bool:
        """Whether the group is shown by itself."""
        return not self.others


def expose(sizes: Mapping[str, int], *, k: int, has_sponsor: bool) -> tuple[Exposure, ...]:
    """Every group of the roster, in its order; ``sizes`` are people by group."""
    parts = partition.preview(sizes, k=k, has_sponsor=has_sponsor)
    return tuple(_exposure(group, people, parts) for group, people in sizes.items())


def alone_from(k: int) -> int:
    """How many people the smallest group has that is shown by itself."""
    return k + SPARE


def small(exposures: Sequence[Exposure], *, k: int) -> tuple[Exposure, ...]:
    """The groups that have too few people to be shown by themselves."""
    return tuple(one for one in exposures if one.people < alone_from(k))


def _exposure(group: str, people: int, parts: Sequence[Part]) -> Exposure:
    part = partition.part_of(group, parts)
    return Exposure(group, people, part, tuple(name for name in part.groups if name != group))

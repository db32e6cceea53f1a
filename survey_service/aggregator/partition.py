"""Which groups are shown alone and which together: one partition per wave (anonymity.md, rule 3).

Parts never overlap and leave nobody out, so that no figure can be had by subtraction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

ORGANISATION = "Organisation"
OTHER_ROLES = "Other roles"
#: Names no group may have.
RESERVED = (ORGANISATION, OTHER_ROLES)
#: People a group needs beyond k to be a part of its own, so that two may stay silent.
SPARE = 2


@dataclass(frozen=True)
class Part:
    """Groups published together, in the order of the terms; ``people`` counts their roster."""

    name: str
    groups: tuple[str, ...]
    people: int


def parts(
    sizes: Mapping[str, int], sheets: Mapping[str, int], *, k: int, has_sponsor: bool
) -> tuple[Part, ...]:
    """The partition at close.

    ``sizes``: people on the roster by group, in the order of the terms; ``sheets``: how many answered.
    A group stands alone with k + 2 on the roster and k sheets; the others stand together. Without a sponsor
    the organisation is one part: a roster that only the seller controls could single someone out.
    """
    alone = [group for group in sizes if sizes[group] >= k + SPARE and sheets.get(group, 0) >= k]
    others = [group for group in sizes if group not in alone]
    found = [Part(group, (group,), sizes[group]) for group in alone]
    if others and sum(sheets.get(group, 0) for group in others) >= k:
        found.append(_part(OTHER_ROLES, others, sizes))
    elif others and found:
        found = _joined(found, others, sizes)
    if len(found) < 2 or not has_sponsor:
        return (_part(ORGANISATION, sizes, sizes),)
    return tuple(found)


def preview(sizes: Mapping[str, int], *, k: int, has_sponsor: bool) -> tuple[Part, ...]:
    """The partition if everyone answers: what each group would become, told before launch and sending."""
    return parts(sizes, sizes, k=k, has_sponsor=has_sponsor)


def part_of(group: str, among: Sequence[Part]) -> Part:
    """The part in which a group's answers appear. Raises KeyError for a group that is in none."""
    for part in among:
        if group in part.groups:
            return part
    raise KeyError(group)


def _joined(alone: Sequence[Part], others: Sequence[str], sizes: Mapping[str, int]) -> list[Part]:
    """The others, too few to stand together, join the smallest part (by roster, then name)."""
    smallest = min(alone, key=lambda part: (part.people, part.name))
    host = _part(f"{smallest.name} and others", {*smallest.groups, *others}, sizes)
    return [host if part is smallest else part for part in alone]


def _part(name: str, groups: Iterable[str], sizes: Mapping[str, int]) -> Part:
    among = set(groups)
    ordered = tuple(group for group in sizes if group in among)
    return Part(name, ordered, sum(sizes[group] for group in ordered))

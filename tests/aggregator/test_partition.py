"""Which groups stand alone, which stand together, and what it is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.aggregator import partition
from survey_service.aggregator.partition import Part

SIZES = st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(1, 30), min_size=1)


def at_close(
    sizes: dict[str, int], sheets: dict[str, int] | None = None, k: int = 5
) -> list[tuple[str, ...]]:
    found = partition.parts(sizes, sheets or sizes, k=k, has_sponsor=True)
    return [(part.name, *part.groups) for part in found]


def test_a_group_with_two_to_spare_stands_alone() -> None:
    assert at_close({"Sales": 7, "Operations": 8}) == [("Sales", "Sales"), ("Operations", "Operations")]


def test_a_group_without_two_to_spare_stands_with_the_others_even_if_all_answered() -> None:
    sizes = {"Legal": 6, "Operations": 8, "Finance": 3}
    assert at_close(sizes) == [("Operations", "Operations"), ("Other roles", "Legal", "Finance")]


def test_a_group_of_which_four_answered_stands_with_the_others() -> None:
    sizes, sheets = {"Sales": 20, "Operations": 8, "Legal": 3}, {"Sales": 4, "Operations": 8, "Legal": 1}
    assert at_close(sizes, sheets) == [("Operations", "Operations"), ("Other roles", "Sales", "Legal")]


def test_others_who_are_too_few_join_the_part_with_the_smallest_roster() -> None:
    sizes = {"Legal": 2, "Sales": 9, "Operations": 8, "Finance": 2}
    assert at_close(sizes) == [
        ("Sales", "Sales"),
        ("Operations and others", "Legal", "Operations", "Finance"),
    ]


def test_others_join_the_first_by_name_where_two_parts_are_equally_small() -> None:
    assert at_close({"Sales": 8, "Legal": 2, "Operations": 8})[1] == (
        "Operations and others",
        "Legal",
        "Operations",
    )


def test_others_of_whom_nobody_answered_still_belong_to_a_part() -> None:
    sizes, sheets = {"Sales": 9, "Operations": 8, "Legal": 3}, {"Sales": 9, "Operations": 8}
    assert at_close(sizes, sheets)[1] == ("Operations and others", "Operations", "Legal")


@pytest.mark.parametrize("sizes", [{"Sales": 30}, {"Sales": 8, "Legal": 2}, {"Sales": 4, "Legal": 6}])
def test_a_single_part_is_called_the_organisation(sizes: dict[str, int]) -> None:
    assert at_close(sizes) == [("Organisation", *sizes)]


def test_without_a_sponsor_the_organisation_is_one_part() -> None:
    sizes = {"Sales": 20, "Operations": 20}
    found = partition.parts(sizes, sizes, k=5, has_sponsor=False)
    assert found == (Part("Organisation", ("Sales", "Operations"), 40),)


def test_with_k_of_nine_a_group_needs_eleven_people() -> None:
    sizes = {"Sales": 10, "Operations": 11, "Legal": 12}
    assert at_close(sizes, k=9) == [
        ("Operations", "Operations"),
        ("Legal", "Legal"),
        ("Other roles", "Sales"),
    ]


def test_the_preview_tells_each_group_what_it_would_become() -> None:
    found = partition.preview({"Sales": 9, "Legal": 3, "Finance": 2}, k=5, has_sponsor=True)
    assert partition.part_of("Finance", found) == Part("Other roles", ("Legal", "Finance"), 5)
    with pytest.raises(KeyError):
        partition.part_of("Marketing", found)


@given(sizes=SIZES, data=st.data(), k=st.sampled_from([5, 9]))
def test_every_group_is_in_one_part_and_no_part_rests_on_fewer_than_k(
    sizes: dict[str, int], data: st.DataObject, k: int
) -> None:
    sheets = {group: data.draw(st.integers(0, people)) for group, people in sizes.items()}
    found = partition.parts(sizes, sheets, k=k, has_sponsor=True)
    assert sorted(group for part in found for group in part.groups) == sorted(sizes)
    assert sum(part.people for part in found) == sum(sizes.values())
    if sum(sheets.values()) >= k:
        assert all(sum(sheets[group] for group in part.groups) >= k for part in found)


@given(sizes=SIZES, data=st.data())
def test_who_stands_together_does_not_hang_on_the_order_of_groups(
    sizes: dict[str, int], data: st.DataObject
) -> None:
    sheets = {group: data.draw(st.integers(0, people)) for group, people in sizes.items()}
    found = partition.parts(sizes, sheets, k=5, has_sponsor=True)
    again = partition.parts(dict(reversed(sizes.items())), sheets, k=5, has_sponsor=True)
    assert {frozenset(part.groups) for part in found} == {frozenset(part.groups) for part in again}

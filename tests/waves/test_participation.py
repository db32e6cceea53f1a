"""Before close a seller sees answers in steps wide enough to hide anyone."""

import pytest

from survey_service.waves.participation import MOST, NOT_SHOWN, step


@pytest.mark.parametrize(
    ("answered", "invited", "seen"),
    [
        (0, 26, 0),
        (4, 26, 0),
        (5, 26, 5),
        (9, 26, 5),
        (24, 26, 20),
        (25, 26, MOST),
        (26, 26, MOST),
        (19, 200, 0),
        (20, 200, 20),
        (5, 5, NOT_SHOWN),
    ],
)
def test_answers_are_seen_in_steps_of_five_or_a_tenth(answered: int, invited: int, seen: int) -> None:
    assert step(answered, invited) == seen


@pytest.mark.parametrize("invited", range(5, 300))
def test_that_everyone_has_answered_is_never_seen(invited: int) -> None:
    assert step(invited, invited) == step(invited - 1, invited)

"""The bench itself, in its shortest form: a bench that breaks off tells nobody anything."""

from pathlib import Path

import pytest

from bench import answering, closing
from bench.figures import Figure


def test_the_shortest_measurement_gives_a_line_with_its_limit(tmp_path: Path) -> None:
    [figure] = closing.counting(tmp_path)
    assert "10,000 sheets" in figure.row()
    assert "under 0.5 s" in figure.row()


def test_a_limit_that_is_passed_stands_in_capitals() -> None:
    row = Figure("page", "1/s", "2/s", 0.5, "at least 0.8", holds=False).row()
    assert "**PAST ITS LIMIT**" in row


@pytest.mark.long
def test_people_who_answer_for_a_second_lose_nothing_and_are_held_against_both_baselines(
    tmp_path: Path,
) -> None:
    deposit, evenly = answering.deposits_on_sqlite(tmp_path, lasting=1)
    assert "0 lost, 0 doubled" in deposit.ours
    assert "2 requests" in deposit.baseline
    assert "3 requests" in evenly.baseline

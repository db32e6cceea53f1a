"""The shipped place table is what its model says."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from survey_service.aggregator.place import TABLE

BENCH: dict[str, Any] = runpy.run_path(str(Path(__file__).parents[2] / "bench" / "place_table.py"))


@pytest.mark.parametrize("state", ["done", "open"])
@pytest.mark.parametrize(("step", "people"), [("5-9", 7), ("10-19", 14)])
def test_the_shipped_shares_are_near_the_exact_ones(step: str, people: int, state: str) -> None:
    shares = BENCH["exact"](people, TABLE["model"][state])
    assert shares.sum() == pytest.approx(1)
    assert np.abs(shares - np.array(TABLE["table"][step][state])).max() < 0.002


def test_a_shifted_model_would_be_noticed() -> None:
    shares = BENCH["exact"](7, TABLE["model"]["open"])
    assert np.abs(shares - np.array(TABLE["table"]["5-9"]["done"])).max() > 0.1

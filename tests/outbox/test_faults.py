"""The short form of `./run faults`: real workers, SIGKILL, two databases."""

from pathlib import Path

import pytest
from faults import scenes


@pytest.mark.slow
@pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True
)
def test_workers_killed_amid_letters_lose_none_and_rename_none(tmp_path: Path, database_url: str) -> None:
    tally = scenes.play(
        scenes.killed, name="killed", folder=tmp_path / "data", database_url=database_url, people=30, kills=4
    )
    assert (tally.due, tally.accepted, tally.missing, tally.other_id) == (30, 30, 0, 0)
    assert tally.same_id <= tally.kills

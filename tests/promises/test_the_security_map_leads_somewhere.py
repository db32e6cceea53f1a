"""docs/security.md names every chapter of ASVS 5.0, and every file and test it points to is there."""

import re
from pathlib import Path

from rig import house

PAPER = house.ROOT / "docs" / "security.md"
CHAPTERS = 17


def rows() -> list[list[str]]:
    """Chapter, how, where, tried by."""
    lines = [line for line in PAPER.read_text().splitlines() if line.startswith("| V")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def pointers(cell: str, *roots: Path) -> list[tuple[str, bool]]:
    """Each name in a cell and whether it is there; it may lie beside the one before it."""
    found, folder = [], Path()
    for name in re.findall(r"`([^`]+)`", cell):
        places = [folder / name, Path(name)]
        is_there = any((root / place).exists() for root in roots for place in places)
        folder = Path(name).parent if "/" in name else folder
        found.append((name, is_there))
    return found


def test_every_chapter_has_its_row() -> None:
    told = [int(number) for row in rows() for number in re.findall(r"V(\d+)", row[0])]
    assert told == list(range(1, CHAPTERS + 1))
    assert {len(row) for row in rows()} == {4}


def test_every_pointer_to_code_and_to_a_test_leads_somewhere() -> None:
    for chapter, _how, where, tried in rows():
        code, tests = pointers(where, house.PACKAGE, house.ROOT), pointers(tried, house.ROOT)
        assert code, chapter
        assert tests, chapter
        assert [name for name, is_there in code + tests if not is_there] == [], chapter


def test_every_test_it_points_to_tries_something() -> None:
    for *_, tried in rows():
        for name in re.findall(r"`(tests/[^`]+\.py)`", tried):
            assert re.search(r"^def test_", (house.ROOT / name).read_text(), re.MULTILINE), name

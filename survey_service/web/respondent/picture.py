"""The receipt as a QR code, put together from parts.

With one size, one mask and one length of text a QR code is linear: Reed and Solomon's code is, and so are its
padding and its mask. The picture of a receipt is the picture of zeros with one fixed change for each bit of
what is written (ISO/IEC 18004: two characters are eleven bits). The parts are made by segno, once.
"""

import re
from functools import cache

import segno
from markupsafe import Markup

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
BITS = 11
#: Every pattern reads alike, so nobody looks for the handsomest.
MASK = 3
BORDER = 2
#: Modules drawn at once; the side is a multiple of it.
STEP = 5


def of(text: str) -> Markup:
    """An SVG of the code for a text of QR's upper-case characters; those of one length share their parts."""
    side, rows = modules(text)
    whole = side + 2 * BORDER
    lines = "".join(f"M{BORDER} {BORDER + number}.5{_line(row, side)}" for number, row in enumerate(rows))
    drawing = (
        f'<svg viewBox="0 0 {whole} {whole}"><path fill="white" d="M0 0h{whole}v{whole}h-{whole}z"/>'
        f'<path stroke="#000" d="{lines}"/></svg>'
    )
    return Markup(drawing)  # noqa: S704 - numbers alone


def modules(text: str) -> tuple[int, list[int]]:
    """Side of the code, and its rows as numbers, the first module in the highest bit."""
    side, zeros, changes = _parts(len(text))
    seen = zeros
    for first, second, parts in zip(text[::2], text[1::2], changes, strict=True):
        value = 45 * ALPHABET.index(first) + ALPHABET.index(second)
        for bit, change in enumerate(parts):
            if value >> bit & 1:
                seen ^= change
    rows = ((seen >> side * (side - 1 - number)) & ((1 << side) - 1) for number in range(side))
    return side, list(rows)


@cache
def _parts(length: int) -> tuple[int, int, list[list[int]]]:
    """Side, the code of zeros, and what each bit of each pair of characters changes in it."""
    side, zeros = _whole("0" * length)
    changes = []
    for pair in range(0, length, 2):
        before, after = "0" * pair, "0" * (length - pair - 2)
        written = (ALPHABET[(1 << bit) // 45] + ALPHABET[(1 << bit) % 45] for bit in range(BITS))
        changes.append([zeros ^ _whole(f"{before}{two}{after}")[1] for two in written])
    return side, zeros, changes


def _whole(text: str) -> tuple[int, int]:
    """Side and all modules as one number, as segno makes them."""
    code = segno.make(text, error="m", micro=False, mode="alphanumeric", mask=MASK)
    return len(code.matrix), int("".join(str(module) for row in code.matrix for module in row), 2)


def _line(row: int, side: int) -> str:
    steps = range(side - STEP, -1, -STEP)
    return "".join(_drawn()[(row >> step) & ((1 << STEP) - 1)] for step in steps)


@cache
def _drawn() -> list[str]:
    """STEP modules as relative lines of a path: h draws, m moves on."""
    patterns = (format(number, f"0{STEP}b") for number in range(1 << STEP))
    return [re.sub("1+|0+", _run, pattern) for pattern in patterns]


def _run(found: re.Match[str]) -> str:
    run = found.group()
    return f"h{len(run)}" if run[0] == "1" else f"m{len(run)} 0"

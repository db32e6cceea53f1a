"""The picture of a receipt is the QR code that segno draws of it, module for module."""

import random
import re

import segno
from markupsafe import Markup

from survey_service.answers import receipts
from survey_service.web.respondent import picture


def test_every_receipt_has_the_very_code_segno_makes() -> None:
    chance = random.Random(7)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    for _ in range(10):
        text = receipts.shown("".join(chance.choice(alphabet) for _ in range(receipts.LENGTH)))
        code = segno.make(text, error="m", micro=False, mask=picture.MASK)
        side, rows = picture.modules(text)
        assert [format(row, f"0{side}b") for row in rows] == ["".join(map(str, row)) for row in code.matrix]


def test_the_drawing_shows_these_modules() -> None:
    text = receipts.shown(receipts.fresh_receipt())
    side, rows = picture.modules(text)
    drawing = picture.of(text)
    assert isinstance(drawing, Markup)
    lines = re.findall(r"M2 \d+\.5([hm\d ]+)", drawing)
    runs = [re.findall(r"([hm])(\d+)", line) for line in lines]
    seen = ["".join(("1" if kind == "h" else "0") * int(length) for kind, length in row) for row in runs]
    assert seen == [format(row, f"0{side}b") for row in rows]

"""The map's colours can be told apart with every common deficiency of colour vision, and in grey.

Deficiencies are simulated with the matrices of Machado, Oliveira and Fernandes (2009) at full severity, on
linear light; differences are CIEDE2000 (Sharma, Wu and Dalal 2005) under D65.
"""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from report_sample import STATIC

Colour = NDArray[np.float64]

SIMULATED = {
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
    "full colour vision": np.eye(3).tolist(),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)
WHITE = TO_XYZ @ np.ones(3)
NEEDED = 10.0
#: Published pairs and their difference (Sharma, Wu and Dalal 2005, table 1).
PUBLISHED = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
    ((50.0, -0.001, 2.49), (50.0, 0.0009, -2.49), 4.8045),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((50.0, 2.5, 0.0), (50.0, 3.2592, 0.335), 1.0),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
]


def themes() -> dict[str, dict[str, str]]:
    """Every --band and --on-band of the style sheet, in light and in dark."""
    text = (STATIC / "css" / "tokens.css").read_text()
    light, dark = text.split("prefers-color-scheme: dark", 1)
    found = [dict(re.findall(r"--((?:on-)?band-\d): (#[0-9a-f]{6})", part)) for part in (light, dark)]
    return {"light": found[0], "dark": found[0] | found[1]}


def linear(colour: str) -> Colour:
    shares = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def lab(light: Colour) -> tuple[float, float, float]:
    shares = (TO_XYZ @ np.clip(light, 0, 1)) / WHITE
    x, y, z = (
        share ** (1 / 3) if share > 216 / 24389 else (24389 / 27 * share + 16) / 116 for share in shares
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    (l1, a1, b1), (l2, a2, b2) = one, other
    chroma = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(chroma**7 / (chroma**7 + 25**7)))
    (c1, h1), (c2, h2) = (_polar(a * (1 + g), b) for a, b in ((a1, b1), (a2, b2)))
    dl, dc = l2 - l1, c2 - c1
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn) / 2)
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    hm = h1 + h2 if c1 * c2 == 0 else (h1 + h2) / 2 + (180 if abs(h1 - h2) > 180 else 0)
    t = (
        1
        - 0.17 * math.cos(math.radians(hm - 30))
        + 0.24 * math.cos(math.radians(2 * hm))
        + 0.32 * math.cos(math.radians(3 * hm + 6))
        - 0.2 * math.cos(math.radians(4 * hm - 63))
    )
    sl = 1 + 0.015 * (lm - 50) ** 2 / math.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rt = (
        -2
        * math.sqrt(cm**7 / (cm**7 + 25**7))
        * math.sin(math.radians(60 * math.exp(-(((hm - 275) / 25) ** 2))))
    )
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh))


def _polar(a: float, b: float) -> tuple[float, float]:
    return math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def contrast(one: str, other: str) -> float:
    """WCAG 2.2."""
    light, dark = sorted((float((TO_XYZ @ linear(colour))[1]) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("one", "other", "expected"), PUBLISHED)
def test_the_measure_of_difference_is_the_published_one(
    one: tuple[float, float, float], other: tuple[float, float, float], expected: float
) -> None:
    assert ciede2000(one, other) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", SIMULATED)
def test_neighbouring_bands_can_be_told_apart(sight: str, theme: str) -> None:
    matrix = np.array(SIMULATED[sight])
    seen = [lab(matrix @ linear(themes()[theme][f"band-{band}"])) for band in range(1, 6)]
    differences = [ciede2000(one, other) for one, other in pairwise(seen)]
    assert min(differences) >= NEEDED, differences


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read_on_every_band(theme: str) -> None:
    colours = themes()[theme]
    for band in range(1, 6):
        assert contrast(colours[f"band-{band}"], colours[f"on-band-{band}"]) >= 4.5


def test_a_scale_of_red_and_green_would_be_noticed() -> None:
    matrix = np.array(SIMULATED["deuteranopia"])
    red, green = (lab(matrix @ linear(colour)) for colour in ("#c0392b", "#7a7a1e"))
    assert ciede2000(red, green) < NEEDED

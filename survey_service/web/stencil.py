"""Stencils: pages drawn once by their template, from which each person's own page is cut.

The pages of the way through are the same for everybody of a wave but for a link, an order and what was chosen
so far. Their templates say what depends on that: ``{{ hole("token") }}`` is filled in, and what stands in
``{% call when("Q01=4") %} ... {% endcall %}`` is kept for whom this is so. A stencil holds terms and words,
nothing of any person; cutting a page from it takes a fiftieth of the time of drawing it.
"""

import re
import secrets
from collections.abc import Callable, Mapping, Set
from typing import NamedTuple

from markupsafe import Markup, escape

#: Stands around every mark. Made anew by each process, so that no name and no text can be taken for a mark.
EDGE = secrets.token_hex(8)
MARK = re.compile(f"{EDGE}(hole|when|end)-(.*?)-{EDGE}", re.DOTALL)


class _Piece(NamedTuple):
    """Text, or the name of a hole; kept where all it needs is so."""

    text: str
    hole: str
    needs: frozenset[str]


def hole(name: str) -> Markup:
    """A place to be filled in; safe in an address, too."""
    return _mark("hole", name)


def when(fact: str, caller: Callable[[], str]) -> Markup:
    """What is drawn inside is kept where the fact holds; may stand inside another."""
    return _mark("when", fact) + Markup(caller()) + _mark("end")  # noqa: S704 - a block of the template


def _mark(kind: str, name: str = "") -> Markup:
    return Markup(f"{EDGE}{kind}-{name}-{EDGE}")  # noqa: S704 - names are written in templates


class Stencil:
    """A drawn page, taken apart at its marks."""

    def __init__(self, drawn: str) -> None:
        self._pieces: list[_Piece] = []
        needs: list[str] = []
        text, *rest = MARK.split(drawn)
        self._keep(text, "", needs)
        for kind, name, text in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
            if kind == "hole":
                self._keep("", name, needs)
            elif kind == "when":
                needs.append(name)
            else:
                needs.pop()
            self._keep(text, "", needs)

    def cut(self, facts: Set[str], fillings: Mapping[str, str]) -> str:
        """The page for whom these facts hold; fillings are escaped, as in templates, unless they are Markup.

        Raises KeyError where a hole of the page has no filling.
        """
        safe = {name: str(escape(filling)) for name, filling in fillings.items()}
        return "".join(
            [  # a list is joined sooner than what makes one
                safe[hole] if hole else text
                for text, hole, needs in self._pieces
                if not needs or needs <= facts
            ]
        )

    def _keep(self, text: str, hole: str, needs: list[str]) -> None:
        if text or hole:
            self._pieces.append(_Piece(text, hole, frozenset(needs)))

"""The words of letters: three templates each, plain lines, one calm column."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from survey_service.foundation import i18n

TEMPLATES = Path(__file__).parents[2] / "templates" / "letters"
WIDTH = 76


@dataclass(frozen=True)
class Words:
    """One letter's words; the text as the template has it, not yet in short lines."""

    language: str
    subject: str
    text: str
    html: str


@cache
def environment() -> Environment:
    """Templates of letters; a fact that is missing is an error, not a gap."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    i18n.teach(made)
    return made


def render(kind: str, language: str, context: Mapping[str, Any]) -> Words:
    """Subject, text and HTML of a kind of letter, in the language.

    Raises jinja2.TemplateNotFound and jinja2.UndefinedError.
    """
    with i18n.speaking(language):
        subject = environment().get_template(f"{kind}.subject.txt").render(context).strip()
        text = environment().get_template(f"{kind}.txt").render(context)
        html = environment().get_template(f"{kind}.html").render(context, subject=subject)
        return Words(language=i18n.language(), subject=subject, text=text, html=html)


def plain(text: str, *, leave: str | None = None) -> str:
    """The text in short lines, one empty line between paragraphs; a line with ``leave`` in it stays whole."""
    paragraphs = re.split(r"\n\s*\n", text.strip("\n"))
    return (
        "\n\n".join(
            "\n".join(one if leave and leave in one else wrapped(one) for one in paragraph.splitlines())
            for paragraph in paragraphs
        )
        + "\n"
    )


def wrapped(line: str) -> str:
    """A line as several; points of a list and quotes keep their indent, links stay whole."""
    if len(line) <= WIDTH and line.isprintable() and not line.endswith(" "):
        return line  # nothing to break, no white space to mend
    indent = " " * (len(line) - len(line.lstrip(" -")))
    is_link = "://" in line
    return textwrap.fill(
        line, WIDTH, subsequent_indent=indent, break_long_words=not is_link, break_on_hyphens=False
    )

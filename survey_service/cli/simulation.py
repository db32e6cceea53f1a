"""People who answer through the real pages, each by their own link."""

import csv
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from flask import current_app
from sqlalchemy import ColumnElement, func, select
from werkzeug.test import TestResponse

from survey_service.collection import shelf
from survey_service.engagements.models import Stakeholder
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.installation import installation
from survey_service.instrument.model import Instrument
from survey_service.invitations import links as personal
from survey_service.invitations.models import Invitation
from survey_service.waves.models import Wave

CODES = {"1", "2", "3", "4", "5", "dk", "na"}


class BadAnswers(Refusal):
    """The file holds what no one could have answered."""

    sentence = _l("Nothing was answered. Line %(line)d: %(reason)s")


class TooFewLeft(Refusal):
    """More people are to answer than there are unused links."""

    sentence = "Nobody answered: %(asked)d people were asked for, and %(left)d links are unused."


class PageRefused(Refusal):
    """A respondent's page did not take the answers."""

    sentence = _l("%(email)s could not answer: the page said %(status)d, %(heading)s")


@dataclass(frozen=True)
class Filled:
    """One person's answers, as form values."""

    email: str
    answers: Mapping[str, str]
    concerns: Sequence[str]
    texts: tuple[str, str]


def from_file(wave: Wave, file: Path) -> list[Filled]:
    """The file's rows, all checked before anyone answers. Raises BadAnswers."""
    rows = _rows(file)
    instrument = shelf.find(wave.engagement.instrument).instrument
    _check_columns(list(rows.fieldnames or ()), instrument)
    known = set(_tokens(wave))
    found = []
    for line, row in enumerate(rows, start=2):
        found.append(_checked(row, line, instrument, known))
        known.discard(found[-1].email)
    return found


def _rows(file: Path) -> "csv.DictReader[str]":
    """The file as rows, parted by comma, semicolon or tab, whichever its first line holds most of."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadAnswers(line=1, reason="the file is not in UTF-8") from fault
    first = text.partition("\n")[0]
    return csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count))


def _check_columns(columns: Sequence[str], instrument: Instrument) -> None:
    """Refuse a column nobody would read: what stands in it would be lost without a word."""
    if "email" not in columns:
        raise BadAnswers(line=1, reason="there is no column 'email'")
    known = {question.id for question in instrument.questions} | {"email", "concerns", "text1", "text2"}
    for column in columns:
        if column not in known:
            raise BadAnswers(line=1, reason=f"{column!r} is no column of {instrument.key}")


def made_up(wave: Wave, people: int, seed: int) -> list[Filled]:
    """Answers of ``people`` whose links are unused, in an order and of a kind that the seed decides.

    Raises TooFewLeft.
    """
    chance = random.Random(seed)  # noqa: S311 - made-up answers
    emails = sorted(_tokens(wave))
    chance.shuffle(emails)
    used = _used(wave)
    emails = [email for email in emails if email not in used]
    if len(emails) < people:
        raise TooFewLeft(left=len(emails), asked=people)
    instrument = shelf.find(wave.engagement.instrument).instrument
    return [person(email, instrument, chance, reached=6) for email in emails[:people]]


def person(email: str, instrument: Instrument, chance: random.Random, *, reached: int) -> Filled:
    """Someone whose organisation has come to a step: agreement up to it, doubt after, some don't-knows."""
    answers = {}
    for question in instrument.questions:
        weights = (1, 2, 4, 10, 8) if question.step <= reached else (4, 7, 6, 4, 2)
        value = chance.choices(range(1, 6), weights)[0]
        answers[question.id] = str(6 - value if question.reverse else value)
        if chance.random() < 0.05:
            answers[question.id] = "dk"
    concerns = [concern.id for concern in instrument.concerns if chance.random() < 0.2]
    return Filled(email=email, answers=answers, concerns=concerns, texts=("", ""))


def answer(wave: Wave, sheets: Sequence[Filled]) -> int:
    """Send everyone through the pages; how many. Raises PageRefused at the first who could not."""
    tokens = _tokens(wave)
    for filled in sheets:
        _answer(tokens[filled.email], filled)
    return len(sheets)


def _whom() -> ColumnElement[str]:
    """The address, or the name of somebody asked on paper, as the file's column 'email' has it."""
    return func.coalesce(Stakeholder.email, Stakeholder.name)


def _tokens(wave: Wave) -> dict[str, str]:
    """Every stakeholder's link, by address."""
    links = installation().links
    chosen = select(Invitation, _whom()).join(Stakeholder).where(Invitation.wave_id == wave.id)
    return {email: personal.token(links, invitation) for invitation, email in db.session.execute(chosen)}


def _used(wave: Wave) -> set[str]:
    """Addresses whose link has been used."""
    spent = select(_whom()).join(Invitation, Invitation.stakeholder_id == Stakeholder.id)
    return set(db.session.scalars(spent.where(Invitation.wave_id == wave.id, Invitation.spent)))


def _checked(row: Mapping[str, str | None], line: int, instrument: Instrument, known: set[str]) -> Filled:
    typed = (row.get("email") or "").strip()
    email = typed if typed in known else typed.lower()
    if email not in known:
        raise BadAnswers(line=line, reason=f"{email!r} was not invited, or stands here twice")
    answers = {question.id: (row.get(question.id) or "").strip().lower() for question in instrument.questions}
    for question, value in answers.items():
        if value and value not in CODES:
            raise BadAnswers(line=line, reason=f"{question} is {value!r}; give 1-5, dk, na or nothing")
    concerns = (row.get("concerns") or "").split()
    for concern in set(concerns) - {concern.id for concern in instrument.concerns}:
        raise BadAnswers(line=line, reason=f"{concern!r} is no concern")
    given = {question: value for question, value in answers.items() if value}
    return Filled(email, given, concerns, ((row.get("text1") or ""), (row.get("text2") or "")))


def _answer(token: str, filled: Filled) -> None:
    """Welcome, questions, check, send: what a browser without script does."""
    client = current_app.test_client(use_cookies=False)
    form = {
        **filled.answers,
        "concern": list(filled.concerns),
        "text1": filled.texts[0],
        "text2": filled.texts[1],
    }
    _need(client.get(f"/a/{token}"), filled)
    check = _need(client.post(f"/a/{token}/questions", data={**form, "go": "check"}), filled)
    receipt = dict(_hidden(check, "receipt"))
    thanks = _need(client.post(f"/a/{token}/send", data={**form, **receipt}), filled)
    if 'id="receipt"' not in thanks:
        raise PageRefused(email=filled.email, status=200, heading=_heading(thanks))


def _need(response: TestResponse, filled: Filled) -> str:
    status, body = response.status_code, response.get_data(as_text=True)
    if status != 200:
        raise PageRefused(email=filled.email, status=status, heading=_heading(body))
    return body


def _hidden(page: str, *names: str) -> Iterator[tuple[str, str]]:
    reader = _Inputs()
    reader.feed(page)
    yield from ((name, value) for name, value in reader.found if name in names)


def _heading(page: str) -> str:
    return page.partition("<h1")[2].partition(">")[2].partition("<")[0].strip()


class _Inputs(HTMLParser):
    """Names and values of a page's inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("name"):
            self.found.append((str(given["name"]), given.get("value") or ""))

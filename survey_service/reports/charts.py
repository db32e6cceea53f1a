"""The heat map as values, read from one wave of the report document.

A ``wave`` is one entry of the document's ``waves`` (docs/report.md). Nothing is computed here that the
document does not say, but for counting a topic's cells with camps. Pure: no database, clock or framework.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import listed
from survey_service.reports import phrases
from survey_service.reports.wording import Wording

Wave = Mapping[str, Any]

ORGANISATION: Final = "Organisation"
WIDE: Final = 5  # more columns of parts than this get small type, and a page on its side in print


@dataclass(frozen=True, kw_only=True)
class Column:
    """One part of the map. ``kind``: part, once (questions shown once for everyone), organisation."""

    part: str
    kind: str
    name: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one part says on one topic or question; ``band`` is None where it shows nothing of its own."""

    column: Column
    band: int | None
    word: str
    camps: bool = False
    camps_word: str = ""
    answered: str = ""
    consensus: bool | None = None


@dataclass(frozen=True, kw_only=True)
class QuestionRow:
    """A question's published cells, one for each column but the organisation's.

    ``is_turned``: agreeing is a bad sign, so "high" means that people do not agree with the words.
    """

    id: str
    text: str
    cells: tuple[Cell, ...]
    is_heard: bool
    is_turned: bool
    is_asked: bool = True


@dataclass(frozen=True, kw_only=True)
class TopicRow:
    """A step, domain or facet: its cells, its state, and the questions behind it."""

    key: str
    number: int | None
    name: str
    state: str
    state_word: str
    cells: tuple[Cell, ...]
    questions: tuple[QuestionRow, ...]

    @property
    def is_heard(self) -> bool:
        return self.state != "not heard"

    @property
    def is_asked(self) -> bool:
        return bool(self.questions)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rows of one kind under their heading."""

    kind: str
    name: str
    rows: tuple[TopicRow, ...]


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """The whole map: ``columns`` in the order of the terms, the organisation's last."""

    columns: tuple[Column, ...]
    groups: tuple[Group, ...]

    @property
    def rows(self) -> tuple[TopicRow, ...]:
        """The rows of all groups, top to bottom."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def has_parts(self) -> bool:
        return len(self.columns) > 1

    @property
    def is_wide(self) -> bool:
        return len(self.columns) > WIDE


@dataclass(frozen=True, kw_only=True)
class Participation:
    """One part, the groups it is made of, how many were invited, and the step of how many answered."""

    name: str
    groups: str
    invited: int
    answered: str


def participation(wave: Wave) -> tuple[Participation, ...]:
    """Who was invited and answered, part by part, in the order of the terms."""
    return tuple(
        Participation(
            name=phrases.part_name(part["part"]),
            groups=listed(part["groups"]),
            invited=part["invited"],
            answered=steps_shown(part["answered"]),
        )
        for part in wave["parts"]
    )


def steps_shown(answered: str) -> str:
    """'5-9' as people read it: with a dash between the numbers."""
    return answered.replace("-", "–")


def columns(wave: Wave) -> tuple[Column, ...]:
    """The map's columns: the parts of the terms, 'Together' if any question moved up, the organisation."""
    parts = [part for part in wave["parts"] if part["part"] != ORGANISATION]
    shown = [
        Column(
            part=part["part"],
            kind="part",
            name=phrases.part_name(part["part"]),
            note=_("%(step)s answered", step=steps_shown(part["answered"])),
        )
        for part in parts
    ]
    if parts and _moved_up(wave):
        shown.append(
            Column(part=ORGANISATION, kind="once", name=_("Shown once"), note=_("for everyone together"))
        )
    note = _("from the parts") if parts else _("%(n)s answered", n=wave["answered"])
    whole = Column(part=ORGANISATION, kind="organisation", name=phrases.part_name(ORGANISATION), note=note)
    return (*shown, whole)


def _moved_up(wave: Wave) -> bool:
    return any(cell["part"] == ORGANISATION for cells in wave["questions"].values() for cell in cells)


def heat_map(wave: Wave, words: Wording, order: str = "path") -> HeatMap:
    """The map of one wave, in one of ORDERS."""
    cols = columns(wave)
    groups = ORDERS[order](
        wave, {topic["key"]: _topic_row(wave, topic, cols, words) for topic in wave["topics"]}
    )
    return HeatMap(columns=cols, groups=tuple(group for group in groups if group.rows))


def _by_path(wave: Wave, rows: Mapping[str, TopicRow]) -> Iterator[Group]:
    for kind, name in phrases.KINDS.items():
        keys = [topic["key"] for topic in wave["topics"] if topic["kind"] == kind]
        yield Group(kind=kind, name=str(name), rows=tuple(rows[key] for key in keys))


def _by_disagreement(wave: Wave, rows: Mapping[str, TopicRow]) -> Iterator[Group]:
    """Split topics as the document orders them (measures.md, B5.9); then the rest as on the path."""
    split = wave["disagreement"]
    yield Group(
        kind="split", name=_("Split, most disagreement first"), rows=tuple(rows[key] for key in split)
    )
    rest = tuple(row for key, row in rows.items() if key not in split)
    yield Group(kind="rest", name=_("Not split, in the order of the path"), rows=rest)


ORDERS: Final[Mapping[str, Callable[[Wave, Mapping[str, TopicRow]], Iterator[Group]]]] = {
    "path": _by_path,
    "disagreement": _by_disagreement,
}


def _topic_row(
    wave: Wave,
    topic: Mapping[str, Any],
    cols: Sequence[Column],
    words: Wording,
) -> TopicRow:
    ids = [id_ for id_ in words.topics[topic["key"]] if id_ in wave["questions"]]
    return TopicRow(
        key=topic["key"],
        number=phrases.STEP_NUMBER.get(topic["key"]),
        name=str(phrases.TOPICS[topic["key"]]),
        state=topic["state"],
        state_word=str(phrases.STATES[topic["state"]]) if ids else _("not asked"),
        cells=tuple(_topic_cell(wave, topic, column, ids) for column in cols),
        questions=tuple(question_row(wave, id_, cols, words) for id_ in ids),
    )


def _topic_cell(wave: Wave, topic: Mapping[str, Any], column: Column, ids: Sequence[str]) -> Cell:
    own = next((part for part in topic.get("parts", ()) if part["part"] == column.part), None)
    if column.kind == "organisation":
        band = topic.get("organisation_band")
        alone = len(topic.get("parts", ())) == 1  # else the parts tell of their own camps
        camps = bool(own and own["camps"] and alone)
    else:
        band, camps = (own["band"], own["camps"]) if own else (None, False)
    word = str(phrases.BANDS[band]) if band else _absent(topic["state"], column)
    return Cell(
        column=column,
        band=band,
        word=word,
        camps=camps,
        camps_word=_camps_word(wave, ids, column.part, camps),
    )


def _absent(state: str, column: Column) -> str:
    if state == "not heard":
        return _("not heard")
    return "–" if column.kind == "once" else _("shown once")


def camps_of(wave: Wave, ids: Sequence[str], part: str) -> tuple[int, int]:
    """On how many of the topic's questions a part is in two camps, and how many it has cells for."""
    cells = [cell for id_ in ids for cell in wave["questions"].get(id_, ()) if cell["part"] == part]
    return sum(cell["camps"] for cell in cells), len(cells)


def _camps_word(wave: Wave, ids: Sequence[str], part: str, camps: bool) -> str:
    """'two camps', and on how many of the topic's questions where it is not on all."""
    if not camps:
        return ""
    split, all_ = camps_of(wave, ids, part)
    if split == all_:
        return _("two camps")
    return _("two camps, %(split)s of %(all)s", split=split, all=all_)


def question_row(wave: Wave, id_: str, cols: Sequence[Column], words: Wording) -> QuestionRow:
    """One question's published cells, beneath the columns of the parts (or the organisation's, if alone)."""
    published = {cell["part"]: cell for cell in wave["questions"][id_]}
    shown = cols[:-1] or cols
    cells = tuple(_question_cell(published, column) for column in shown)
    return QuestionRow(
        id=id_,
        text=words.questions.get(id_, id_),
        is_turned=id_ in words.turned,
        cells=cells,
        is_heard=bool(published),
    )


def _question_cell(published: Mapping[str, Mapping[str, Any]], column: Column) -> Cell:
    cell = published.get(column.part)
    if cell is None:
        return Cell(column=column, band=None, word=_absent("" if published else "not heard", column))
    return Cell(
        column=column,
        band=cell["band"],
        word=str(phrases.BANDS[cell["band"]]),
        camps=cell["camps"],
        camps_word=_("two camps") if cell["camps"] else "",
        answered=steps_shown(cell["answered"]),
        consensus=cell.get("consensus"),
    )

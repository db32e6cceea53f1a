"""The one way out. Opens a closed wave's boxes in memory; only Findings and shuffled texts leave."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from survey_service.aggregator.findings import Findings, WaveTerms, findings
from survey_service.answers import paper
from survey_service.answers.keys import KeyDoesNotFit, Opener, Unreadable
from survey_service.answers.models import SheetBox, TextBox
from survey_service.foundation.db import db
from survey_service.foundation.key_directory import KeyDirectory
from survey_service.instrument.model import Instrument

log = logging.getLogger(__name__)

BATCH = 500


@dataclass
class Opened:
    """What came out of the boxes: findings, texts by question, and how many boxes could not be opened."""

    findings: Findings
    texts: dict[str, list[str]] = field(default_factory=dict)
    left_out: int = 0
    texts_left_out: int = 0


class _Count:
    """Boxes opened and boxes left out, counted while the stream runs."""

    def __init__(self) -> None:
        self.opened = self.left_out = 0

    def papers(
        self,
        box: type[SheetBox] | type[TextBox],
        wave_id: int,
        opener: Opener,
        is_ours: Callable[[dict[str, Any]], bool],
    ) -> Iterator[dict[str, Any]]:
        """Each box's paper; damaged ones, and papers not of this wave, are counted and passed over."""
        stream = db.session.execute(
            select(box.ciphertext).where(box.wave_id == wave_id).execution_options(yield_per=BATCH)
        )
        for (ciphertext,) in stream:
            try:
                content = paper.read(opener.open(ciphertext))
            except (Unreadable, ValueError, RecursionError):
                content = {}
            if is_ours(content):
                self.opened += 1
                yield content
            else:
                self.left_out += 1


def open_boxes(
    keys: KeyDirectory, name: str, public_key: bytes, wave_id: int, terms: WaveTerms, instrument: Instrument
) -> Opened:
    """Count a closed wave; a box that does not open never stops the others.

    Raises KeyMissing, and KeyDoesNotFit also where not one of several boxes opens: that is no report.
    """
    opener = Opener(keys, name, fits=public_key)
    sheets, texts = _Count(), _Count()
    found = findings(
        terms,
        instrument,
        sheets.papers(SheetBox, wave_id, opener, lambda content: content.get("group") in terms.groups),
    )
    if sheets.left_out > 1 and not sheets.opened:
        raise KeyDoesNotFit
    collected = _texts(instrument, texts.papers(TextBox, wave_id, opener, _holds_texts), terms.k)
    if sheets.left_out or texts.left_out:
        log.error("wave %s: %s sheets and %s texts did not open", wave_id, sheets.left_out, texts.left_out)
    return Opened(
        findings=found,
        texts=collected if terms.has_sponsor else {},
        left_out=sheets.left_out,
        texts_left_out=texts.left_out,
    )


def _holds_texts(content: dict[str, Any]) -> bool:
    return isinstance(content.get("texts"), list)


def _texts(instrument: Instrument, papers: Iterator[dict[str, Any]], k: int) -> dict[str, list[str]]:
    """Texts by open question, only where at least k were written: fewer could be told apart by style."""
    names = [question.id for question in instrument.open_questions]
    written: dict[str, list[str]] = {name: [] for name in names}
    for content in papers:
        for name, text in zip(names, content["texts"], strict=False):
            if isinstance(text, str) and text:
                written[name].append(text)
    return {name: texts for name, texts in written.items() if len(texts) >= k}

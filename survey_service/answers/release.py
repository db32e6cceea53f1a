"""The one way out. Opens a closed wave's boxes in memory; only Findings and shuffled texts leave."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select

from survey_service.aggregator.findings import Findings, WaveTerms, findings
from survey_service.answers import paper
from survey_service.answers.keys import Opener, Unreadable
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


class _Count:
    """Boxes that did not open, counted while the stream runs."""

    def __init__(self) -> None:
        self.left_out = 0

    def papers(
        self, box: type[SheetBox] | type[TextBox], wave_id: int, opener: Opener
    ) -> Iterator[dict[str, Any]]:
        """Each box's paper; damaged ones are counted and passed over."""
        stream = db.session.execute(
            select(box.ciphertext).where(box.wave_id == wave_id).execution_options(yield_per=BATCH)
        )
        for (ciphertext,) in stream:
            try:
                yield paper.read(opener.open(ciphertext))
            except (Unreadable, ValueError):
                self.left_out += 1


def open_boxes(
    keys: KeyDirectory, name: str, wave_id: int, terms: WaveTerms, instrument: Instrument
) -> Opened:
    """Count a closed wave. Raises KeyMissing; a box that does not open never stops the others."""
    opener = Opener(keys, name)
    sheets, texts = _Count(), _Count()
    found = findings(terms, instrument, sheets.papers(SheetBox, wave_id, opener))
    collected = (
        _texts(instrument, texts.papers(TextBox, wave_id, opener), terms.k) if terms.has_sponsor else {}
    )
    if sheets.left_out or texts.left_out:
        log.error("wave %s: %s sheets and %s texts did not open", wave_id, sheets.left_out, texts.left_out)
    return Opened(findings=found, texts=collected, left_out=sheets.left_out)


def _texts(instrument: Instrument, papers: Iterator[dict[str, Any]], k: int) -> dict[str, list[str]]:
    """Texts by open question, only where at least k were written: fewer could be told apart by style."""
    names = [question.id for question in instrument.open_questions]
    written: dict[str, list[str]] = {name: [] for name in names}
    for content in papers:
        for name, text in zip(names, content.get("texts", ()), strict=False):
            if isinstance(text, str) and text:
                written[name].append(text)
    return {name: texts for name, texts in written.items() if len(texts) >= k}


def destroy_boxes(wave_id: int) -> int:
    """Delete every sheet and text of the wave; how many sheets there were."""
    count = (
        db.session.scalar(select(func.count()).select_from(SheetBox).where(SheetBox.wave_id == wave_id)) or 0
    )
    db.session.execute(delete(SheetBox).where(SheetBox.wave_id == wave_id))
    db.session.execute(delete(TextBox).where(TextBox.wave_id == wave_id))
    return count

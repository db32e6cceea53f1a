"""Terms have one text, one fingerprint, and are never read when the two disagree."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from survey_service.waves.terms import Terms, TermsChanged, read

TERMS = Terms(
    wave=1,
    workspace="Hanse Systems",
    operator="Example Hosting",
    buyer="Nordlicht Energie",
    change="Move order handling from e-mail to one shared list.",
    sponsor="Sam Sponsor",
    k=5,
    groups=(("Operations", 8), ("Rechnungs­wesen", 3)),
    instrument="core/1",
    language="de",
    time_zone="Europe/Berlin",
    launched_at=datetime(2026, 11, 30, 9, 0, tzinfo=UTC),
    closes_at=datetime(2026, 12, 11, 16, 0, tzinfo=UTC),
    believed_step=10,
    sheet_length=500,
    text_length=3300,
)


def test_terms_read_back_as_they_were_frozen() -> None:
    assert read(TERMS.canonical, TERMS.sha256) == TERMS


@pytest.mark.parametrize(
    "change", [{"k": 4}, {"sponsor": None}, {"groups": (("Operations", 7),)}, {"believed_step": None}]
)
def test_any_change_has_another_fingerprint(change: dict[str, object]) -> None:
    assert replace(TERMS, **change).fingerprint != TERMS.fingerprint  # type: ignore[arg-type]


def test_a_changed_text_is_not_read() -> None:
    with pytest.raises(TermsChanged):
        read(TERMS.canonical.replace('"k":5', '"k":2'), TERMS.sha256)

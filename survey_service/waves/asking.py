"""What a wave asks, held against its terms."""

from survey_service.instrument.definition import Definition
from survey_service.library import shelf
from survey_service.waves.terms import Terms, TermsChanged


def asked(terms: Terms) -> Definition:
    """The instrument and its words, as they were launched. Raises TermsChanged where they are others."""
    found = shelf.find(terms.instrument)
    if terms.instrument_sha256 not in (None, found.sha256):
        raise TermsChanged
    return found

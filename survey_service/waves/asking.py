"""What a wave asks, held against its terms."""

from functools import lru_cache

from survey_service.collection import shelf
from survey_service.instrument.definition import Definition
from survey_service.waves.terms import Terms, TermsChanged


def asked(terms: Terms) -> Definition:
    """The instrument and its words, as they were launched. Raises TermsChanged where they are others."""
    if terms.instrument_sha256 is None:
        return shelf.find(terms.instrument)
    return _launched(terms.instrument, terms.instrument_sha256)


@lru_cache(maxsize=128)
def _launched(key: str, sha256: str) -> Definition:
    """Remembered by its fingerprint: what was launched once is asked in the same words until the end."""
    found = shelf.find(key)
    if found.sha256 != sha256:
        raise TermsChanged
    return found

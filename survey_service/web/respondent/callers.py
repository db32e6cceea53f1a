"""Whoever comes with a personal link: what it opens, and the language to speak with them."""

from dataclasses import dataclass

from flask import g, request

from survey_service.foundation.clock import now
from survey_service.foundation.installation import installation
from survey_service.waves import booth as booths
from survey_service.waves.booth import Booth
from survey_service.web import asked
from survey_service.web.asking import Visit


@dataclass(frozen=True)
class Caller:
    """A link's booth and the visit its pages are drawn for."""

    booth: Booth
    visit: Visit


def find(token: str) -> Caller:
    """Who comes with this token. Raises NotFound, KeyMissing, TermsChanged."""
    booth = booths.enter(installation().links, token, at=now())
    visit = Visit(terms=booth.terms, group=booth.group, language=_language(booth), token=token)
    found = Caller(booth=booth, visit=visit)
    g.caller = found
    return found


def known() -> Caller | None:
    """The caller of this request, where the link was good; for the pages of wrong turns."""
    found = g.get("caller")
    return found if isinstance(found, Caller) else None


def _language(booth: Booth) -> str:
    """Just chosen, chosen before, or the roster's. Never kept."""
    posted, in_address = request.form, request.args if request.query_string else {}
    wishes = (posted.get("speak"), in_address.get("language"), posted.get("language"), booth.language)
    written = asked.languages(booth.terms)
    return next((wish for wish in wishes if wish in written), booth.terms.language)

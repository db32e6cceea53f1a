"""What an engagement may ask: the packaged instruments, and those of the workspace's own."""

from survey_service.collection import shelf
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import language, ngettext
from survey_service.instrument import catalog
from survey_service.instrument import draft as drafts
from survey_service.instrument.definition import Definition
from survey_service.instrument.model import DOMAINS, STEPS
from survey_service.web.audiences import scope

STEPS_FOR_A_PLACE = 10


def choices(chosen: str = "") -> dict[str, str]:
    """Key -> title; ``chosen`` is offered even where it is not fit yet, or has a newer version."""
    packaged = {key: catalog.words(key, language()).title for key in catalog.names()}
    return {**packaged, **dict(shelf.offered(scope(), chosen=chosen))}


def notes(offered: dict[str, str]) -> dict[str, str]:
    """Key -> what to know of each."""
    return {key: about(key) for key in offered}


def title(key: str) -> str:
    """What it is called."""
    return shelf.find(key).spoken(language()).title


def about(key: str) -> str:
    """Packaged: its own words; else what is in it, and what its report will not have."""
    if key in catalog.names():
        return catalog.words(key, language()).about
    found = shelf.find(key)
    return " ".join([content(found), *without(found)])


def content(found: Definition) -> str:
    """18 questions on 11 steps, 19 concerns."""
    asked = found.instrument
    return _(
        "%(questions)s on %(steps)s, %(concerns)s.",
        questions=ngettext("%(num)d question", "%(num)d questions", len(asked.questions)),
        steps=ngettext("%(num)d step", "%(num)d steps", len({one.step for one in asked.questions})),
        concerns=ngettext("%(num)d concern", "%(num)d concerns", len(asked.concerns)),
    )


def without(found: Definition) -> list[str]:
    """What the report will not have because too little is asked, and says, in sentences."""
    questions = found.instrument.questions
    said = []
    if len({one.step for one in questions}) < STEPS_FOR_A_PLACE:
        said.append(_("With fewer than ten steps the report names no place on the path and no verdict."))
    elif len({one.step for one in questions}) < len(STEPS):
        said.append(_("The report says which steps were not asked."))
    if {one.domain for one in questions} < set(DOMAINS):
        said.append(_("A domain is missing, so the report gives no readiness from 0 to 100."))
    if missing := drafts.missing_concerns(found):
        said.append(
            ngettext(
                "%(num)d packaged concern is left out, and the report says so.",
                "%(num)d packaged concerns are left out, and the report says so.",
                len(missing),
            )
        )
    return said

"""What is wrong with an instrument, said to whoever writes it, in their language."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from survey_service.foundation.i18n import LANGUAGES
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.instrument import limits
from survey_service.instrument.definition import Definition
from survey_service.instrument.limits import Remark
from survey_service.instrument.rules import Finding
from survey_service.instrument.toml_text import Unread

#: Of one text, beside its field.
REMARKS: Final[Mapping[str, Any]] = {
    "leading": _l("“%(words)s” pushes towards an answer."),
    "double": _l("This asks two things at once (“%(words)s”)."),
    "product": _l("“%(words)s” names a product or a supplier."),
    "long": _l("This has %(words)s words; %(most)s are the most."),
    "long concern": _l("This has %(count)s characters; %(most)s are the most."),
}
#: Of the instrument as a whole; from a file, or because too many steps were dropped.
FINDINGS: Final[Mapping[str, Any]] = {
    "twice": _l("%(id)s is there twice."),
    "step": _l("%(id)s is on step %(step)s; there are steps 1 to %(most)s."),
    "facet": _l("%(id)s has the unknown facet %(facet)s; there are willing and able."),
    "domain": _l(
        "%(id)s is in the unknown domain %(domain)s; there are rules, roles, people, money and management."
    ),
    "room": _l("%(id)s leaves no room for an answer."),
    "two screens": _l("%(id)s is on two screens."),
    "no screen": _l("%(id)s is on no screen."),
    "not asked": _l("A screen shows %(id)s, which is not asked."),
    "crowded": _l("The screen %(id)s has %(count)s questions; two to four fit."),
    "few": _l("At least two questions have to be asked."),
    "few concerns": _l("At least one concern has to be asked."),
    "many questions": _l("There are %(count)s questions; %(most)s are the most."),
    "many concerns": _l("There are %(count)s concerns; %(most)s are the most."),
    "question id": _l("%(id)s is no id of a question: write Q and two digits, like Q01."),
    "concern id": _l("%(id)s is no id of a concern: write K and two digits, like K01."),
    "texts": _l("The open questions have to be text1 and text2, of at most 400 characters."),
    "fixed": _l(
        "“%(id)s” is changed in %(speech)s. The scale and the introduction stay as packaged: "
        "the measures rest on them."
    ),
    "language": _l("“%(speech)s” is none of the languages of this service."),
}
#: Of a file that cannot be read.
UNREAD: Final[Mapping[str, Any]] = {
    "toml": _l("This is no TOML: %(detail)s."),
    "long": _l("The text is too long: %(most)s characters are the most."),
    "missing": _l("“%(name)s” is missing."),
    "table": _l("“%(name)s” is not what it should be: compare it with an exported file."),
    "kind": _l("“%(name)s” holds the wrong kind of value."),
    "unknown": _l("“%(name)s” is not known here."),
    "text": _l("“%(name)s” has to be a text in quotation marks."),
}


def of_remark(remark: Remark) -> str:
    """One fault of a text, as a sentence."""
    return str(REMARKS[remark.code]) % remark.facts


def of_finding(finding: Finding) -> str:
    """One fault of the whole, as a sentence; a language by its own name."""
    speech = str(finding.facts.get("speech", ""))
    return str(FINDINGS[finding.code]) % {**finding.facts, "speech": LANGUAGES.get(speech, speech)}


def of_unread(fault: Unread) -> str:
    """Why a file cannot be read, as a sentence without its line."""
    return str(UNREAD[fault.code]) % fault.facts


def beside(definition: Definition, language: str, *, names: Iterable[str] = ()) -> dict[str, list[str]]:
    """Id -> what is wrong with its words in a language; nothing for what is in order or not written yet."""
    found: dict[str, list[str]] = {}
    for remark in limits.remarks(definition, language, names=tuple(names)):
        found.setdefault(remark.id, []).append(of_remark(remark))
    return found


def tongues(languages: Iterable[str]) -> list[str]:
    """Languages by their own names, in the house's order."""
    chosen = set(languages)
    return [name for code, name in LANGUAGES.items() if code in chosen]

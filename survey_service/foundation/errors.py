"""Refusals: facts that stop what was asked, said in the trade's words.

Rooms raise them early; doors show ``str(refusal)``, which speaks the reader's language.
"""

from typing import Any, ClassVar

from survey_service.foundation.i18n import lazy_gettext as _l


class Refusal(Exception):
    """Something asked for cannot be done; the sentence says what happened and what to do.

    ``facts`` fill the sentence's placeholders.
    """

    sentence: ClassVar[Any] = _l("This cannot be done.")

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    def __str__(self) -> str:
        return str(self.sentence) % self.facts if self.facts else str(self.sentence)


class NotFound(Refusal):
    """Nothing of that name within the asker's eyes."""

    sentence = _l("There is nothing here under that name.")


class NotAllowed(Refusal):
    """The asker sees it and may not do this."""

    sentence = _l("Your role does not allow this. Ask an owner of the workspace.")

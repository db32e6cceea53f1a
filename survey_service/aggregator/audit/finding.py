"""What an audit finds, in plain words."""

from dataclasses import dataclass
from typing import Final

#: Kinds of findings: what the figures give away, and what the report shows beyond its rules.
GIVES_AWAY: Final = "gives away"
CLOSE: Final = "too close"
BREAKS_RULE: Final = "breaks a rule"
CONTRADICTION: Final = "cannot be"


@dataclass(frozen=True)
class Finding:
    """One thing that should not follow from a report; ``where`` names the wave, question and part."""

    kind: str
    where: str
    meaning: str

    def __str__(self) -> str:
        return f"{self.where}: {self.meaning}"

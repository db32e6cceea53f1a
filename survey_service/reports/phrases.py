"""The report's fixed words, as tables: names, verdicts, and a neutral question for every topic."""

from typing import Any, Final

from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l

Phrases = dict[str, Any]  # key -> lazy text; str() speaks the language of the moment

STEPS: Final[Phrases] = {
    "idea": _l("Idea"),
    "sounding-out": _l("Sounding out"),
    "first-talks": _l("First talks"),
    "weighing-up": _l("Weighing it up"),
    "getting-organised": _l("Getting organised"),
    "working-out": _l("Working out the change"),
    "bringing-together": _l("Bringing teams together"),
    "research": _l("Research"),
    "agreement": _l("Agreement"),
    "action": _l("Taking action"),
    "second-look": _l("Second look"),
    "choice": _l("Choice"),
    "putting-to-work": _l("Putting it to work"),
}
DOMAINS: Final[Phrases] = {
    "rules": _l("Rules"),
    "roles": _l("Roles"),
    "people": _l("People"),
    "money": _l("Money"),
    "management": _l("Management"),
}
FACETS: Final[Phrases] = {"willing": _l("Willing"), "able": _l("Able")}
TOPICS: Final[Phrases] = STEPS | DOMAINS | FACETS
STEP_NUMBER: Final = {key: number for number, key in enumerate(STEPS, start=1)}

KINDS: Final[Phrases] = {
    "step": _l("Steps on the path"),
    "domain": _l("What has to move"),
    "facet": _l("Together"),
}

BANDS: Final[dict[int, Any]] = {
    1: _l("low"),
    2: _l("rather low"),
    3: _l("middle"),
    4: _l("rather high"),
    5: _l("high"),
}

STATES: Final[Phrases] = {
    "in place": _l("in place"),
    "split": _l("split"),
    "mixed": _l("mixed"),
    "not in place": _l("not in place"),
    "not heard": _l("not heard"),
}

#: Part names that the release makes itself; all others are the buyer's own words.
PARTS: Final[Phrases] = {"Organisation": _l("Organisation"), "Other roles": _l("Other roles")}

OTHERS_JOINED: Final = " and others"  # a part that small groups joined (anonymity.md, rule 3)

VERDICTS: Final[Phrases] = {
    "looking for words": _l("Looking for words"),
    "still gathering people": _l("Still gathering people"),
    "working out the change": _l("Working out the change"),
    "ready to choose": _l("Ready to choose"),
    "ready to start": _l("Ready to start"),
    "cannot tell yet": _l("Cannot tell yet"),
}

#: What a verdict means for the weeks ahead. True by the verdict's definition alone.
OUTLOOK: Final[Phrases] = {
    "looking for words": _l(
        "What the change is for is still being put into words; most of the path lies ahead."
    ),
    "still gathering people": _l(
        "What comes now is making sure that everyone whose work would change has a part in the talks."
    ),
    "working out the change": _l(
        "What comes now is what the change asks of rules, teams and working days, and how you will agree "
        "on it."
    ),
    "ready to choose": _l("What comes now is the money, the final yes and the choice itself."),
    "ready to start": _l("What comes now is putting the change to work."),
    "cannot tell yet": _l("The answers fit several places on the path, so the report gives no verdict."),
}

#: Spirit: points people to their own criteria, supplies no answer, sells nothing.
QUESTIONS: Final[Phrases] = {
    "idea": _l("How would you notice that you all mean the same problem when you speak of this change?"),
    "sounding-out": _l(
        "Whom would you need to have talked with before you trust your own view of this problem?"
    ),
    "first-talks": _l("What would have to happen for every team this touches to have a voice in the talks?"),
    "weighing-up": _l("How will you know whether what you already have can fix this problem?"),
    "getting-organised": _l(
        "How would you notice that someone who matters is still missing from these talks?"
    ),
    "working-out": _l(
        "What would you need to know about your own working day to be at ease with this change?"
    ),
    "bringing-together": _l("What would have to be true for your team to be at ease with who does what?"),
    "research": _l("What would you need to have compared before you trust your own choice?"),
    "agreement": _l("What would have to be true before each of you could stand behind this change?"),
    "action": _l("How will everyone know who gives the final yes, and what money stands behind it?"),
    "second-look": _l("What would each of you like to know about an option before it is chosen?"),
    "choice": _l("Which criteria would you all have to share to accept a choice you had not made alone?"),
    "putting-to-work": _l("What would people need to have, and for how long, to make this change work?"),
    "rules": _l("Which rules would have to change, and what would make that safe for those who keep them?"),
    "roles": _l("What would each of you need to know about your own part to be at ease with it?"),
    "people": _l("What would people need to keep, or to gain, for this change to be worth the effort?"),
    "money": _l("How will you decide together what this change may cost in money and in staff time?"),
    "management": _l("What would you need to see to believe that this change has lasting attention?"),
    "willing": _l("What would have to be different for this to be a change you want?"),
    "able": _l("What would you need to have in your hands to be confident that you can do this?"),
}

#: The seller's belief beside what the answers say, by what can be said of the place.
BESIDE: Final[Phrases] = {
    "step": _l(
        "The seller placed you at step %(believed)s; your answers place you at about step %(reached)s."
    ),
    "start": _l(
        "The seller placed you at step %(believed)s; by your answers you have not yet come to step 1."
    ),
    "range": _l(
        "The seller placed you at step %(believed)s; by your answers you are between "
        "step %(from)s and step %(to)s."
    ),
}

WAYS: Final[Phrases] = {"up": _l("up"), "down": _l("down"), "same": _l("the same")}

LEVELS: Final[dict[int | bool, Any]] = {
    2: _l("a half or more"),
    1: _l("a quarter to under a half"),
    0: _l("under a quarter"),
}
RAISED: Final[dict[bool, Any]] = {True: _l("raised"), False: _l("not raised by enough people to be shown")}


def part_name(part: str) -> str:
    """A part's name as shown: its own, or the reader's words for what the release named itself."""
    if part.endswith(OTHERS_JOINED):
        return _("%(part)s and others", part=part.removesuffix(OTHERS_JOINED))
    return str(PARTS.get(part, part))

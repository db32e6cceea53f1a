"""Two fair ways to see each topic, in the group's words: that it is there, and that it is not there yet.

Neither is a finding: the report never says who, or how many, hold one. They name no supplier and no person.
"""

from typing import Final, NamedTuple

from survey_service.foundation.i18n import lazy_gettext as _l


class Views(NamedTuple):
    """That it is there, and that it is not there yet; lazy texts."""

    there: object
    not_yet: object


#: Topic key -> its two views, for every topic that can be talked about.
VIEWS: Final[dict[str, Views]] = {
    "idea": Views(
        _l("The problem is plain enough to act on."),
        _l("We do not yet mean the same thing when we speak of it."),
    ),
    "sounding-out": Views(
        _l("We have talked about this enough to know how others see it."),
        _l("There are colleagues whose view nobody has heard."),
    ),
    "first-talks": Views(
        _l("The teams this touches were part of it from the start."),
        _l("Some teams came to it late, or not at all."),
    ),
    "weighing-up": Views(
        _l("We have tried what we have, and we know what comes of leaving things as they are."),
        _l("What we already have has not been given a fair try."),
    ),
    "getting-organised": Views(
        _l("Those whose work would change have been asked."),
        _l("Someone who matters is still missing from the talks."),
    ),
    "working-out": Views(
        _l("It is clear which rules and which parts of the working day would change."),
        _l("Too much of what would change, or could go wrong, is still unknown."),
    ),
    "bringing-together": Views(
        _l("It is settled who does which part, and what a good result looks like."),
        _l("Each team still has its own idea of who does what."),
    ),
    "research": Views(
        _l("We know what it would take, and have compared more than one way."),
        _l("The other ways, and the time this takes, have not been looked at closely."),
    ),
    "agreement": Views(
        _l("People are ready for this, and free to say what speaks against it."),
        _l("A yes given now would leave doubts unspoken."),
    ),
    "action": Views(
        _l("There is money for it, and it is clear who can say yes."),
        _l("Without money set aside and a clear yes, this is still a wish."),
    ),
    "second-look": Views(
        _l("What each option would mean for us has been talked through."),
        _l("We know the options by name, not yet by what they would do to our work."),
    ),
    "choice": Views(
        _l("We agree on how we will choose."),
        _l("Each of us would choose by something else."),
    ),
    "putting-to-work": Views(
        _l("The skills, the time and the backing to make it work are there."),
        _l("We would be starting before skills, time or backing are there."),
    ),
    "rules": Views(
        _l("Our rules leave room for this, or we know which of them to change."),
        _l("Rules stand in the way, and it is open which of them may change."),
    ),
    "roles": Views(
        _l("It is clear who is heard, who decides and who does what."),
        _l("Who has a say, and who does what, is still open."),
    ),
    "people": Views(
        _l("People know what to expect and will go along."),
        _l("People do not know yet what they would be giving up."),
    ),
    "money": Views(
        _l("The money and the time can be found."),
        _l("The money or the time would be missing somewhere else."),
    ),
    "management": Views(
        _l("Managers stand behind this and will stay with it."),
        _l("Attention may move on before the change is done."),
    ),
    "willing": Views(
        _l("This is a change worth making."),
        _l("The reasons given so far are not reason enough."),
    ),
    "able": Views(
        _l("We can do this with what we have, or can get."),
        _l("We would be promising what we cannot do yet."),
    ),
}

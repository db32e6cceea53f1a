"""What may stand in the way of a launch, in the trade's words."""

from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.i18n import ngettext


class AlreadyLaunched(Refusal):
    """The terms are frozen."""

    sentence = _l("This engagement has been launched; its terms are frozen.")


class WorkspaceLeaves(Refusal):
    """It would be deleted before anyone could answer."""

    sentence = _l("This workspace is about to be deleted. An owner can call that back in the settings.")


class RosterTooSmall(Refusal):
    """Rule 2: fewer than k stakeholders."""

    def __str__(self) -> str:
        """By the number of people."""
        return ngettext(
            "The roster has %(num)d person; at least %(needed)d are needed. "
            "With fewer, answers could be worked out. Add everyone whose work the change would touch.",
            "The roster has %(num)d people; at least %(needed)d are needed. "
            "With fewer, answers could be worked out. Add everyone whose work the change would touch.",
            int(str(self.facts["size"])),
            needed=self.facts["needed"],
        )


class SponsorUnclear(Refusal):
    """Neither a sponsor nor the word that there is none."""

    sentence = _l("Name the sponsor, or confirm that there is none.")


class NotApproved(Refusal):
    """The sponsor has not approved what would be launched."""

    sentence = _l("%(sponsor)s has not approved this roster and wording yet.")


class ClosingUnset(Refusal):
    """No closing time."""

    sentence = _l("Set the day and time at which the survey closes.")


class ClosesTooSoon(Refusal):
    """The closing time is past, or too near for anyone to answer."""

    sentence = _l("The closing time is past or less than an hour away. Choose a later one.")


class WaveTooSoon(Refusal):
    """Rule 15: between two waves of an engagement answers must have had time to change."""

    sentence = _l(
        "A later wave may be launched 14 days after the last report, from %(from_on)s on: "
        "between two waves that lie close together, the answers of newcomers could be worked out."
    )


class AskedTooRecently(Refusal):
    """Rule 15: answers could be told apart by comparing two waves with nearly the same people."""

    def __str__(self) -> str:
        """By the number of people."""
        return ngettext(
            "%(num)d of these people is being asked, or was asked in the last 14 days, "
            "in another engagement of your workspace. Comparing the two reports could give someone away. "
            "Wait until 14 days after its report.",
            "%(num)d of these people are being asked, or were asked in the last 14 days, "
            "in another engagement of your workspace. Comparing the two reports could give someone away. "
            "Wait until 14 days after its report.",
            int(str(self.facts["count"])),
        )

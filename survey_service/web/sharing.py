"""Share links as sponsor and seller make them: what a new one asks for, and the list with its addresses."""

from datetime import datetime

from wtforms import Form, SelectField, StringField

from survey_service.engagements.models import Engagement
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.installation import installation
from survey_service.reports import shares
from survey_service.reports.models import Share
from survey_service.reports.shares import PassphraseTooShort
from survey_service.web.forms import at_most, blame, given, one_line, said, spoken

VALID = {"7": _l("7 days"), "30": _l("30 days"), "90": _l("90 days"), "365": _l("a year")}


class ShareFields(Form):
    """A link for somebody; each door's form adds how it is sent."""

    label = StringField(
        _l("For whom"),
        [given(_l("Say for whom this link is, for your own list.")), at_most(shares.LONGEST_LABEL)],
        filters=[one_line],
        description=_l("Only for your own list, for example “board meeting”."),
    )
    days = SelectField(_l("Works for"), choices=spoken(VALID), default="30")
    passphrase = StringField(
        _l("Passphrase, if you want one"),
        description=_l(
            "At least 8 characters. Tell it to your readers by another way than the link. "
            "It is not shown again."
        ),
    )
    frame = StringField(
        _l("Show it inside another page"),
        filters=[one_line],
        description=_l(
            "Leave this empty unless the report shall stand inside a page of the buyer’s, for example an "
            "intranet. Then write that site’s address, like https://intranet.company.com. Whoever can open "
            "that page can read the report there."
        ),
    )


def is_made(engagement: Engagement, form: ShareFields, *, who: str, from_sponsor: bool, at: datetime) -> bool:
    """Whether the link asked for is made; where it is refused, the reason stands beside its field."""
    try:
        with transaction():
            shares.share(
                engagement,
                label=said(form.label),
                days=int(said(form.days)),
                who=who,
                from_sponsor=from_sponsor,
                passphrase=said(form.passphrase),
                frame=said(form.frame),
                at=at,
            )
    except Refusal as refusal:
        blame(form.passphrase if isinstance(refusal, PassphraseTooShort) else form.frame, refusal)
        return False
    return True


def listed(engagement: Engagement, *, from_sponsor: bool) -> list[tuple[Share, str]]:
    """One side's own links with their addresses, newest first."""
    here = installation()
    return [
        (one, f"{here.settings.base_url}/r/{shares.token(here.links, one)}")
        for one in shares.of_engagement(engagement)
        if one.from_sponsor == from_sponsor
    ]

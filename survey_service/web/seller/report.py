"""The report at the desk: reading, keeping, sharing."""

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect
from wtforms import SelectField, StringField

from survey_service.engagements import desk
from survey_service.engagements.models import Engagement
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound, Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.installation import installation
from survey_service.reports import follow_up, publish, shares
from survey_service.reports.models import Share
from survey_service.reports.shares import PassphraseTooShort
from survey_service.waves import launch as launching
from survey_service.web import showing
from survey_service.web.audiences import need, scope
from survey_service.web.forms import DoorForm, at_most, blame, given, one_line, said, spoken
from survey_service.web.seller.door import door

VALID = {"7": _l("7 days"), "30": _l("30 days"), "90": _l("90 days"), "365": _l("a year")}


class NewShare(DoorForm):
    """A link for somebody."""

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


@door.get("/engagements/<key>/report")
def report(key: str) -> Response:
    """The report as a page."""
    engagement = desk.find(scope(), key)
    document = publish.for_seller(engagement, at=now())
    links = showing.files(lambda form, **more: url_for(".keep_report", key=key, form=form, **more))
    links[_("Share")] = url_for(".sharing", key=key)
    links[_("Back to the desk")] = url_for(".show", key=key)
    return showing.screen(document, engagement.workspace_id, links=links)


@door.get("/engagements/<key>/report.<form>")
def keep_report(key: str, form: str) -> Response:
    """The same as PDF, CSV or JSON."""
    engagement = desk.find(scope(), key)
    return showing.file(publish.for_seller(engagement, at=now()), engagement.workspace_id, form)


@door.get("/engagements/<key>/shares")
def sharing(key: str) -> str:
    """The seller's links, and a form for a new one."""
    return _shares_page(_readable(key), NewShare())


@door.post("/engagements/<key>/shares")
def share_report(key: str) -> Redirect | str:
    """Make a link."""
    eyes = need("share")
    engagement = _readable(key)
    form = NewShare()
    if not form.is_sent_well():
        return _shares_page(engagement, form)
    try:
        with transaction():
            _share(engagement, form, eyes.who)
    except Refusal as refusal:
        blame(form.passphrase if isinstance(refusal, PassphraseTooShort) else form.frame, refusal)
        return _shares_page(engagement, form)
    return redirect(url_for(".sharing", key=key))


@door.post("/engagements/<key>/shares/<link>/revoke")
def revoke_share(key: str, link: str) -> Redirect:
    """Take a link back."""
    eyes = need("share")
    with transaction():
        shares.revoke(desk.find(eyes, key), link, from_sponsor=False, who=eyes.who, at=now())
    flash(_("The link no longer works."))
    return redirect(url_for(".sharing", key=key))


def _share(engagement: Engagement, form: NewShare, who: str) -> None:
    shares.share(
        engagement,
        label=said(form.label),
        days=int(said(form.days)),
        who=who,
        passphrase=said(form.passphrase),
        frame=said(form.frame),
        at=now(),
    )


def _readable(key: str) -> Engagement:
    """The engagement, if there is a report to share. Raises NotClosedYet, NotReleasedYet."""
    engagement = desk.find(scope(), key)
    publish.for_seller(engagement, at=now())
    return engagement


def _shares_page(engagement: Engagement, form: NewShare) -> str:
    here = installation()
    listed: list[tuple[Share, str]] = [
        (one, f"{here.settings.base_url}/r/{shares.token(here.links, one)}")
        for one in shares.of_engagement(engagement)
        if not one.from_sponsor
    ]
    return render_template("seller/shares.html", engagement=engagement, form=form, shares=listed, now=now())


@door.get("/engagements/<key>/conversations")
def next_conversations(key: str) -> str:
    """Who takes which next conversation, where the sponsor lets the seller see it. Raises NotFound."""
    engagement = desk.find(scope(), key)
    document = publish.for_seller(engagement, at=now())["waves"][-1]
    wave = launching.numbered(engagement, document["wave"])
    if not follow_up.is_shown(wave):
        raise NotFound
    listed = follow_up.planned(wave, document)
    return render_template("seller/conversations.html", engagement=engagement, listed=listed)

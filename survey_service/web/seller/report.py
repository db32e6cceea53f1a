"""The report at the desk: reading, keeping, sharing."""

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from survey_service.engagements import desk
from survey_service.engagements.models import Engagement
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.i18n import gettext as _
from survey_service.reports import follow_up, publish, shares
from survey_service.waves import launch as launching
from survey_service.web import showing
from survey_service.web.audiences import need, scope
from survey_service.web.forms import DoorForm
from survey_service.web.seller.door import door
from survey_service.web.sharing import ShareFields, is_made, listed


class NewShare(ShareFields, DoorForm):
    """A link for somebody."""


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
    if not form.is_sent_well() or not is_made(engagement, form, who=eyes.who, from_sponsor=False, at=now()):
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


def _readable(key: str) -> Engagement:
    """The engagement, if there is a report to share. Raises NotClosedYet, NotReleasedYet."""
    engagement = desk.find(scope(), key)
    publish.for_seller(engagement, at=now())
    return engagement


def _shares_page(engagement: Engagement, form: NewShare) -> str:
    return render_template(
        "seller/shares.html",
        engagement=engagement,
        form=form,
        shares=listed(engagement, from_sponsor=False),
        now=now(),
    )


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

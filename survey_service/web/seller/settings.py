"""The workspace's settings: one page for its owners."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import Field

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.reports import dressing
from survey_service.web.audiences import need
from survey_service.web.forms import blame, said
from survey_service.web.seller.door import door
from survey_service.web.seller.settings_form import SettingsForm, filled
from survey_service.workspaces import look as looks
from survey_service.workspaces import members, rules
from survey_service.workspaces import settings as decisions
from survey_service.workspaces.addresses import BadAddress
from survey_service.workspaces.look import ColourRefused, LogoRefused
from survey_service.workspaces.scope import Scope


@door.route("/settings", methods=["GET", "POST"])
def settings() -> Response | str:
    """Change them, all or none; what was typed stays where something is refused."""
    eyes = need("manage")
    form = SettingsForm(**filled(decisions.of(eyes.workspace_id), looks.of(eyes.workspace_id).colour))
    if not form.is_sent_well():
        return _page(eyes, form)
    try:
        with transaction():
            _keep(eyes, form)
    except Refusal as refusal:
        blame(_about(form, refusal), refusal)
        return _page(eyes, form)
    flash(_("Saved."))
    return redirect(url_for(".settings"))


@door.get("/look")
def look() -> Response:
    """Where logo and colour were set before."""
    need("manage")
    return redirect(url_for(".settings"))


def _keep(eyes: Scope, form: SettingsForm) -> None:
    """Inside a transaction. Raises what the rooms refuse, and TurnItOnFirst."""
    wanted = form.choices()
    if wanted.needs_second_factor and not eyes.needs_second_factor and not current_user.account.totp_nonce:
        raise rules.TurnItOnFirst
    sent = request.files.get("logo")
    content = sent.read() if sent and sent.filename else None
    looks.change(eyes, logo=content, colour=said(form.colour), drop_logo=bool(form.drop_logo.data), at=now())
    decisions.change(eyes, wanted, at=now())


def _about(form: SettingsForm, refusal: Refusal) -> Field:
    """The field a refusal stands beside; whatever else is refused is about the name."""
    beside = {
        LogoRefused: form.logo,
        ColourRefused: form.colour,
        BadAddress: form.reply_to,
        decisions.ReplyElsewhere: form.reply_to,
        decisions.ErasedTooSoon: form.erases_after,
        rules.TurnItOnFirst: form.needs_second_factor,
    }
    return next((field for kind, field in beside.items() if isinstance(refusal, kind)), form.name)


def _page(eyes: Scope, form: SettingsForm) -> str:
    shown = dressing.on_site(looks.of(eyes.workspace_id), None).logo
    return render_template("seller/settings.html", form=form, logo=shown, members=len(members.listed(eyes)))

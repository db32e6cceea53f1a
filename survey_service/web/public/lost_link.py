"""Whoever was asked and lost the letter: the link again, by letter."""

from flask import render_template

from survey_service.engagements.addresses import AddressRefused, read_address
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.waves import lost_links
from survey_service.web.forms import blame, said
from survey_service.web.limits import few_tries
from survey_service.web.public.door import door
from survey_service.web.public.forms import LostLink


@door.route("/lost-link", methods=["GET", "POST"])
@few_tries
def lost_link() -> str:
    """An address in; always the same answer, whether anyone was asked there or not."""
    form = LostLink()
    if not form.is_sent_well():
        return render_template("public/lost_link.html", form=form)
    try:
        address = read_address(said(form.email)).email
    except AddressRefused as refusal:
        blame(form.email, refusal)
        return render_template("public/lost_link.html", form=form)
    with transaction():
        lost_links.send_again(address, at=now())
    return render_template("public/lost_link_sent.html")

"""One engagement: opening it, its words, and its page with the next thing to do."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey_service import journal
from survey_service.engagements import change_sentence, desk
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import Refusal
from survey_service.invitations import on_paper, posting, unreachable
from survey_service.reports import follow_up, narrative
from survey_service.waves import again, chain, participation
from survey_service.waves import launch as launching
from survey_service.waves.models import Wave
from survey_service.web.audiences import need, scope
from survey_service.web.forms import blame
from survey_service.web.seller import offering, progress
from survey_service.web.seller.door import door
from survey_service.web.seller.engagement_form import Words, filled, reminding
from survey_service.web.seller.holding import hold_unlaunched
from survey_service.web.seller.on_paper import printed
from survey_service.workspaces import schedule, settings

USUAL_DAYS = 14
ZONE = "Europe/Berlin"


@door.route("/engagements/new", methods=["GET", "POST"])
def open_new() -> Response | str:
    """Open an engagement; everything may still be changed until launch."""
    eyes = need("work")
    form = Words(closes_at=_usual_close(now()), **reminding(desk.usual_reminders(eyes)))
    form.language.choices = settings.offered(eyes.workspace_id)
    if not form.is_sent_well():
        return _words_page(form, None)
    with transaction():
        made = desk.open_engagement(eyes, at=now(), **form.words())
        key = made.key
    return redirect(url_for(".show", key=key))


@door.get("/engagements/<key>")
def show(key: str) -> str:
    """The checklist before launch; afterwards what may be known."""
    engagement = desk.find(scope(), key)
    standing = progress.stand(engagement, at=now())
    entries = journal.of_engagement(engagement.id)
    if standing.wave is not None:
        return _launched(standing, standing.wave, entries)
    listed = progress.tasks(standing)
    advice = change_sentence.lint(engagement.change, seller_names=[scope().workspace_name])
    return render_template(
        "seller/show.html",
        standing=standing,
        tasks=listed,
        next_task=progress.next_task(listed),
        advice=advice,
        entries=entries,
    )


def _not_yet_again(engagement: Engagement) -> Refusal | None:
    """Why another survey cannot be prepared yet, if so."""
    try:
        again.need_preparable(engagement, at=now())
    except Refusal as why:
        return why
    return None


def _launched(standing: progress.Standing, wave: Wave, entries: list[journal.Entry]) -> str:
    terms = chain.current(wave)
    changes = chain.changes(terms)
    without_address = on_paper.count(standing.engagement) if wave.state == "open" else 0
    return render_template(
        "seller/launched.html",
        standing=standing,
        too_few=_too_few(standing),
        terms=terms,
        without_address=without_address,
        printing=printed(standing.engagement, wave) if without_address else None,
        participation=participation.said(wave.participation, terms.stakeholders),
        entries=entries,
        changes=changes,
        post=posting.post(wave.id) if wave.state == "open" else None,
        is_counting=standing.release is None and (wave.state == "closing" or now() >= wave.closes_at),
        conversations_shown=standing.is_readable and follow_up.is_shown(wave),
        reminded=schedule.said(schedule.read(wave.reminders)),
        is_open=wave.state == "open" and now() < wave.closes_at,
        unreachable=unreachable.count(wave.id) if wave.state == "open" else 0,
        to_correct=wave.state == "open" and bool(unreachable.invitations(wave.id)),
        not_yet_again=_not_yet_again(standing.engagement),
        may_move=not any(one.kind == chain.CLOSING_MOVED for one in changes),
    )


def _too_few(standing: progress.Standing) -> str:
    """That there is no report, once it may be read; '' where there is one."""
    document = json.loads(standing.release.document) if standing.release and standing.is_readable else {}
    return narrative.too_few(document) if narrative.is_too_few(document) else ""


@door.route("/engagements/<key>/words", methods=["GET", "POST"])
def edit(key: str) -> Response | str:
    """Change words, sponsor and dates."""
    eyes = need("work")
    engagement = desk.find(eyes, key)
    desk.need_unlaunched(engagement, launched=launching.standing_wave(engagement) is not None)
    form = Words(**filled(engagement, sponsors.of(engagement)))
    form.language.choices = settings.offered(eyes.workspace_id, besides={engagement.language})
    form.instrument.choices = offering.choices(engagement.instrument)
    if not form.is_sent_well():
        return _words_page(form, engagement)
    try:
        with transaction():
            has_report = launching.has_report(hold_unlaunched(key))
            desk.change_engagement(eyes, key, launched=False, has_report=has_report, at=now(), **form.words())
    except sponsors.SponsorStays as refusal:
        blame(form.sponsor_email, refusal)
        return _words_page(form, desk.find(eyes, key))
    return redirect(url_for(".show", key=key))


def _words_page(form: Words, engagement: Engagement | None) -> str:
    notes = offering.notes(offering.choices(engagement.instrument if engagement else ""))
    return render_template("seller/words.html", form=form, engagement=engagement, notes=notes)


def _usual_close(at: datetime) -> datetime:
    """Two weeks from now, at five in the afternoon, never on a weekend."""
    day = at.astimezone(ZoneInfo(ZONE)) + timedelta(days=USUAL_DAYS)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day.replace(hour=17, minute=0, second=0, microsecond=0, tzinfo=None)

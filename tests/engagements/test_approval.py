"""The sponsor approves everything that is launched; whatever changes afterwards voids their yes."""

from collections.abc import Callable

import pytest
from cast import Stage, stage
from flask import Flask

from survey_service.engagements import roster
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement
from survey_service.foundation.db import transaction


def renames_the_sponsor(engagement: Engagement) -> None:
    sponsors.name_sponsor(engagement, name="Head of Everything", email="sam@nordlicht.example")


def moves_the_belief(engagement: Engagement) -> None:
    engagement.believed_step = 13 if engagement.believed_step != 13 else 12


def moves_the_clock(engagement: Engagement) -> None:
    engagement.time_zone = "Pacific/Auckland"


def gives_someone_another_language(engagement: Engagement) -> None:
    next(iter(roster.people(engagement))).language = "ar"


def gives_someone_another_clock(engagement: Engagement) -> None:
    next(iter(roster.people(engagement))).time_zone = "Asia/Tokyo"


@pytest.mark.parametrize(
    "change",
    [
        renames_the_sponsor,
        moves_the_belief,
        moves_the_clock,
        gives_someone_another_language,
        gives_someone_another_clock,
    ],
)
def test_what_changes_after_the_sponsors_yes_has_to_be_approved_again(
    app: Flask, change: Callable[[Engagement], None]
) -> None:
    with app.app_context():
        play: Stage = stage(app)
        with transaction():
            sponsor = sponsors.of(play.engagement)
            assert sponsor is not None
            sponsors.approve(sponsor, sponsors.digest(play.engagement), at=play.at)
        assert sponsors.is_approved(play.engagement)
        with transaction():
            change(play.engagement)
        assert not sponsors.is_approved(play.engagement)

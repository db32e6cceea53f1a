"""People on a roster stay as they were given, and come all together or not at all."""

import pytest
from cast import MONDAY, stage
from flask import Flask
from sqlalchemy.exc import IntegrityError

from survey_service.engagements import roster
from survey_service.engagements.roster_csv import Person
from survey_service.foundation.db import transaction

ODD = [
    Person("100 % Ada, “the %(one)s”", "ada%40:x@nordlicht.example", "R & D; ?", "de", "Europe/Berlin"),
    Person("Jörg 'O''Neil' \\ 李", "", "R & D; ?", "en", None),
]


def test_people_are_stored_as_they_were_given_and_with_a_twin_nobody_is(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context():
        play = stage(app_on_each_database, groups={"Operations": 1})
        (pat,) = roster.as_people(roster.people(play.engagement))
        with transaction():
            assert roster.add_all(play.engagement, ODD, who="Ines", at=MONDAY) == 2
        assert roster.as_people(roster.people(play.engagement)) == [pat, *ODD]
        new = Person("Bo", "bo@nordlicht.example", "Legal", "en", None)
        with pytest.raises(IntegrityError), transaction():
            roster.add_all(play.engagement, [new, pat], who="Ines", at=MONDAY)
        assert roster.sizes(play.engagement) == {"Operations": 1, "R & D; ?": 2}

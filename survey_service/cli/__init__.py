"""The door for operators: `flask survey ...`."""

from flask import Flask

from survey_service.cli import (
    accounts,
    auditing,
    copies,
    development,
    engagements,
    instruments,
    people,
    printing,
    running,
    waves,
)
from survey_service.cli.door import survey

__all__ = ["init_app"]

PARTS = (accounts, engagements, waves, auditing, instruments, people, printing, copies, running, development)


def init_app(app: Flask) -> None:
    """Hang the commands into `flask`."""
    for part in PARTS:
        for command in part.COMMANDS:
            survey.add_command(command)
    app.cli.add_command(survey)

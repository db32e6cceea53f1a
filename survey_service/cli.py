"""The door for operators: `flask survey ...`."""

from flask import Flask
from flask.cli import AppGroup

survey = AppGroup("survey", help="Run Common Ground from the shell.")


def init_app(app: Flask) -> None:
    """Hang the commands into `flask`."""
    app.cli.add_command(survey)

"""The installation a process serves: its settings and its keys."""

from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from survey_service.foundation.key_directory import KeyDirectory, Links
from survey_service.foundation.settings import Settings


@dataclass(frozen=True)
class Installation:
    """What doors and the scheduler hand to rooms as arguments."""

    settings: Settings
    keys: KeyDirectory
    links: Links

    @property
    def print_room(self) -> Path:
        """The folder where pages wait for the worker and finished PDFs lie."""
        return self.settings.data_dir / "cache"

    @classmethod
    def of(cls, settings: Settings) -> "Installation":
        """The installation at the settings' directories."""
        keys = KeyDirectory(settings.key_dir)
        return cls(settings=settings, keys=keys, links=Links(keys))


def installation() -> Installation:
    """The installation of the running app."""
    here = current_app.extensions["installation"]
    assert isinstance(here, Installation)
    return here

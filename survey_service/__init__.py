"""Common Ground: ask everyone a change would touch, without names, and show the group where it stands.

Answers go in by one door and come out by one door::

    engagement -> roster -> wave (terms frozen) -> invitation -> outbox -> person
                                                       |                     |
                                                     spent  <-------------  deposit
                                                                             ||  the wall
                                                                     sealed ballot box
                                                                             ||
    report <- narrative, charts <- findings <- aggregator  <-------------  release

People are on one side, answers on the other; nothing but the deposit stands on both.
"""

from survey_service.app import create_app

__all__ = ["__version__", "create_app"]

__version__ = "0.1.0"

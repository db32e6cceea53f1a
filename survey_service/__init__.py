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

# The factory is in survey_service.app: importing a pure room must not load the web.
__version__ = "0.1.0"

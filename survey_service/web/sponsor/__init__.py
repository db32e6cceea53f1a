"""The sponsor: approves before, reads first after."""

from survey_service.web.sponsor import approval, changing, first_page, follow_up, report, sharing, texts
from survey_service.web.sponsor.door import door

__all__ = ["approval", "changing", "door", "first_page", "follow_up", "report", "sharing", "texts"]

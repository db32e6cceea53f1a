"""The sponsor: approves before, reads first after."""

from survey_service.web.sponsor import approval, report, sharing, texts
from survey_service.web.sponsor.door import door

__all__ = ["approval", "door", "report", "sharing", "texts"]

"""Reading a shared report."""

from survey_service.web.reader import reading
from survey_service.web.reader.door import door

__all__ = ["door", "reading"]

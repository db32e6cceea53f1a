"""The seller's desk."""

from survey_service.web.seller import members
from survey_service.web.seller.door import door

__all__ = ["door", "members"]

"""The seller's desk."""

from survey_service.web.seller import members, workspaces
from survey_service.web.seller.door import door

__all__ = ["door", "members", "workspaces"]

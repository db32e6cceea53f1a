"""The seller's desk."""

from survey_service.web.seller import engagement, launching, members, overview, preview, report, workspaces
from survey_service.web.seller.door import door

__all__ = ["door", "engagement", "launching", "members", "overview", "preview", "report", "workspaces"]

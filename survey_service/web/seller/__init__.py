"""The seller's desk."""

from survey_service.web.seller import (
    amending,
    engagement,
    grouping,
    importing,
    launching,
    members,
    overview,
    people,
    preview,
    report,
    workspaces,
)
from survey_service.web.seller.door import door

__all__ = [
    "amending",
    "door",
    "engagement",
    "grouping",
    "importing",
    "launching",
    "members",
    "overview",
    "people",
    "preview",
    "report",
    "workspaces",
]

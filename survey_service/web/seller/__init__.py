"""The seller's desk."""

from survey_service.web.seller import (
    again,
    amending,
    engagement,
    grouping,
    importing,
    launching,
    look,
    members,
    overview,
    people,
    preview,
    report,
    unreachable,
    workspaces,
)
from survey_service.web.seller.door import door

__all__ = [
    "again",
    "amending",
    "door",
    "engagement",
    "grouping",
    "importing",
    "launching",
    "look",
    "members",
    "overview",
    "people",
    "preview",
    "report",
    "unreachable",
    "workspaces",
]

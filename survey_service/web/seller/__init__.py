"""The seller's desk."""

from survey_service.web.seller import (
    account,
    again,
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
    settings,
    unreachable,
    workspaces,
)
from survey_service.web.seller.door import door

__all__ = [
    "account",
    "again",
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
    "settings",
    "unreachable",
    "workspaces",
]

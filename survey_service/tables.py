"""Every room's records, so that the metadata is whole."""

from survey_service import journal
from survey_service.answers import models as answers
from survey_service.collection import models as collection
from survey_service.engagements import models as engagements
from survey_service.invitations import models as invitations
from survey_service.outbox import models as outbox
from survey_service.reports import models as reports
from survey_service.scheduler import models as scheduler
from survey_service.waves import models as waves
from survey_service.workspaces import models as workspaces

__all__ = [
    "answers",
    "collection",
    "engagements",
    "invitations",
    "journal",
    "outbox",
    "reports",
    "scheduler",
    "waves",
    "workspaces",
]

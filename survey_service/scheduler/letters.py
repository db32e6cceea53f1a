"""What each letter says: looked up when it is sent, links made then, so that the outbox holds none."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from survey_service.foundation.db import db
from survey_service.foundation.i18n import speaking
from survey_service.foundation.installation import Installation
from survey_service.invitations import contact
from survey_service.invitations import links as invitations
from survey_service.outbox.delivery import Withdrawn
from survey_service.outbox.envelope import Letter
from survey_service.outbox.models import Dispatch
from survey_service.outbox.press import Press
from survey_service.scheduler import to_accounts, to_sellers, to_sponsors, to_stakeholders, wave_letters
from survey_service.scheduler.records import Context, Sources, Writer
from survey_service.waves.models import Wave
from survey_service.workspaces import look as looks

#: Kind of letter -> what looks its facts up; each raises Withdrawn where the cause is gone.
WRITERS: Mapping[str, Writer] = {
    **to_stakeholders.WRITERS,
    **wave_letters.WRITERS,
    **to_sponsors.WRITERS,
    **to_sellers.WRITERS,
    **to_accounts.WRITERS,
}


class Renderer:
    """From a dispatch to the letter that leaves; raises Withdrawn, or NotNow to wait."""

    def __init__(self, installation: Installation, *, at: datetime) -> None:
        self._sources = Sources(installation, at)
        self._press = Press(mail_from=installation.settings.mail_from, at=at)

    def look_ahead(self, dispatches: Sequence[Dispatch]) -> None:
        """Read the records that these letters speak of at once; to be called in each transaction anew."""
        self._sources.forget()
        asked = {one.facts["invitation_id"] for one in dispatches if "invitation_id" in one.facts}
        for invitation in invitations.with_people(asked):
            self._sources.hold(invitation.id, invitation)
        for number in {one.wave_id for one in dispatches if one.wave_id}:
            if wave := db.session.get(Wave, number):
                self._sources.hold(number, wave)
                self._sources.hold(wave.engagement_id, wave.engagement)

    def __call__(self, dispatch: Dispatch) -> Letter:
        """The letter, its links made now."""
        self._need_wanted(dispatch)
        with speaking(dispatch.language):
            facts = WRITERS[dispatch.kind](dispatch, self._sources)
        context = {"recipient_name": dispatch.to_name, "logo": self._logo(dispatch, facts), **facts}
        return self._press.letter(dispatch, context)

    def _logo(self, dispatch: Dispatch, facts: Context) -> bytes | None:
        """The workspace's logo as it is now, in letters that name the workspace."""
        if (number := dispatch.workspace_id) is None or "workspace" not in facts:
            return None
        return self._sources.once(("logo", number), lambda: looks.of(number).logo)

    def _need_wanted(self, dispatch: Dispatch) -> None:
        """Whoever wants no letters from a workspace gets none but what they ask for themselves."""
        number = dispatch.workspace_id
        if "invitation_id" not in dispatch.facts or number is None or dispatch.kind == "link-again":
            return
        refused = self._sources.once(("refused", number), lambda: contact.marks(number))
        if contact.mark(number, dispatch.to_address) in refused:
            raise Withdrawn


def renderer(installation: Installation, *, at: datetime) -> Renderer:
    """A renderer for letters that leave at this moment."""
    return Renderer(installation, at=at)

"""Who belongs to a workspace: inviting, joining, roles, leaving."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from survey_service import journal
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotFound, Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.outbox import letters
from survey_service.workspaces import addresses, making, passwords, sessions
from survey_service.workspaces.models import Account, Member, MemberInvitation, Workspace
from survey_service.workspaces.scope import Scope


class AlreadyMember(Refusal):
    """They belong to the workspace."""

    sentence = _l("%(address)s already belongs to this workspace.")


class LastOwner(Refusal):
    """A workspace would be left without an owner."""

    sentence = _l("This is the only owner of the workspace. Make somebody else an owner first.")


class ForSomebodyElse(Refusal):
    """The account is not the one that was invited."""

    sentence = _l("This invitation is for %(address)s. Sign in with that address to accept it.")


def listed(scope: Scope) -> Sequence[Member]:
    """Everybody who belongs to the workspace, by name."""
    chosen = select(Member).join(Account).where(Member.workspace_id == scope.workspace_id)
    return db.session.scalars(chosen.order_by(func.lower(Account.name), Member.id)).all()


def find(scope: Scope, number: int) -> Member:
    """A member within the asker's eyes. Raises NotFound."""
    member = db.session.get(Member, number)
    if member is None or member.workspace_id != scope.workspace_id:
        raise NotFound
    return member


def pending(scope: Scope) -> Sequence[MemberInvitation]:
    """Who was invited and has not joined yet, latest first."""
    chosen = select(MemberInvitation).where(MemberInvitation.workspace_id == scope.workspace_id)
    return db.session.scalars(chosen.order_by(MemberInvitation.created_at.desc())).all()


def invite(scope: Scope, *, email: str, role: str, language: str, at: datetime) -> MemberInvitation:
    """Ask a colleague in, by letter; asking again takes the latest role and makes the earlier link void.

    Raises BadAddress, AlreadyMember.
    """
    email = addresses.normal(email)
    if any(member.account.email == email for member in listed(scope)):
        raise AlreadyMember(address=email)
    for earlier in pending(scope):
        if earlier.email == email:
            db.session.delete(earlier)
    db.session.flush()
    asked = MemberInvitation(
        workspace_id=scope.workspace_id, email=email, role=role, invited_by=scope.who, created_at=at
    )
    db.session.add(asked)
    db.session.flush()
    _write(asked, language=language, at=at)
    _note("member invited", scope, at, role=role)
    return asked


def invite_again(scope: Scope, number: int, *, language: str, at: datetime) -> MemberInvitation:
    """The same once more, with a fresh link. Raises NotFound, AlreadyMember."""
    asked = _asked(scope, number)
    return invite(scope, email=asked.email, role=asked.role, language=language, at=at)


def _write(asked: MemberInvitation, *, language: str, at: datetime) -> None:
    """To somebody known in their own language and by name, to others in the inviting member's."""
    account = making.by_address(asked.email)
    letters.write(
        "member-invitation",
        to_address=asked.email,
        to_name=account.name if account else "",
        language=account.language if account else language,
        facts={"member_invitation_id": asked.id},
        due_at=at,
        workspace_id=asked.workspace_id,
    )


def take_back(scope: Scope, number: int, *, at: datetime) -> str:
    """An invitation is void from now on; returns its address. Raises NotFound."""
    asked = _asked(scope, number)
    db.session.delete(asked)
    _note("invitation taken back", scope, at, role=asked.role)
    return asked.email


def _asked(scope: Scope, number: int) -> MemberInvitation:
    asked = db.session.get(MemberInvitation, number)
    if asked is None or asked.workspace_id != scope.workspace_id:
        raise NotFound
    return asked


def needs_account(asked: MemberInvitation) -> bool:
    """Whether the invited address has no account yet, or one that nobody has shown to be theirs."""
    account = making.by_address(asked.email)
    return account is None or account.confirmed_at is None


def join_anew(asked: MemberInvitation, *, name: str, password: str, language: str, at: datetime) -> Account:
    """Accept as somebody without an account; the letter has shown that the address is theirs.

    An account that was never confirmed is taken over: whoever made it did not read this mailbox.
    Raises what passwords.weigh refuses.
    """
    passwords.weigh(password, known=(asked.email, asked.workspace.name, name))
    password_hash = passwords.hashed(password)
    account = making.by_address(asked.email)
    if account is None:
        account = making.make_account(
            name=name,
            email=asked.email,
            password_hash=password_hash,
            language=language,
            at=at,
            confirmed=True,
        )
    else:
        account.name, account.password_hash, account.confirmed_at = name, password_hash, at
        sessions.end_all(account)
    accept(asked, account, at=at)
    return account


def accept(asked: MemberInvitation, account: Account, *, at: datetime) -> Member:
    """The invited account becomes a member; the invitation is gone.

    Raises ForSomebodyElse; NotFound if accepted or taken back meanwhile: whoever deletes the row has it.
    """
    if account.email != asked.email:
        raise ForSomebodyElse(address=asked.email)
    claimed = delete(MemberInvitation).where(MemberInvitation.id == asked.id)
    if db.session.connection().execute(claimed).rowcount != 1:
        raise NotFound
    db.session.expunge(asked)
    member = Member(workspace_id=asked.workspace_id, account_id=account.id, role=asked.role)
    db.session.add(member)
    facts = {"role": member.role}
    journal.note("member joined", who=account.name, at=at, workspace_id=member.workspace_id, facts=facts)
    return member


def change_role(scope: Scope, member: Member, role: str, *, at: datetime) -> None:
    """Give another role. Raises LastOwner."""
    if role == member.role:
        return
    if role != "owner":
        _keep_an_owner(scope, member)
    _note("role changed", scope, at, name=member.account.name, before=member.role, role=role)
    member.role = role
    db.session.flush()


def remove(scope: Scope, member: Member, *, at: datetime) -> None:
    """They belong here no more, from their next click on; their account stays. Raises LastOwner."""
    _keep_an_owner(scope, member)
    _note("member removed", scope, at, name=member.account.name, role=member.role)
    db.session.delete(member)
    db.session.flush()


def _note(event: str, scope: Scope, at: datetime, **facts: str) -> None:
    """Names of members and their roles; no address: whoever was invited may never have come."""
    journal.note(event, who=scope.who, at=at, workspace_id=scope.workspace_id, facts=facts)


def _keep_an_owner(scope: Scope, member: Member) -> None:
    """The owners' rows are held, so that two of them cannot leave at the same moment."""
    chosen = select(Member).where(Member.workspace_id == scope.workspace_id, Member.role == "owner")
    owners = db.session.scalars(chosen.order_by(Member.id).with_for_update()).all()
    if [owner.id for owner in owners] == [member.id]:
        raise LastOwner


def of_account(account: Account) -> Sequence[Member]:
    """Where the account belongs, by the workspace's name."""
    chosen = select(Member).join(Workspace).where(Member.account_id == account.id)
    return db.session.scalars(chosen.order_by(func.lower(Workspace.name), Member.id)).all()


def own_workspace(account: Account, key: str) -> Workspace:
    """A workspace the account belongs to. Raises NotFound."""
    for member in of_account(account):
        if member.workspace.key == key:
            return member.workspace
    raise NotFound


def owners(workspace_id: int) -> Sequence[Account]:
    """The accounts that own a workspace."""
    chosen = select(Account).join(Member).where(Member.workspace_id == workspace_id, Member.role == "owner")
    return db.session.scalars(chosen.order_by(Account.id)).all()


def domains(workspace_id: int) -> frozenset[str]:
    """The mail domains of the workspace's members; public mail providers are among them."""
    chosen = select(Account.email).join(Member).where(Member.workspace_id == workspace_id)
    return frozenset(email.rpartition("@")[2] for email in db.session.scalars(chosen))

"""Records of the selling side: accounts, workspaces and who belongs to them."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_service.foundation.db import Base, Moment
from survey_service.workspaces import schedule

ROLES = ("owner", "member", "viewer")


class Account(Base):
    """A person who signs in."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    email: Mapped[str] = mapped_column(unique=True, comment="lower case")
    name: Mapped[str]
    password_hash: Mapped[str] = mapped_column(comment="Argon2id")
    created_at: Mapped[datetime] = mapped_column(Moment)
    language: Mapped[str] = mapped_column(default="en")
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    session_epoch: Mapped[int] = mapped_column(default=1, comment="raised to end every session")
    totp_nonce: Mapped[str | None] = mapped_column(
        default=None, comment="second factor: its secret follows from this and SURVEY_SECRET; none: it is off"
    )
    totp_step: Mapped[int | None] = mapped_column(
        default=None, comment="the last 30 seconds a code was used for; no code counts twice"
    )
    recovery: Mapped[list[str] | None] = mapped_column(
        JSON, default=None, comment="SHA-256 of the recovery codes left"
    )
    wanted_email: Mapped[str | None] = mapped_column(
        default=None, comment="where it moves once a letter there is answered"
    )
    wanted_at: Mapped[datetime | None] = mapped_column(
        Moment, default=None, comment="when that was asked for"
    )


class Workspace(Base):
    """The selling company."""

    __tablename__ = "workspace"
    __table_args__ = (CheckConstraint("archives_after < erases_after", name="archived_first"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    key: Mapped[str] = mapped_column(unique=True, comment="random, seen in addresses")
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment)
    is_trusted: Mapped[bool] = mapped_column(
        default=False,
        server_default=false(),  # rows from before it was thought of
        comment="by the operator: may write to any number of people a day",
    )
    logo: Mapped[bytes | None] = mapped_column(
        default=None, deferred=True, comment="PNG, drawn by the app itself"
    )
    colour: Mapped[str | None] = mapped_column(default=None, comment="#rrggbb, dark enough for words")
    needs_second_factor: Mapped[bool] = mapped_column(
        default=False,
        server_default=false(),  # rows from before it was thought of
        comment="members without one see nothing but their account page",
    )
    sender: Mapped[str | None] = mapped_column(
        default=None, comment="name that letters to stakeholders come from; else the workspace's"
    )
    reply_to: Mapped[str | None] = mapped_column(
        default=None, comment="where answers to invitations go; else to the first owner"
    )
    languages: Mapped[list[str] | None] = mapped_column(
        JSON, default=None, comment="codes offered for rosters and engagements; none: all that are shipped"
    )
    reminders: Mapped[str] = mapped_column(
        default=schedule.USUAL.written,
        server_default=schedule.USUAL.written,  # rows from before it was thought of
        comment="the schedule a wave begins with (workspaces/schedule.py)",
    )
    archives_after: Mapped[int] = mapped_column(
        default=12,
        server_default="12",  # rows from before it was thought of
        comment="months from the last close until an engagement is archived",
    )
    erases_after: Mapped[int] = mapped_column(
        default=36,
        server_default="36",  # rows from before it was thought of
        comment="months from the last close until an engagement is erased, report and all",
    )
    deletes_at: Mapped[datetime | None] = mapped_column(
        Moment, default=None, comment="when everything of it is deleted; none: it stays"
    )
    deleted_by: Mapped[str | None] = mapped_column(default=None, comment="name of the owner who asked for it")


class Member(Base):
    """An account in a workspace, with what it may do there."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("workspace_id", "account_id"),
        CheckConstraint("role IN ('owner', 'member', 'viewer')", name="role_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    workspace: Mapped[Workspace] = relationship(init=False)
    account: Mapped[Account] = relationship(init=False)


class MemberInvitation(Base):
    """A colleague asked into a workspace; accepting deletes the row."""

    __tablename__ = "member_invitation"
    __table_args__ = (
        UniqueConstraint("workspace_id", "email"),
        CheckConstraint("role IN ('owner', 'member', 'viewer')", name="role_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    email: Mapped[str]
    role: Mapped[str]
    invited_by: Mapped[str] = mapped_column(comment="name of the member who asked")
    created_at: Mapped[datetime] = mapped_column(Moment)
    workspace: Mapped[Workspace] = relationship(init=False)


class BrowserSession(Base):
    """A browser in which an account is signed in. Keeps no network address."""

    __tablename__ = "browser_session"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    mark: Mapped[str] = mapped_column(
        unique=True, comment="SHA-256 of the word in the browser's signed cookie"
    )
    browser: Mapped[str] = mapped_column(comment="which browser on which system, in words; no version")
    began_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment, comment="to within five minutes")
    account: Mapped[Account] = relationship(init=False)

"""The ballot box. No time, no person, no order: an id only a receipt gives, a wave, a ciphertext."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey_service.foundation.db import Base


class SheetBox(Base):
    """One sealed answer sheet; all of a wave have the same length."""

    __tablename__ = "sheet_box"
    # Without a rowid SQLite keeps rows in the order of their random ids, not of their arrival.
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[bytes] = mapped_column(primary_key=True, comment="SHA-256 of 'sheet' and the receipt")
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    ciphertext: Mapped[bytes]


class TextBox(Base):
    """The sealed free texts of one person, empty or not; apart from the sheet."""

    __tablename__ = "text_box"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[bytes] = mapped_column(primary_key=True, comment="SHA-256 of 'text' and the receipt")
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    ciphertext: Mapped[bytes]


class HeldText(Base):
    """One free text after close, sealed for the sponsor's reading, under a random id."""

    __tablename__ = "held_text"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[bytes] = mapped_column(primary_key=True, comment="random; its order is the published one")
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"), index=True)
    ciphertext: Mapped[bytes]

"""Tables of the journal. Rows are added, never changed: a revocation is a new row."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Date, DateTime, Dialect, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from data.journal.columns import Line, LongLine, Name, Number, Reference, Words

LONGEST_LOGIN = 320  # characters: the longest e-mail address


class Utc(TypeDecorator[datetime]):
    """A moment in UTC on both databases: SQLite drops the zone, this restores it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class Base(DeclarativeBase):
    """Every record has a number and a moment."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Utc, index=True)


class AccessRow(Base):
    """Who signed in, opened or exported what."""

    __tablename__ = "access_log"

    login: Mapped[str] = mapped_column(Name(LONGEST_LOGIN), index=True)
    role: Mapped[str] = mapped_column(Line(40))
    action: Mapped[str] = mapped_column(Line(40), index=True)
    target: Mapped[str] = mapped_column(Line(400))
    detail: Mapped[str] = mapped_column(LongLine, default="")


class AcceptanceRow(Base):
    """A decision on a doubtful row."""

    __tablename__ = "acceptance"

    login: Mapped[str] = mapped_column(Name(LONGEST_LOGIN))
    row_ref: Mapped[str] = mapped_column(Reference(200), index=True)
    source_key: Mapped[str] = mapped_column(Reference(40))
    description: Mapped[str] = mapped_column(Words)
    reason: Mapped[str] = mapped_column(Words)
    revoked: Mapped[bool] = mapped_column(default=False)


class NameDecisionRow(Base):
    """An answer to « le même ? » about two names."""

    __tablename__ = "name_decision"

    login: Mapped[str] = mapped_column(Name(LONGEST_LOGIN))
    kind: Mapped[str] = mapped_column(Reference(40))
    key: Mapped[str] = mapped_column(Reference(300), index=True)
    other_key: Mapped[str] = mapped_column(Reference(300))
    name: Mapped[str] = mapped_column(Words)
    other_name: Mapped[str] = mapped_column(Words)
    is_same: Mapped[bool]
    reason: Mapped[str] = mapped_column(Words)
    revoked: Mapped[bool] = mapped_column(default=False)


class CommentRow(Base):
    """A comment on a molecule."""

    __tablename__ = "comment"

    login: Mapped[str] = mapped_column(Name(LONGEST_LOGIN))
    role: Mapped[str] = mapped_column(Line(40))
    subject_id: Mapped[str] = mapped_column(Name(300), index=True)
    text: Mapped[str] = mapped_column(Words)
    visible_to: Mapped[str] = mapped_column(String(200))
    withdrawn_by: Mapped[str | None] = mapped_column(Name(LONGEST_LOGIN), default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc, default=None)


class AcknowledgementRow(Base):
    """An alert seen by a person."""

    __tablename__ = "acknowledgement"

    login: Mapped[str] = mapped_column(Name(LONGEST_LOGIN))
    role: Mapped[str] = mapped_column(Line(40))
    alert_key: Mapped[str] = mapped_column(Reference(300), index=True)
    level: Mapped[int] = mapped_column(Number)
    note: Mapped[str] = mapped_column(Words, default="")


class EvaluationRow(Base):
    """Points of one criterion."""

    __tablename__ = "evaluation"

    login: Mapped[str] = mapped_column(Name(LONGEST_LOGIN))
    declaration_no: Mapped[str] = mapped_column(Reference(80), index=True)
    criterion: Mapped[str] = mapped_column(Reference(4))
    points: Mapped[int] = mapped_column(Number)
    reason: Mapped[str] = mapped_column(Words)


class PreparationRow(Base):
    """Préparations magistrales of a week; None: unknown."""

    __tablename__ = "preparation"

    login: Mapped[str] = mapped_column(Name(LONGEST_LOGIN))
    subject_id: Mapped[str] = mapped_column(Reference(300), index=True)
    week: Mapped[date] = mapped_column(Date)
    preparations: Mapped[int] = mapped_column(Number)
    pharmacies: Mapped[int | None] = mapped_column(Number, default=None)
    recommendation_on: Mapped[date | None] = mapped_column(Date, default=None)
    reason: Mapped[str] = mapped_column(Words, default="")
    revoked: Mapped[bool] = mapped_column(default=False)


class SentAlertRow(Base):
    """An alert that went out."""

    __tablename__ = "sent_alert"

    channel: Mapped[str] = mapped_column(Reference(20))
    recipient: Mapped[str] = mapped_column(Name(LONGEST_LOGIN), index=True)
    alert_key: Mapped[str] = mapped_column(Reference(300))
    level: Mapped[int] = mapped_column(Number)

"""First tables: access log, acceptances, comments, acknowledgements, evaluations, alerts sent."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Every table has a number, a moment, and who."""
    _table(
        "access_log",
        _text("login", 320),
        _text("role", 40),
        _text("action", 40),
        _text("target", 400),
        _text("detail"),
        indexed=("login", "action"),
    )
    _table(
        "acceptance",
        _text("login", 320),
        _text("row_ref", 200),
        _text("source_key", 40),
        _text("description"),
        _text("reason"),
        sa.Column("revoked", sa.Boolean, nullable=False),
        indexed=("row_ref",),
    )
    _table(
        "comment",
        _text("login", 320),
        _text("role", 40),
        _text("subject_id", 300),
        _text("text"),
        _text("visible_to", 200),
        sa.Column("withdrawn_by", sa.String(320)),
        sa.Column("withdrawn_at", MOMENT),
        indexed=("subject_id",),
    )
    _table(
        "acknowledgement",
        _text("login", 320),
        _text("role", 40),
        _text("alert_key", 300),
        sa.Column("level", sa.Integer, nullable=False),
        _text("note"),
        indexed=("alert_key",),
    )
    _table(
        "evaluation",
        _text("login", 320),
        _text("declaration_no", 80),
        _text("criterion", 4),
        sa.Column("points", sa.Integer, nullable=False),
        _text("reason"),
        indexed=("declaration_no",),
    )
    _table(
        "sent_alert",
        _text("channel", 20),
        _text("recipient", 320),
        _text("alert_key", 300),
        sa.Column("level", sa.Integer, nullable=False),
        indexed=("recipient",),
    )


def downgrade() -> None:
    """Back to an empty database."""
    for name in ("sent_alert", "evaluation", "acknowledgement", "comment", "acceptance", "access_log"):
        op.drop_table(name)


def _table(name: str, *columns: sa.Column[Any], indexed: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", MOMENT, nullable=False),
        *columns,
    )
    for column in ("at", *indexed):
        op.create_index(f"ix_{name}_{column}", name, [column])


def _text(name: str, length: int | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length) if length else sa.Text, nullable=False)

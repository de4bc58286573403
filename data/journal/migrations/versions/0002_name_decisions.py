"""Answers to « le même ? » about two names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_name_decisions"
down_revision = "0001"


def upgrade() -> None:
    """Like every table: a number, a moment, and who."""
    op.create_table(
        "name_decision",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("login", sa.String(320), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("other_key", sa.String(300), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "other_name")),
        sa.Column("is_same", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("revoked", sa.Boolean, nullable=False),
    )
    for column in ("at", "key"):
        op.create_index(f"ix_name_decision_{column}", "name_decision", [column])


def downgrade() -> None:
    """Back to the first tables."""
    op.drop_table("name_decision")

"""Préparations magistrales counted by the agency, week by week."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_preparations"
down_revision = "0002_name_decisions"


def upgrade() -> None:
    """Like every table: a number, a moment, and who."""
    op.create_table(
        "preparation",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("login", sa.String(320), nullable=False),
        sa.Column("subject_id", sa.String(300), nullable=False),
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("preparations", sa.Integer, nullable=False),
        sa.Column("pharmacies", sa.Integer),
        sa.Column("recommendation_on", sa.Date),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("revoked", sa.Boolean, nullable=False),
    )
    for column in ("at", "subject_id"):
        op.create_index(f"ix_preparation_{column}", "preparation", [column])


def downgrade() -> None:
    """Back to the tables before."""
    op.drop_table("preparation")

"""Changes of the journal's tables, by Alembic."""

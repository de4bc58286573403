"""The journal: decisions, comments and accesses, in a transactional database (SQLite, or PostgreSQL by URL)."""

from __future__ import annotations

from data.journal.columns import JournalRefused, JournalSilent, JournalUnavailable
from data.journal.decisions import Decisions, read_decisions
from data.journal.store import Journal

__all__ = ["Decisions", "Journal", "JournalRefused", "JournalSilent", "JournalUnavailable", "read_decisions"]

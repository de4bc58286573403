"""The journal: what people decide, say and open, in a transactional database (SQLite, or PostgreSQL by URL)."""

from __future__ import annotations

from data.journal.known import JournalCopy, known
from data.journal.store import Journal, JournalUnavailable

__all__ = ["Journal", "JournalCopy", "JournalUnavailable", "known"]

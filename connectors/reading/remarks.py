"""Remarks on rows that are kept: what was read otherwise than it was written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from connectors.base import RowIssue, Sheet
from connectors.reading.quarantine import LONGEST_VALUE, MOST_NOTES
from connectors.reading.values import Noted


@dataclass
class Remarks:
    """Remarks of one sheet: one per cell, or one per column for what is true of all its cells."""

    sheet: Sheet
    _pending: list[tuple[str, Noted]] = field(default_factory=list)
    _once: dict[str, tuple[RowIssue, int]] = field(default_factory=dict)

    def taken(self, title: str, noted: Noted) -> Any:
        """The value; its remark waits until the row is accepted."""
        self._pending.append((title, noted))
        return noted.value

    def drop(self) -> None:
        """Forgets the remarks of a row that is not accepted."""
        self._pending.clear()

    def keep(self, line: int) -> None:
        """Keeps the remarks of an accepted row."""
        for title, noted in self._pending:
            issue = RowIssue(self.sheet.name, line, title, noted.written[:LONGEST_VALUE], noted.note)
            if noted.once:
                first, count = self._once.get(title, (issue, 0))
                self._once[title] = (first, count + 1)
            elif len(self.sheet.notes) < MOST_NOTES:
                self.sheet.notes.append(issue)
        self._pending.clear()

    def end(self) -> None:
        """Adds the remarks due once per column, with the number of cells concerned."""
        for issue, count in self._once.values():
            more = f" (ainsi de {count} cellules)" if count > 1 else ""
            self.sheet.notes.append(replace(issue, reason=issue.reason + more))

"""Hidden lines and columns of a sheet: when filled, the sheet is refused, as a hidden sheet is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from connectors.base import RefusedFile
from connectors.reading.header import Header, listed, quoted
from connectors.reading.lines import Hidden, is_blank

MOST_COLUMNS = 5  # named in a refusal's sentence


@dataclass
class HiddenCells:
    """Hidden lines and columns found filled under the header."""

    hidden: Hidden
    header: Header
    lines: int = 0
    first_line: int = 0
    columns: set[int] = field(default_factory=set)

    def note(self, line: int, cells: Sequence[object]) -> None:
        """Takes one filled line into account."""
        if line in self.hidden.lines:
            self.lines += 1
            self.first_line = self.first_line or line
        if self.hidden.columns:
            added = (self.header.reason, self.header.reference)  # ours: a reporter may well hide them
            hidden = {i for i, cell in enumerate(cells) if i in self.hidden.columns and not is_blank(cell)}
            self.columns |= hidden.difference(i for i in added if i is not None)

    def refuse(self, sheet: str) -> None:
        """Raises ``RefusedFile`` when something hidden is filled."""
        if self.lines:
            raise RefusedFile(
                f"{quoted(sheet)} : lignes masquées ou filtrées, et remplies ({self.lines}, la première ligne"
                f" {self.first_line}). Affichez-les (retirez le filtre), ou supprimez-les."
            )
        if self.columns:
            titles = self.header.titles
            names = [titles[i] if i < len(titles) and titles[i] else f"colonne {i + 1}" for i in sorted(self.columns)]
            raise RefusedFile(
                f"{quoted(sheet)} : colonnes masquées et remplies ({listed(names, MOST_COLUMNS)}). Affichez-les, videz-les ou"
                " supprimez-les."
            )

"""A subject on one sheet of paper: verdict, four facts, links, curve, declarations, sources, day and mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from fpdf import FPDF

from connectors.language.typography import french
from pages.components import format as fr
from pages.components import tokens
from pages.components.exports.drawing import Drawing
from pages.components.exports.stamp import Stamp

MIME = "application/pdf"
WIDE, TALL, EDGE = 210.0, 297.0, 12.0
INSIDE = WIDE - 2 * EDGE
FAMILY = "Source Sans"
CHART_PIXELS = 1080  # the letters of the figure are then as large as those of the tables
LINE = 4.0  # mm, of a line of 8.5 points
_STATE_PX = 26.0
_LINK_WIDTHS = (40.0, 30.0, 22.0, 24.0, 30.0, 40.0)
_LINK_HEADS = ("Maillon", "État", "Couverture", "Mesure du", "En 4 semaines", "Réserve")


@dataclass(frozen=True)
class Link:
    """A link of the chain: what is known of it, in words."""

    name: str
    status: str | None
    state: str
    days: str
    measured_on: str
    change: str
    reserve: str


@dataclass(frozen=True)
class Table:
    """Headings, widths in millimetres, rows; ``total``: of the rows there are. ``note``: shown instead of rows."""

    title: str
    heads: Sequence[str] = ()
    widths: Sequence[float] = ()
    rows: Sequence[Sequence[str]] = ()
    note: str = ""


@dataclass(frozen=True)
class OnePage:
    """facts: label, what matters, words that explain it."""

    title: str
    verdict: str
    facts: Sequence[tuple[str, str, str]]
    links: Sequence[Link]
    figure: go.Figure | None
    figure_title: str
    declarations: Table
    notes: Sequence[str] = ()


def write(page: OnePage, stamp: Stamp) -> bytes:
    """The PDF. What does not fit is counted, never cut."""
    sheet = _Sheet(stamp)
    sheet.head(page)
    sheet.facts(page.facts)
    if page.links:
        sheet.links(page.links)
    if page.figure is not None:
        sheet.chart(page.figure, page.figure_title)
    sheet.table(page.declarations)
    sheet.foot(page.notes)
    return bytes(sheet.pdf.output())


@cache
def _fonts() -> dict[str, Path]:
    """Letters of the screen, as files a PDF can hold."""
    folder = Path(str(files("font_source_sans_pro"))) / "files"
    return {"": folder / "SourceSansPro-Regular.ttf", "B": folder / "SourceSansPro-Semibold.ttf"}


class _Sheet:
    """One sheet, filled from the top; ``self.y`` is where the next part goes, and ``self.floor`` where the foot begins."""

    def __init__(self, stamp: Stamp) -> None:
        self.stamp = stamp
        self.pdf = FPDF(format="A4")
        self.pdf.set_auto_page_break(False)
        self.pdf.set_lang("fr")
        self.pdf.set_author("Vigistock")
        self.pdf.set_subject(stamp.mark)
        built = stamp.built_at if isinstance(stamp.built_at, datetime) else datetime(2026, 1, 1, tzinfo=UTC)
        self.pdf.set_creation_date(built)  # the same snapshot gives the same bytes
        for style, file in _fonts().items():
            self.pdf.add_font(FAMILY, style, file)
        self.pdf.set_font(FAMILY)
        self.pdf.c_margin = 0
        self.pdf.add_page()
        self.y = EDGE
        self.floor = TALL - EDGE

    def head(self, page: OnePage) -> None:
        self.pdf.set_title(page.title)
        mark = self.stamp.mark
        self._say(mark, 9, bold=True, color=tokens.STATUS["insatisfaisante"].colour, width=INSIDE * 0.65)
        day = french(f"Vigistock · Données au {fr.day(self.stamp.as_of)}")
        self._say(day, 9, color=tokens.SECONDARY, left=EDGE + INSIDE * 0.65, width=INSIDE * 0.35, align="R")
        self.y += 6
        self.y += self._say(page.title, 17, bold=True)
        self.y += self._say(page.verdict, 10.5) + 2

    def facts(self, facts: Sequence[tuple[str, str, str]]) -> None:
        shown = [fact for fact in facts if fact[1]]
        wide = INSIDE / max(len(shown), 1)
        tallest = 0.0
        for place, (label, value, words) in enumerate(shown):
            left, width, start = EDGE + place * wide, wide - 4, self.y
            tall = self._say(label, 8, color=tokens.SECONDARY, left=left, width=width)
            tall += self._say(value, 11, bold=True, left=left, width=width, top=start + tall)
            tall += self._say(words, 8, color=tokens.SECONDARY, left=left, width=width, top=start + tall)
            tallest = max(tallest, tall)
        self.y += tallest + 3

    def links(self, links: Sequence[Link]) -> None:
        self._row(_LINK_HEADS, _LINK_WIDTHS, is_head=True)
        for link in links:
            top = self.y
            texts = (link.name, "", link.days, link.measured_on, link.change, link.reserve)
            self._row(texts, _LINK_WIDTHS)
            self._pill(link, EDGE + _LINK_WIDTHS[0], top + 0.4)
        self.y += 3

    def _pill(self, link: Link, left: float, top: float) -> None:
        """The word of the state on its colour; a hollow one where nothing is known."""
        look = tokens.look(link.status, link.state)
        self.pdf.set_fill_color(look.colour)
        self.pdf.set_draw_color(tokens.HATCH if tokens.is_hatched(link.status, link.state) else look.colour)
        self.pdf.set_line_width(0.2)
        self.pdf.rect(left, top, _STATE_PX, LINE - 0.2, style="DF", round_corners=True, corner_radius=0.6)
        self._say(look.word, 8, bold=True, color=look.ink, left=left + 1, width=_STATE_PX, top=top - 0.1)

    def chart(self, figure: go.Figure, title: str) -> None:
        self.y += self._say(title, 11, bold=True)
        drawing = Drawing(self.pdf, figure, (EDGE, self.y, INSIDE), CHART_PIXELS)
        self.y += drawing.draw() + 2

    def table(self, table: Table) -> None:
        """As many rows as the sheet holds above its foot; the others are counted."""
        self.y += self._say(table.title, 11, bold=True) + 0.5
        if table.note:
            self.y += self._say(table.note, 8.5) + 1
        if not table.rows:
            return
        self._row(table.heads, table.widths, is_head=True)
        room = self.floor - self._foot_height() - LINE
        for place, row in enumerate(table.rows):
            if self.y + self._row_height(row, table.widths) > room:
                left = len(table.rows) - place
                self._say(
                    french(f"Et {fr.plural(left, 'autre', 'autres')}, dans Vigistock."), 8, color=tokens.SECONDARY
                )
                return
            self._row(row, table.widths)

    def foot(self, notes: Sequence[str]) -> None:
        """Sources with their days, address, caveats: at the bottom of the sheet."""
        lines = self._foot_lines(notes)
        self.y = self.floor - self._foot_height(notes)
        self._rule(self.y)
        self.y += 1
        for line in lines:
            self.y += self._say(line, 7, color=tokens.SECONDARY, leading=2.9)

    def _foot_lines(self, notes: Sequence[str] = ()) -> list[str]:
        mark = f"{self.stamp.kind.name}. " if self.stamp.kind else ""
        lines = [*notes, f"Sources : {' · '.join(self.stamp.sources())}", f"{mark}{self.stamp.address}"]
        return [french(line) for line in lines if line.strip()]

    def _foot_height(self, notes: Sequence[str] = ()) -> float:
        return 1 + sum(self._measure(line, 7, INSIDE, 2.9) for line in self._foot_lines(notes))

    # ---- letters

    def _row(self, texts: Sequence[str], widths: Sequence[float], *, is_head: bool = False) -> None:
        left, tall = EDGE, self._row_height(texts, widths)
        for text, width in zip(texts, widths, strict=True):
            self._say(text, 8.5, left=left, width=width - 1.5, color=tokens.SECONDARY if is_head else tokens.INK)
            left += width
        self.y += tall + 0.6
        self._rule(self.y - 0.3, tokens.INK if is_head else tokens.LINES)

    def _row_height(self, texts: Sequence[str], widths: Sequence[float]) -> float:
        return max(self._measure(text, 8.5, width - 1.5) for text, width in zip(texts, widths, strict=True))

    def _rule(self, y: float, color: str = tokens.LINES) -> None:
        self.pdf.set_draw_color(color)
        self.pdf.set_line_width(0.15)
        self.pdf.line(EDGE, y, WIDE - EDGE, y)

    def _say(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        color: str = tokens.INK,
        left: float = EDGE,
        width: float = INSIDE,
        top: float | None = None,
        align: str = "L",
        leading: float | None = None,
    ) -> float:
        """Write at ``self.y`` (or ``top``), wrapped; the height taken."""
        if not text:
            return 0.0
        self.pdf.set_font(FAMILY, "B" if bold else "", size)
        self.pdf.set_text_color(color)
        line = leading or size * 0.47
        start = self.y if top is None else top
        self.pdf.set_xy(left, start)
        self.pdf.multi_cell(width, line, text, align=align, padding=0)
        return float(self.pdf.get_y()) - start

    def _measure(self, text: str, size: float, width: float, leading: float | None = None) -> float:
        self.pdf.set_font(FAMILY, "", size)
        lines: Any = self.pdf.multi_cell(width, leading or size * 0.47, text or " ", dry_run=True, output="LINES")
        return len(lines) * (leading or size * 0.47)

"""The month on one A4 page, landscape: everything as one block of HTML, menus hidden on screen and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from pages.components import format as fr
from pages.components import markup, tokens
from pages.components.charts import figures
from pages.components.exports import scripts
from pages.mensuel import blocks, words
from pages.mensuel.blocks import View

MOST_DCIS, MOST_LABORATORIES, MOST_CLASSES, MOST_COMMENTS, BARS = 14, 10, 15, 7, 24
LONGEST_NAME, LONGEST_COMMENT = 34, 170

_STYLE = f"""<style>
@page {{ size: A4 landscape; }}
[data-testid="stHeader"], [data-testid="stSidebar"], [data-testid="stToolbar"], [data-testid="stDecoration"],
.vs-state {{ display: none !important; }}
.vs-sheet {{ width: 281mm; font-size: 8pt; line-height: 1.25; color: {tokens.INK}; }}
.vs-sheet h1 {{ font-size: 14pt; margin: 0; padding: 0; font-weight: 650; }}
.vs-sheet p {{ margin: 1mm 0; font-size: 8pt; }} .vs-sheet p.vs-said {{ font-size: 10pt; }}
.vs-sheet h2 {{ font-size: 9pt; margin: 2mm 0 .5mm; padding: 0; font-weight: 650; }}
.vs-sheet .vs-small {{ color: {tokens.SECONDARY}; font-size: 7pt; }}
.vs-four {{ display: grid; grid-template-columns: repeat(4, 1fr); gap: 3mm; margin: 1.5mm 0; }}
.vs-four > div {{ border: .3mm solid {tokens.LINES}; border-radius: 1mm; padding: 1mm 2mm; }}
.vs-four b {{ font-size: 14pt; display: block; line-height: 1.1; }}
.vs-three {{ display: grid; grid-template-columns: 1fr 1.15fr 1.05fr; gap: 5mm; }}
.vs-sheet table {{ width: 100%; border-collapse: collapse; margin: 0; }}
.vs-sheet th, .vs-sheet td {{ border: 0; border-bottom: .2mm solid {tokens.LINES}; padding: .35mm 1mm .35mm 0; text-align: left;
  font-size: 7.5pt; vertical-align: top; }}
.vs-sheet th {{ color: {tokens.SECONDARY}; font-size: 7pt; border-bottom-color: {tokens.INK}; }}
.vs-sheet .vs-r {{ text-align: right; white-space: nowrap; padding-right: 2mm; }}
.vs-sheet ul {{ margin: 0; padding-left: 3.5mm; }} .vs-sheet li {{ margin: 0 0 .5mm; font-size: 7.5pt; }}
.vs-bars {{ display: flex; align-items: flex-end; gap: .6mm; height: 18mm; border-bottom: .3mm solid {tokens.INK}; }}
.vs-bars i {{ flex: 1; background: {tokens.HATCH}; print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
.vs-bars i:last-child {{ background: {tokens.ACCENT}; }}
@media print {{
  html, body, .stApp, .stApp > div, [data-testid="stAppViewContainer"], [data-testid="stMain"],
  [data-testid="stMainBlockContainer"] {{ position: static !important; overflow: visible !important;
    height: auto !important; min-height: 0 !important; display: block !important; padding: 0 !important;
    max-width: none !important; }}
  .st-key-mensuel-barre, [data-testid="stPopover"], [data-testid="stPageLink"], [data-testid="stElementContainer"]:not(:has(.vs-sheet, .vs-printed)) {{
    display: none !important; }}
  .stApp .vs-printed {{ margin: 0 0 1mm; padding: 0 0 .5mm; font-size: 7pt; line-height: 1.2; }}
  [data-testid="stVerticalBlock"] {{ gap: 1mm !important; }}
}}
</style>"""


def draw(view: View, notes: Sequence[str]) -> None:
    """The sheet, under a bar that is not printed: print it, or go back."""
    bar = st.container(horizontal=True, vertical_alignment="center", key="mensuel-barre")
    markup.show(scripts.print_button("Imprimer cette page"), width="content", box=bar)
    bar.page_link(
        "pages/mensuel/tableau_mensuel.py",
        label="Revenir au tableau",
        icon="",
        query_params={"mois": f"{view.shown.month['month']:%Y-%m}"},
    )
    markup.show(_STYLE)  # alone, so that it takes no room
    markup.show(sheet(view, notes))


def sheet(view: View, notes: Sequence[str]) -> str:
    """The page as HTML, every word escaped."""
    shown = view.shown
    four = "".join(
        f'<div>{escape(label)}<b>{escape(figure)}</b><span class="vs-small">{escape(note)}</span></div>'
        for label, figure, note in blocks.cards(shown)
    )
    told = " ".join(map(escape, notes))
    return (
        f'<div class="vs-sheet"><h1>Tableau de bord mensuel des déclarations : {words.title(shown.month)}</h1><p class="vs-said">{escape(words.sentence(shown))}</p>'
        f'<div class="vs-four">{four}</div><div class="vs-three"><div>{_levels(view)}{_classes(view)}</div>'
        f"<div>{_dcis(view)}{_bars(view)}</div><div>{_laboratories(view)}{_comments(view)}</div></div>"
        f'<p class="vs-small">{told}</p></div>'
    )


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1) -> str:
    """A block: its title, headings, rows; the first ``texts`` columns are words, the others figures."""
    cells = [[*(f"<td>{escape(c)}</td>" for c in row[:texts]), *(_figure(c) for c in row[texts:])] for row in rows]
    heads = [
        *(f"<th>{escape(h)}</th>" for h in head[:texts]),
        *(f'<th class="vs-r">{escape(h)}</th>' for h in head[texts:]),
    ]
    body = "".join(f"<tr>{''.join(line)}</tr>" for line in cells)
    return f"<h2>{escape(title)}</h2><table><thead><tr>{''.join(heads)}</tr></thead><tbody>{body}</tbody></table>"


def _figure(text: str) -> str:
    return f'<td class="vs-r">{escape(text)}</td>'


def _counts(row: Mapping[Any, Any], *names: str) -> list[str]:
    return [fr.number(row[name]) for name in names]


def _levels(view: View) -> str:
    names = ("situations_month", "declarations_month", "situations_year", "declarations_year")
    rows = [[words.level(row["level"]), *_counts(row, *names)] for row in figures.records(view.shown.levels)]
    head = ("Niveau", "Situations", "Déclar.", "Situations, cumul", "Déclar., cumul")
    note = "" if view.shown.is_scored else f'<p class="vs-small">{words.NOT_SCORED}</p>'
    return _table("Situations par niveau de risque, une par spécialité", head, rows) + note


def _classes(view: View) -> str:
    rows = [
        [
            _short(words.group(row["atc_group"]), 48),
            *_counts(row, "situations_month", "ruptures_month", "situations_year"),
        ]
        for row in figures.records(view.shown.classes.head(MOST_CLASSES))
    ]
    return _table("Situations par classe ATC", ("Classe", "Mois", "Ruptures", "Cumul"), rows)


def _dcis(view: View) -> str:
    rows = [
        [
            _short(str(row["dci"]), LONGEST_NAME),
            words.level(row[f"level_{view.suffix}"]),
            *_counts(row, "declarations_month", "declarations_year"),
            f"{fr.number(row['declared_months'])}/{fr.number(row['known_months'])} mois",
        ]
        for row in view.ranked(view.shown.dcis, "dci_key", MOST_DCIS)
    ]
    head = ("DCI", "Niveau", "Mois", "Cumul", "Réitération")
    return _table("Principales DCI, en déclarations", head, rows, texts=2)


def _bars(view: View) -> str:
    past = view.shown.past.tail(BARS)
    top = max(int(past["declarations"].max()), 1)
    bars = "".join(f'<i style="height:{100 * int(n) / top:.0f}%"></i>' for n in past["declarations"])
    ends = " à ".join(fr.long_month(past["month"].iloc[place]) for place in (0, -1))
    note = f"{ends} ; plus haute barre : {fr.number(top)}"
    return f'<h2>Déclarations par mois</h2><div class="vs-bars">{bars}</div><p class="vs-small">{escape(note)}</p>'


def _laboratories(view: View) -> str:
    shown = view.shown
    title = f"Laboratoires déclarants : {fr.number(shown.month['declarants'])}, {blocks.declarants(shown)}"
    if shown.laboratories is None:
        return f'<h2>{escape(title)}</h2><p class="vs-small">Version partagée : sans nom de laboratoire.</p>'
    rows = [
        [_short(str(row["laboratory"]), LONGEST_NAME), fr.number(row["declarations_month"]),
         fr.percent(row["share_month_pct"], 1), fr.number(row["declarations_year"]), fr.percent(row["share_year_pct"], 1)]
        for row in view.ranked(shown.laboratories, "laboratory", MOST_LABORATORIES)
    ]  # fmt: skip
    return _table(title, ("Laboratoire", "Mois", "Part", "Cumul", "Part"), rows)


def _comments(view: View) -> str:
    told = words.comments(view.shown, shared=view.shown.laboratories is None)
    items = "".join(f"<li>{escape(_short(text, LONGEST_COMMENT))}</li>" for text in told[:MOST_COMMENTS])
    left = len(told) - MOST_COMMENTS
    more = (
        f'<p class="vs-small">{fr.plural(left, "autre hausse", "autres hausses")} dans le classeur.</p>'
        if left > 0
        else ""
    )
    return f"<h2>Mouvements du mois</h2><ul>{items}</ul>{more}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"

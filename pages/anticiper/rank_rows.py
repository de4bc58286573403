"""The ranking on screen: one row a DCI, then the lines behind one score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from pages.components import format as fr
from pages.components import markup, tokens
from pages.components.charts import figures
from pages.components.declaration_rows import note
from pages.components.grid import Grid
from pages.components.shell import frame

PAGE = "pages/anticiper/classement.py"
MOST_ROWS = 60
_COLUMNS = "3rem minmax(9rem,1.2fr) 7.5rem minmax(10.5rem,1.4fr) minmax(10.5rem,1.4fr) minmax(12rem,1.7fr)"
_HEAD = ("Rang", "DCI", "Score", "Récurrence", "Vulnérabilité", "Impact")
_BAR = f"display:inline-block;height:.55rem;border-radius:2px;background:{tokens.ACCENT};vertical-align:middle;margin-right:.4rem"


def draw(table: pd.DataFrame, list_name: str, bounds: Sequence[float] = ()) -> None:
    """The first ones only: the table below holds them all."""
    if table.empty:
        frame.empty_state("Aucune DCI ne passe ces filtres.", "Raccourcir la recherche ou choisir une autre liste.")
        return
    grid = Grid("classement", _COLUMNS, _HEAD)
    for row in figures.records(table.head(MOST_ROWS)):
        grid.cells(f'<b class="vs-num">{fr.number(row["place"])}</b>')
        grid.link(str(row["dci"]), PAGE, {"liste": list_name, "dci": str(row["dci_key"])})
        grid.cells(*cells(row, bounds))
    if len(table) > MOST_ROWS:
        markup.show(f'<p class="vs-note">{MOST_ROWS} premières sur {fr.number(len(table))} ; toutes dans la table.</p>')


def cells(row: Mapping[str, Any], bounds: Sequence[float] = ()) -> list[str]:
    """Score, then each component with the figures it is made of."""
    unknown = fr.plural(row["unknown_values"], "valeur inconnue", "valeurs inconnues") if row["unknown_values"] else ""
    score = f'<span><b class="vs-days">{fr.number(row["score"])}</b> {note("/ 100")}<br>{note(unknown)}</span>'
    return [
        score,
        _component(row["recurrence_score"], _recurrence(row)),
        _component(row["vulnerability_score"], _vulnerability(row, bounds)),
        _component(row["impact_score"], _impact(row)),
    ]


def _component(score: float, told: list[str]) -> str:
    """A bar with its figure, never alone; under it what was read."""
    bar = f'<i style="{_BAR};width:{max(float(score), 1) * 0.05:.2f}rem"></i><b class="vs-num">{fr.number(score)}</b>'
    return f"<span>{bar}<br>{'<br>'.join(note(text) for text in told)}</span>"


def _recurrence(row: Mapping[str, Any]) -> list[str]:
    if fr.missing(row["declarations_36"]):
        return ["déclarations inconnues"]
    return [f"{fr.number(row['declarations_24'])} en 24 mois, {fr.number(row['declarations_36'])} en 36"]


def _vulnerability(row: Mapping[str, Any], bounds: Sequence[float]) -> list[str]:
    share = "part du premier exploitant inconnue"
    if not fr.missing(row["largest_share_pct"]):
        share = f"premier exploitant {fr.percent(row['largest_share_pct'], bounds=bounds)}"
    sites = f"{fr.plural(row['sites_told'], 'site cité', 'sites cités')}, dont {fr.number(row['sites_outside_union'])} hors UE"
    return [fr.plural(row["laboratories"], "titulaire", "titulaires"), share, *([sites] if row["sites_told"] else [])]


def _impact(row: Mapping[str, Any]) -> list[str]:
    sold = (
        "ventes inconnues" if fr.missing(row["monthly_boxes"]) else f"{fr.number(row['monthly_boxes'])} boîtes par mois"
    )
    people = "patients inconnus" if fr.missing(row["patients"]) else f"{fr.number(row['patients'])} patients en ville"
    others = "classe inconnue"
    if not fr.missing(row["alternatives"]):
        others = fr.plural(row["alternatives"], "autre DCI de la classe", "autres DCI de la classe")
    needed = ["voie indispensable"] if row["needed_route_specialities"] else []
    return [sold, people, others, *needed]


def values_html(lines: list[dict[str, Any]]) -> str:
    """Eight rows: component, what was read, the band, points over the maximum."""
    heads = ("Composante", "Indicateur", "Valeur lue", "Bande", "Points")
    right = ' class="vs-right"'
    head = "".join(f"<th{right if name == 'Points' else ''}>{name}</th>" for name in heads)
    return f'<table class="vs-table"><thead><tr>{head}</tr></thead><tbody>{"".join(map(_value, lines))}</tbody></table>'


def _value(line: Mapping[str, Any]) -> str:
    read: str = note("inconnu")
    if line["is_known"]:
        digits = 0 if float(line["value"]).is_integer() or float(line["value"]) >= 1000 else 1
        read = f"<b>{fr.number(line['value'], digits)}</b> {escape(str(line['unit']))}"
    points = f"<b>{fr.number(line['points'])}</b> / {fr.number(line['most_points'])}"
    return (
        f"<tr><td>{escape(str(line['component_title']))}</td><td><b>{escape(str(line['title']))}</b><br>{note(str(line['reads']))}</td>"
        f'<td class="vs-num">{read}</td><td>{escape(str(line["band_label"]))}</td><td class="vs-right vs-num">{points}</td></tr>'
    )

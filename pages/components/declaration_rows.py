"""Declarations as aligned rows, each opening its own page; used wherever a few declarations are listed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from html import escape
from typing import Any

import pandas as pd

from pages.components import badges, tokens
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.grid import Grid

PAGE = "pages/declarations/declaration.py"
ONLY_WITHOUT_ALTERNATIVE = (
    "Seuls les MITM sans alternative y sont publiés : ne pas y être ne veut pas dire être disponible."
)
MASKED = "Détail par laboratoire masqué (secret des affaires)."
_COLUMNS = "7.6rem minmax(17rem,3fr) 9.4rem minmax(9rem,1.6fr) 6rem minmax(7.5rem,1fr) 7.6rem 4.4rem"
_HEAD = ("Déclaration", "Laboratoire et présentation", "Type", "Cause", "Début", "Retour promis", "Part de marché",
         "Versions")  # fmt: skip

TWIN = {
    "declaration_no": "Déclaration",
    "dci": "DCI",
    "denomination": "Spécialité",
    "presentation_label": "Présentation",
    "laboratory": "Laboratoire",
    "kind_label": "Type",
    "status_label": "Statut",
    "causes": "Causes",
    "circuits": "Circuits",
    "start_on": "Début",
    "expected_return_on": "Retour promis",
    "return_slip_days": "Report depuis la première promesse (j)",
    "share_town_pct": "Part de marché en ville (%)",
    "share_hospital_pct": "Part de marché à l'hôpital (%)",
    "versions": "Versions",
    "updated_on": "Dernière mise à jour",
}


def named(table: pd.DataFrame) -> pd.DataFrame:
    """Same rows with kind and status in French words, for a table or a file."""
    words = {"ouverte": "Ouverte", "close": "Close"}
    return table.assign(kind_label=table["kind"].map(tokens.KIND_LABEL), status_label=table["status"].map(words))


def draw(key: str, table: pd.DataFrame, as_of: date, *, mine: Collection[str] | None = None) -> None:
    """One row a declaration. mine: cip13 of the subject; a presentation outside it says so."""
    grid = Grid(key, _COLUMNS, _HEAD)
    for row in figures.records(table):
        grid.link(str(row["declaration_no"]), PAGE, {"numero": str(row["declaration_no"])})
        outside = mine is not None and str(row["cip13"]) not in mine
        grid.cells(*_cells(row, as_of, outside=outside))


def _cells(row: Mapping[str, Any], as_of: date, *, outside: bool) -> list[str]:
    name = "" if fr.missing(row.get("denomination")) else str(row["denomination"])
    other = note("autre présentation de la DCI") if outside else ""
    return [
        f"<span><b>{escape(str(row['laboratory']))}</b><br>{escape(name)} {note(_text(row, 'presentation_label'))} {other}</span>",
        kind_chip(row),
        escape(fr.listing(row["causes"])),
        fr.day(row["start_on"]),
        promised(row, as_of),
        shares(row),
        f'<span class="vs-num">{fr.number(row["versions"])}</span>',
    ]


def _text(row: Mapping[str, Any], column: str) -> str:
    return "" if fr.missing(row.get(column)) else str(row[column])


def note(text: str) -> str:
    """Text in secondary ink, escaped; empty gives nothing."""
    return f'<span class="vs-note">{escape(text)}</span>' if text else ""


def kind_chip(row: Mapping[str, Any]) -> str:
    """Kind in words; a rupture is stronger than a risk, a closed one says so."""
    kind = str(row["kind"])
    closed = badges.chip("Close") if row["status"] == "close" else ""
    return badges.chip(tokens.KIND_LABEL.get(kind, kind), strong=kind == "rupture") + closed


def promised(row: Mapping[str, Any], as_of: date) -> str:
    """Date of return promised, how far it slipped since the first promise, and whether it is past."""
    if row["status"] == "close":
        return f"<span>{note('close le')} {fr.day(row['closed_on'])}</span>"
    planned = fr.as_date(row["expected_return_on"])
    if planned is None:
        return note("non promis")
    slip = row["return_slip_days"]
    parts = (
        []
        if fr.missing(slip) or int(slip) == 0
        else [f"{'reportée' if slip > 0 else 'avancée'} de {fr.number(abs(slip))} j"]
    )
    parts += [f"dépassée de {fr.number((as_of - planned).days)} j"] if planned < as_of else []
    return f"<span><b>{fr.day(planned)}</b><br>{note(', '.join(parts) or 'jamais reportée')}</span>"


def shares(row: Mapping[str, Any]) -> str:
    """Market share in town and in hospital, as declared."""
    known = [(name, row[column]) for name, column in (("ville", "share_town_pct"), ("hôpital", "share_hospital_pct"))]
    parts = [f"{name} <b>{fr.share(value)}</b>" for name, value in known if not fr.missing(value)]
    return f"<span>{'<br>'.join(parts) or note('non renseignée')}</span>"


def alternative(item: Mapping[str, Any]) -> str:
    """An item of a cell of alternatives as typed, and the speciality or the DCI of the referential that it names."""
    named = f"DCI {item['dci']}" if not fr.missing(item["dci"]) else ""
    if not fr.missing(item["cis"]):
        named = f"CIS {item['cis']}, {item['denomination']}"
    return f"{item['item']} ({named})" if named else str(item["item"])


def web(url: object) -> str | None:
    """An address that a browser may open, None for anything but http and https."""
    text = "" if fr.missing(url) else str(url).strip()
    return text if text.lower().startswith(("https://", "http://")) else None


def sheet_link(url: object, words: str = "Fiche publique ANSM") -> str:
    """Link to the public sheet, empty when there is no safe address."""
    address = web(url)
    if address is None:
        return ""
    return f'<a href="{escape(address, quote=True)}" target="_blank" rel="noopener noreferrer">{escape(words)}</a>'

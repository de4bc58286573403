"""Declarations as rows of a table, each opening its own page; used wherever a few declarations are listed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from markupsafe import Markup

from pages.components import format as fr
from pages.components import templating, tokens

TEMPLATE = "components/declaration_rows"
ONLY_WITHOUT_ALTERNATIVE = (
    "Seuls les MITM sans alternative y sont publiés : ne pas y être ne veut pas dire être disponible."
)
MASKED = "Détail par laboratoire masqué (secret des affaires)."

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

Row = Mapping[str, Any]


def named(table: pd.DataFrame) -> pd.DataFrame:
    """Same rows with kind and status in French words, for a table or a file."""
    words = {"ouverte": "Ouverte", "close": "Close"}
    return table.assign(kind_label=table["kind"].map(tokens.KIND_LABEL), status_label=table["status"].map(words))


def table(rows: Sequence[Row], as_of: date, *, mine: Collection[str] | None = None, caption: str = "") -> Markup:
    """One row per declaration, for a block; empty without rows.

    rows: of *declaration*. mine: cip13 of the subject; a presentation outside it says so. caption: what the rows are,
    read by those who do not see the page.
    """
    shown = [displayed(row, as_of) | {"is_outside": mine is not None and str(row["cip13"]) not in mine} for row in rows]
    return templating.macro(TEMPLATE, "linked", shown, caption or "Déclarations") if shown else Markup()


def displayed(row: Row, as_of: date) -> dict[str, Any]:
    """The row with its promise in words: ``planned``, ``slip`` (« reportée de 12 j »), ``late`` (« dépassée de 3 j »).

    ``undated``: why an open declaration has no date.
    """
    planned = fr.as_date(row["expected_return_on"])
    slip = 0 if fr.missing(row["return_slip_days"]) else int(row["return_slip_days"])
    past = 0 if planned is None else (as_of - planned).days
    moved = f"{'reportée' if slip > 0 else 'avancée'} de {fr.number(abs(slip))} j" if slip else ""
    if not slip and row["return_moves"]:
        moved = f"revenue à la première après {fr.plural(row['return_moves'], 'changement', 'changements')}"
    late = f"dépassée de {fr.number(past)} j" if past > 0 else ""
    undated = "non promis" if fr.missing(row["first_expected_return_on"]) else "date retirée"
    return {**row, "planned": planned, "slip": moved, "late": late, "undated": undated}


def note(text: str) -> Markup:
    """Text in secondary ink; empty gives nothing."""
    return templating.macro("components/templates/parts", "note", text) if text else Markup()


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


def sheet_link(url: object, words: str = "Fiche publique ANSM") -> Markup:
    """Link to the public sheet, empty when there is no safe address."""
    address = web(url)
    return Markup() if address is None else templating.macro(TEMPLATE, "outward", address, words)

"""Quarantined rows of one source: what is wrong with them, which came back corrected, and the workbooks to send back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from data.partners import corrections
from data.partners.templates import partner_sources
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import markup, tables
from pages.components.blocks import kept
from pages.components.exports.stamp import current
from pages.components.shell import frame, session
from pages.components.templating import macro, render
from pages.sources import account

COLUMNS = {
    "file_name": "Fichier",
    "sheet": "Feuille",
    "line": "Ligne",
    "column_name": "Colonne",
    "value": "Valeur lue",
    "reason": "Motif",
    "received_at": "Reçu le",
    "state": "Correction",
    "answered_by": "Par le fichier",
    "answered_at": "Reçu ensuite le",
}
WAITING, CORRECTED, WITHDRAWN = "à corriger", "corrigée", "retirée"
NOTHING = "Aucune ligne de côté : tout ce qui a été lu est chargé ou ignoré par règle."
_REMARKS = {name: COLUMNS[name] for name in ("file_name", "sheet", "line", "column_name", "value", "reason")}

Row = Mapping[str, Any]


def draw(row: Row, context: Mapping[str, str]) -> None:
    """The rows and their state, then what can be sent back."""
    quarantined = session.load(sources.quarantine, row["source_key"])
    frame.section(
        f"Lignes mises de côté : {account.count(len(quarantined))}",
        sentence(quarantined, int(row["rows_to_confirm"] or 0)),
    )
    if quarantined.empty:
        markup.show(macro(frame.PARTS, "empty_line", NOTHING))
        return
    _give_back(str(row["source_key"]))
    name = f"a-corriger-{row['source_key']}"
    tables.draw_table(shown(quarantined), COLUMNS, name=name)
    tables.downloads(quarantined, COLUMNS, name, context, source="quarantine")


def sentence(quarantined: pd.DataFrame, to_confirm: int = 0) -> str:
    """« 3 attendent une correction, 2 corrigées depuis ; elles n'entrent dans aucun chiffre »."""
    besides = fr.plural(to_confirm, "ligne à confirmer", "lignes à confirmer")
    if quarantined.empty:
        return besides if to_confirm else ""
    counts = quarantined["state"].value_counts()
    waiting, corrected, withdrawn = (int(counts.get(state, 0)) for state in (WAITING, CORRECTED, WITHDRAWN))
    again = len(quarantined) - waiting - corrected - withdrawn
    parts = [
        fr.plural(waiting, "attend une correction", "attendent une correction") if waiting else "aucune n'attend",
        fr.plural(corrected, "corrigée depuis", "corrigées depuis") if corrected else "",
        fr.plural(withdrawn, "retirée par le partenaire", "retirées par le partenaire") if withdrawn else "",
        fr.plural(again, "renvoyée encore fautive", "renvoyées encore fautives") if again else "",
    ]
    return " ; ".join(
        [", ".join(filter(None, parts)), "elles n'entrent dans aucun chiffre", *[besides] * (to_confirm > 0)]
    )


def shown(quarantined: pd.DataFrame) -> pd.DataFrame:
    """Line numbers as they are written in a spreadsheet, without thousands."""
    return quarantined.assign(line=quarantined["line"].astype(str))


@kept
def _files(key: str) -> list[list[Row]]:
    """Rows that wait, by the file of a partner to whom they can be sent back."""
    if key not in {source.key for source in partner_sources()}:
        return []
    return [list(file) for file in corrections.by_file(session.load(sources.waiting, key))]


@st.fragment
def _give_back(key: str) -> None:
    """One workbook per file, or all of them: never the lines of two senders in one."""
    session.begin()
    files = _files(key)
    if not files:
        return
    markup.show(render("sources/give_back"))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Fichier à renvoyer",
            range(len(files)),
            format_func=lambda rank: label(files[rank]),
            placeholder="Choisir…",
            width=520,
        )
        _buttons(key, files, int(chosen or 0))


def _buttons(key: str, files: Sequence[Sequence[Row]], chosen: int) -> None:
    name = corrections.file_name(str(files[chosen][0]["file_name"]))
    tables.download_file(
        "Lignes à corriger (XLSX)", name, tables.XLSX, lambda: corrections.workbook(key, files[chosen], current().mark)
    )
    if len(files) > 1:
        rows = [row for file in files for row in file]
        write = lambda: corrections.archive(key, rows, current().mark, current().file_name)  # noqa: E731 – written when the button is clicked
        tables.download_file("Tous les fichiers (ZIP)", f"{key}_a-corriger.zip", "application/zip", write)


def label(file: Sequence[Row]) -> str:
    """« stocks_S46.xlsx – 3 lignes, reçu le 17/11/2026 »."""
    lines = fr.plural(len(file), "ligne", "lignes")
    return f"{file[0]['file_name']} – {lines}, reçu le {fr.day(file[0]['received_at'])}"


def remarks(row: Row, context: Mapping[str, str]) -> None:
    """Values read otherwise than written, in rows that were kept."""
    noted = session.load(sources.noted_values, row["source_key"])
    note = "valeurs lues autrement qu'écrites ou vidées, codes complétés, lignes dites deux fois, feuilles non lues ; les lignes sont gardées"
    frame.section(f"Remarques de lecture : {account.count(len(noted))}", note)
    name = f"remarques-{row['source_key']}"
    tables.draw_table(shown(noted), _REMARKS, name=name)
    tables.downloads(noted, _REMARKS, name, context, source="noted_value")

"""One source opened: who makes it, its known limits, then under tabs its files, its quarantined rows and the rest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from connectors.base import discover
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import links, markup, tables
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.shell import frame, session
from pages.components.templating import macro, render
from pages.sources import account, corrections, disagreements, unmatched

PAGE = "sources/sources"
_TIER = {
    "O": "Données ouvertes",
    "R": "Réservées aux agents de l'ANSM",
    "L": "Secret des affaires : agents de l'ANSM seulement",
}
_RHYTHM = {0: "à chaque décision", 1: "chaque jour", 7: "chaque semaine", 31: "chaque mois"}
_FILES = {
    "file_name": "Fichier",
    "sheet": "Feuille",
    "received_at": "Reçu le",
    "rows_in": "Lignes lues",
    "rows_loaded": "Chargées",
    "rows_without_effect": "dont sans effet",
    "rows_quarantined": "De côté",
    "rows_to_confirm": "dont à confirmer",
    "rows_ignored": "Ignorées",
    "layout": "Version du modèle",
    "status": "État",
    "message": "Message",
}
_SELDOM = ("rows_without_effect", "rows_quarantined", "rows_to_confirm", "rows_ignored")
_SENDERS = {
    "sender": "Émetteur",
    "rhythm": "Rythme constaté",
    "readings": "Relevés",
    "last_label": "Dernier relevé",
    "due_label": "Suivant attendu",
    "state_label": "État",
}
_PHOTOGRAPHS = {
    "photograph_on": "Photographie du",
    "rows": "Lignes",
    "ruptures": "Rupture de stock (code 1)",
    "tensions": "Tension (code 2)",
    "stops": "Arrêt (code 3)",
    "returns": "Remise à disposition (code 4)",
    "received_at": "Reçue le",
}
_ANOMALIES = {
    "photograph_on": "Photographie du",
    "line": "Ligne",
    "cis": "Code CIS",
    "code": "Code publié",
    "published_label": "Libellé publié",
    "anomaly": "Anomalie",
}
PUBLIC_LIST = "bdpm"
PUBLIC = {"Source": "BDPM, CIS_CIP_Dispo_Spec"}
REFUSED = "refusé"
POINT = "ponctuel"
MOST_REFUSED = 5  # refusals shown in full; the table of files has them all
FILES, QUARANTINE, REMARKS, SENDERS, PUBLIC_TAB, ANOMALIES = (
    "fichiers",
    "cote",
    "remarques",
    "emetteurs",
    "liste",
    "anomalies",
)
DISAGREEMENTS, UNMATCHED = "desaccords", "sans-effet"

Row = Mapping[str, Any]


def draw(row: Row, failed: tuple[str, ...], *, may_see_files: bool) -> None:
    """Where the reader is, identity and limits; then the tab of the address, else the one that asks for something."""
    key, here = str(row["source_key"]), links.here(PAGE)
    tabs = _tabs(key, may_see_files)
    chosen = st.query_params.get("onglet", "")
    tab = chosen if chosen in {name for name, *_ in tabs} else opening(row, tabs)
    _head.show(here, key, tuple(name for name in failed if name == key), tabs, tab)
    if not may_see_files:
        markup.show(macro(frame.PARTS, "empty_line", _HIDDEN))
    if tab:
        _DRAW[tab](row, _context(row))


_HIDDEN = "Noms de fichiers et lignes mises de côté masqués (secret des affaires)."


@block
def _head(here: Here, key: str, failed: tuple[str, ...], tabs: tuple[tuple[str, str, int], ...], tab: str) -> Markup:
    row = next(r for r in figures.records(session.load(sources.states)) if r["source_key"] == key)
    return render(
        "sources/source",
        here=here,
        row=row,
        short=account.short(row),
        sign=account.state_sign(row, failed),
        facts=facts(row),
        members=[members_words(list_row) for list_row in figures.records(session.load(sources.members_reference, key))],
        tabs=tabs,
        tab=tab,
    )


def opening(row: Row, tabs: Collection[tuple[str, str, int]]) -> str:
    """The files when one is refused, the rows to correct when there are any, else the files; the first tab otherwise."""
    names = [name for name, *_ in tabs]
    wanted = QUARANTINE if row["rows_waiting"] and not row["refused_files"] else FILES
    return wanted if wanted in names else next(iter(names), "")


@kept
def _tabs(key: str, may_see_files: bool) -> tuple[tuple[str, str, int], ...]:
    """Name, words and count of each tab; tabs that may be empty appear only when they are not."""
    always = {
        FILES: ("Fichiers reçus", _files_of(key)[0]),
        QUARANTINE: ("De côté", len(session.load(sources.quarantine, key))),
    }
    perhaps = {
        DISAGREEMENTS: ("Contradictions", len(session.load(sources.disagreements, key))),
        UNMATCHED: ("Sans effet", _lines_without_effect(key)),
        REMARKS: ("Remarques", len(session.load(sources.noted_values, key))),
        SENDERS: ("Émetteurs", len(session.load(sources.senders, key))),
    }
    public = {PUBLIC_TAB: ("Liste publique", len(session.load(sources.photographs))),
              ANOMALIES: ("Anomalies", len(session.load(sources.anomalies)))} if key == PUBLIC_LIST else {}  # fmt: skip
    found = {**always, **{n: item for n, item in perhaps.items() if item[1]}} if may_see_files else {}
    return tuple((name, words, count) for name, (words, count) in {**found, **public}.items())


def _lines_without_effect(key: str) -> int:
    found = session.load(sources.unmatched, key)
    return int(found["rows"].sum()) if len(found) else 0


def facts(row: Row) -> list[tuple[str, str]]:
    """Form, rhythm, licence, who may see it."""
    return [
        ("Producteur", str(row["producer"])),
        ("Forme", str(row["form"])),
        *rhythms(row),
        ("Licence", str(row["licence"])),
        ("Diffusion", _TIER.get(str(row["tier"]), "")),
    ]


def rhythms(row: Row) -> list[tuple[str, str]]:
    """The rhythm expected of the source, and the one its last measurements show; the second decides when it is late."""
    late = "" if fr.missing(row["late_after_days"]) else int(row["late_after_days"])
    after = f", en retard au-delà de {late} jours" if late else ""
    found = row.get("rhythm")
    days = int(row["rhythm_days"])
    expected = _RHYTHM.get(days, f"tous les {days} jours")
    if fr.missing(found):
        return [("Rythme attendu", f"{expected}{after if days else ''}")]
    if found == POINT:
        after = f" : aucun autre relevé n'est dû, le dernier est repris {late} jours au plus"
    asked = "à la demande" if not days else expected
    return [("Rythme attendu", asked), ("Rythme constaté", f"{found}{after}")]


def members_words(row: Row) -> str:
    """What was received, of which period, and which plans count wholesalers against it."""
    received = fr.plural(int(row["presentations"]), "présentation", "présentations")
    period = f"période du {fr.day(row['from_on'])} au {fr.day(row['until_on'])}"
    head = f"Ventes de référence de tous les adhérents reçues pour {received} ({period})"
    if fr.missing(row["plans"]):
        return f"{head} : aucun plan ne les prend pour dénominateur (réglage « wholesalers_denominator » d'un plan)."
    return f"{head} ; dénominateur des grossistes-répartiteurs : {row['plans']}."


def _senders(row: Row, context: Mapping[str, str]) -> None:
    """Rhythm of each sender of a source of stocks: a monthly one is not missing the weeks it never sends."""
    found = session.load(sources.senders, row["source_key"])
    counts = found["rhythm"].value_counts()
    frame.section(
        "Rythme de chaque émetteur", ", ".join(f"{name} : {fr.number(counts[name])}" for name in counts.index)
    )
    shown = found.assign(
        last_label=[fr.week(value, year=True) for value in found["last_week"]],
        due_label=["aucun" if fr.missing(value) else f"avant le {fr.day(value)}" for value in found["due_on"]],
        state_label=[account.STATE[str(value)] for value in found["state"]],
    )
    name = f"rythmes-{row['source_key']}"
    tables.table_with_downloads(shown, _SENDERS, name, context, source="source_sender")


@kept
def _files_of(key: str) -> tuple[int, pd.DataFrame, list[dict[str, Any]]]:
    """Number of files, their sheets as shown, the refused ones."""
    files, found = session.load(sources.files, key), session.load(sources.sheets, key)
    refused = figures.records(files[files["status"] == REFUSED]) if len(files) else []
    return len(files), found, refused


def _files(row: Row, context: Mapping[str, str]) -> None:
    key = str(row["source_key"])
    files, found, refused = _files_of(key)
    frame.section("Fichiers reçus", received(files, len(found)))
    if not files:
        frame.empty_state("Aucun fichier reçu.", f"Le déposer dans « inbox/{key} », puis lancer « make refresh ».")
        return
    if refused:
        markup.show(refusals(refused, to_do(key, str(row["tier"]))))
    name = f"fichiers-{key}"
    tables.draw_table(found, on_screen(found, len(refused)), name=name)
    tables.downloads(found, _FILES, name, context, source="source_file")


def on_screen(found: pd.DataFrame, refused: int) -> dict[str, str]:
    """Columns of the files that say something: refusals stand above in full, and what no file has is not counted."""
    silent = {name for name in _SELDOM if name in found and not found[name].fillna(0).any()}
    silent |= {"message"} if refused <= MOST_REFUSED else set()
    return {name: title for name, title in _FILES.items() if name not in silent}


def received(files: int, found: int) -> str:
    """« 3 fichiers, 6 feuilles » ; lines are counted sheet by sheet."""
    files_words = fr.plural(files, "fichier", "fichiers")
    return files_words if found == files else f"{files_words}, {fr.plural(found, 'feuille', 'feuilles')}"


def refusals(files: list[dict[str, Any]], then: str) -> Markup:
    """Name, reception, the whole sentence (what was expected, what was found), then what to do."""
    return render("sources/refused", files=files[:MOST_REFUSED], others=len(files) - MOST_REFUSED, then=then)


def _is_fetched(source_key: str) -> bool:
    module = discover().get(source_key)
    return module is not None and hasattr(module, "fetch")


def to_do(source_key: str, tier: str) -> str:
    """Who corrects a refused file, and where it goes; a source read over HTTP is asked again by itself, no other is."""
    if tier == "O" and not _is_fetched(source_key):
        return (
            f"redéposer le fichier tel qu'il est publié, entier, dans « inbox/{source_key} », et retirer celui-ci de inbox/ "
            "et de raw/. Les dernières données acceptées restent affichées, avec leur date."
        )
    if tier == "O":
        return (
            "rien dans l'immédiat, le prochain rafraîchissement en ligne redemande ce fichier ; s'il est encore refusé, "
            "la source a changé de forme. Déposé à la main, le retirer de inbox/ et de raw/. Les dernières données acceptées restent affichées, avec leur date."
        )
    return (
        f"renvoyer cette phrase à l'émetteur avec le modèle de la source, puis déposer le fichier corrigé dans "
        f"« inbox/{source_key} ». Les dernières données acceptées restent affichées, avec leur date."
    )


def _context(row: Row) -> dict[str, str]:
    return {"Source": str(row["title"]), "Dernière réception": fr.moment(row["last_received_at"])}


def _public_list(_row: Row, _context: Mapping[str, str]) -> None:
    photographs = session.load(sources.photographs)
    note = f"{fr.plural(len(photographs), 'photographie reçue', 'photographies reçues')}, lignes par code"
    frame.section("Liste publique des ruptures et tensions", note)
    tables.table_with_downloads(photographs, _PHOTOGRAPHS, "photographies", PUBLIC, source="public_photograph")


def _anomalies(_row: Row, _context: Mapping[str, str]) -> None:
    anomalies = session.load(sources.anomalies)
    frame.section(f"Anomalies de la liste publique : {account.count(len(anomalies))}", anomaly_note(anomalies))
    if not anomalies.empty:
        tables.table_with_downloads(anomalies, _ANOMALIES, "anomalies", PUBLIC, source="public_shortage_anomaly")


def anomaly_note(anomalies: pd.DataFrame) -> str:
    """« 12 spécialité absente du référentiel, 3 libellé contraire au code » : lines kept, the code is believed."""
    if anomalies.empty:
        return "aucune"
    counts = anomalies["anomaly"].value_counts()
    counted = ", ".join(f"{kind} : {fr.plural(number, 'ligne', 'lignes')}" for kind, number in counts.items())
    return f"{counted}, toutes photographies ; gardées, le code fait foi"


_DRAW: dict[str, Callable[[Row, Mapping[str, str]], None]] = {
    FILES: _files,
    QUARANTINE: corrections.draw,
    DISAGREEMENTS: disagreements.draw,
    UNMATCHED: unmatched.draw,
    REMARKS: corrections.remarks,
    SENDERS: _senders,
    PUBLIC_TAB: _public_list,
    ANOMALIES: _anomalies,
}

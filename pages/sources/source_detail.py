"""One source opened: who makes it, its known limits, its files, the rows it set aside, what the public list counts."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import markup, tables
from pages.components.charts import figures
from pages.components.shell import frame, session
from pages.sources import account, corrections, disagreements, unmatched

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
REFUSED = "refusé"
POINT = "ponctuel"


def draw(row: Mapping[str, Any], *, may_see_files: bool) -> None:
    """Identity and limits, files, rows set aside; for the public list, its photographs and anomalies."""
    frame.section(str(row["title"]), str(row["producer"]))
    markup.show(identity(row))
    _members(row)
    if may_see_files:
        _senders(row)
        _files(row)
        corrections.draw(row, _context(row))
        disagreements.draw(row, _context(row))
        unmatched.draw(row, _context(row))
    else:
        markup.show(
            '<p class="vs-empty-line">Noms de fichiers et lignes mises de côté masqués (secret des affaires).</p>'
        )
    if row["source_key"] == PUBLIC_LIST:
        _public_list()


def identity(row: Mapping[str, Any]) -> str:
    """Form, rhythm, licence, who may see it, then the known limits as a list."""
    facts = (
        ("Forme", row["form"]),
        *rhythms(row),
        ("Licence", row["licence"]),
        ("Diffusion", _TIER.get(str(row["tier"]), "")),
    )
    lines = "".join(f"<tr><td><b>{name}</b></td><td>{escape(str(text))}</td></tr>" for name, text in facts)
    limits = "".join(f"<li>{escape(str(limit))}</li>" for limit in row["limits"])
    known = (
        f"<p style='margin:.75rem 0 .25rem'><b>Limites connues</b></p><ul style='margin:0'>{limits}</ul>"
        if limits
        else ""
    )
    return f'<table class="vs-table" style="max-width:60rem"><tbody>{lines}</tbody></table>{known}'


def rhythms(row: Mapping[str, Any]) -> list[tuple[str, str]]:
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


def _senders(row: Mapping[str, Any]) -> None:
    """Rhythm of each sender of a source of stocks: a monthly one is not missing the weeks it never sends."""
    found = session.load(sources.senders, row["source_key"])
    if found.empty:
        return
    counts = found["rhythm"].value_counts()
    frame.section("Rythme de chaque émetteur", ", ".join(f"{name} : {counts[name]}" for name in counts.index))
    shown = found.assign(
        last_label=[fr.week(value, year=True) for value in found["last_week"]],
        due_label=["aucun" if fr.missing(value) else f"avant le {fr.day(value)}" for value in found["due_on"]],
        state_label=[account.STATE[str(value)] for value in found["state"]],
    )
    tables.draw_table(shown, _SENDERS, height=min(320, 40 + 35 * len(shown)))
    tables.downloads(shown, _SENDERS, f"rythmes-{row['source_key']}", _context(row), source="source_sender")


def _members(row: Mapping[str, Any]) -> None:
    """Sales of all members received: used by a plan, or said to be used by none."""
    for told in figures.records(session.load(sources.members_reference, row["source_key"])):
        markup.show(f'<p class="vs-note">{escape(members_words(told))}</p>')


def members_words(told: Mapping[str, Any]) -> str:
    """What was received, of which period, and which plans count wholesalers against it."""
    received = fr.plural(int(told["presentations"]), "présentation", "présentations")
    period = f"période du {fr.day(told['from_on'])} au {fr.day(told['until_on'])}"
    head = f"Ventes de référence de tous les adhérents reçues pour {received} ({period})"
    if fr.missing(told["plans"]):
        return f"{head} : aucun plan ne les prend pour dénominateur (réglage « wholesalers_denominator » d'un plan)."
    return f"{head} ; dénominateur des grossistes-répartiteurs : {told['plans']}."


def _files(row: Mapping[str, Any]) -> None:
    found, files = session.load(sources.sheets, row["source_key"]), session.load(sources.files, row["source_key"])
    frame.section("Fichiers reçus", received(len(files), len(found)))
    if files.empty:
        frame.empty_state(
            "Aucun fichier reçu.", f"Le déposer dans « inbox/{row['source_key']} », puis lancer « make refresh »."
        )
        return
    for file in figures.records(files[files["status"] == REFUSED]):
        markup.show(refusal(file, to_do(str(row["source_key"]), str(row["tier"]))))
    shown = found.assign(received_at=[fr.moment(value) for value in found["received_at"]])
    tables.draw_table(shown, _FILES, height=min(320, 40 + 35 * len(shown)))
    tables.downloads(shown, _FILES, f"fichiers-{row['source_key']}", _context(row), source="source_file")


def received(files: int, found: int) -> str:
    """« 3 fichiers, 6 feuilles » ; lines are counted sheet by sheet."""
    told = fr.plural(files, "fichier", "fichiers")
    return told if found == files else f"{told}, {fr.plural(found, 'feuille', 'feuilles')}"


def refusal(file: Mapping[str, Any], then: str) -> str:
    """Name, reception, the whole sentence (what was expected, what was found), then what to do."""
    head = f"{file['file_name']}, reçu le {fr.day(file['received_at'])} : fichier refusé, aucune ligne chargée"
    return (
        f'<div class="vs-empty"><b>{escape(head)}</b><p>{escape(str(file["message"]))}</p>'
        f"<p><b>À faire :</b> {escape(then)}</p></div>"
    )


def to_do(source_key: str, tier: str) -> str:
    """Who corrects a refused file, and where it goes; an open source is asked again by itself."""
    if tier == "O":
        return (
            "rien dans l'immédiat, le prochain rafraîchissement redemande ce fichier ; s'il est encore refusé, "
            "la source a changé de forme. Les dernières données acceptées restent affichées, avec leur date."
        )
    return (
        f"renvoyer cette phrase à l'émetteur avec le modèle de la source, puis déposer le fichier corrigé dans "
        f"« inbox/{source_key} ». Les dernières données acceptées restent affichées, avec leur date."
    )


def _context(row: Mapping[str, Any]) -> dict[str, str]:
    return {"Source": str(row["title"]), "Dernière réception": fr.moment(row["last_received_at"])}


def _public_list() -> None:
    photographs, anomalies = session.load(sources.photographs), session.load(sources.anomalies)
    note = f"{fr.plural(len(photographs), 'photographie reçue', 'photographies reçues')}, lignes par code"
    frame.section("Liste publique des ruptures et tensions", note)
    if photographs.empty:
        return
    tables.draw_table(photographs, _PHOTOGRAPHS, height=min(320, 40 + 35 * len(photographs)))
    tables.downloads(
        photographs, _PHOTOGRAPHS, "photographies", {"Source": "BDPM, CIS_CIP_Dispo_Spec"}, source="public_photograph"
    )
    frame.section(f"Anomalies de la liste publique : {account.count(len(anomalies))}", anomaly_note(anomalies))
    if not anomalies.empty:
        tables.table_twin(
            anomalies, _ANOMALIES, "anomalies", {"Source": "BDPM, CIS_CIP_Dispo_Spec"}, source="public_shortage_anomaly"
        )


def anomaly_note(anomalies: pd.DataFrame) -> str:
    """« 12 spécialité absente du référentiel, 3 libellé contraire au code » : lines kept, the code is believed."""
    if anomalies.empty:
        return "aucune"
    counts = anomalies["anomaly"].value_counts()
    said = ", ".join(f"{kind} : {fr.plural(number, 'ligne', 'lignes')}" for kind, number in counts.items())
    return f"{said}, toutes photographies ; gardées, le code fait foi"

"""Weak signals on the subject, followed by a plan or not: value, day, source and what each cannot say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics import methods
from metrics.field import queries as field
from metrics.signals import queries as signals
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import signal_words as words
from pages.components import states, tables
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.links import href
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules.view import View

MOST_PLACES = 5
# Sources of the field: layer of *Territoires*, name of the line.
FIELD = {"dpruptures": ("alertes", "Alertes d'officines"), "sisac": ("signalements", "Signalements des ARS")}
NONE = {"dpruptures": "d'alertes", "sisac": "de signalements"}
ACTORS = {
    "exploitants": "exploitants",
    "grossistes": "grossistes",
    "officines": "officines",
    "pui": "pharmacies hospitalières",
}
_TWIN = {"source": "Source", "denomination": "Spécialité", "presentation_label": "Présentation", "cip13": "CIP13",
         "territory": "Territoire", "read_on": "Relevé du", "presence_pct": "Agences avec une boîte (%)",
         "presence_before_pct": "La même, avant (%)", "tension": "Niveau de tension", "coverage_days": "Couverture (jours)",
         "days_before": "La même, avant (jours)", "before_on": "Comparé au"}  # fmt: skip

Row = dict[str, Any]


@block
def hints(subject_id: str) -> Markup:
    """One line per source; nothing at all where no source ever sent a file."""
    known = {row["source_key"]: row for row in figures.records(session.load(sources.states))}
    received = {key for key in (*words.NAMES, *FIELD) if key in known and known[key]["files"]}
    if not received:
        return Markup()
    found = session.load(signals.of_subject, subject_id)
    days = session.load(sources.reporting)
    reported = session.load(field.of_subject, subject_id)
    return render(
        "molecules/hints",
        hint=words.HINT,
        state=states.of("weak_signal"),
        rows=[
            *(_line(row, known[row["source_key"]]) for row in found if row["level"] == "national"),
            *(_reported(key, subject_id, reported, known[key], days.get(key)) for key in FIELD if key in received),
        ],
        stocks=stocks(session.load(field.stocks, subject_id)),
        places=places([row for row in found if row["level"] != "national"]),
    )


def _line(row: Mapping[str, Any], source: Mapping[str, Any]) -> Row:
    return {
        **row,
        "address": "",
        "name": words.NAMES[row["source_key"]],
        "source": fr.short_title(source["title"]),
        "value": words.value(row),
        "spread": words.spread(row),
        "movement": words.movement(row),
        "reserve": next(iter(source["limits"]), ""),
    }


def _reported(key: str, subject_id: str, counts: Mapping[str, Any], source: Mapping[str, Any], day: object) -> Row:
    """What pharmacies or agencies report; a zero is that of alerts or signals that were received (``day``)."""
    layer, name = FIELD[key]
    value, spread = (_alerts if key == "dpruptures" else _signals)(counts)
    if day is None:
        value, spread = f"aucun fichier {NONE[key]} reçu", ""
    return {
        "name": name, "source": fr.short_title(source["title"]), "value": value, "spread": spread, "movement": "",
        "figure_state": source["state"], "age_days": source["age_days"], "missing_presentations": 0,
        "read_on": day, "reserve": next(iter(source["limits"]), ""),
        "address": href("territoires/territoires", sujet=subject_id, couche=layer),
    }  # fmt: skip


def _alerts(counts: Mapping[str, Any]) -> tuple[str, str]:
    count, places = counts["open_alerts"], counts["alert_departments"]
    if not count:
        return "aucune alerte ouverte", ""
    where = f" dans {fr.plural(places, 'département', 'départements')}" if places else ""
    said = f"{fr.plural(count, 'alerte ouverte', 'alertes ouvertes')}{where}"
    return said, f"la plus ancienne du {fr.day(counts['alerts_since'])}"


def _signals(counts: Mapping[str, Any]) -> tuple[str, str]:
    days = int(session.load(methods.thresholds).set_index("name")["value"]["field_days"])
    if not counts["signals"]:
        return f"aucun signalement en {days} jours", ""
    said = f"{fr.plural(counts['signals'], 'signalement', 'signalements')} en {days} jours"
    where = fr.plural(counts["signal_regions"], "région", "régions")
    unknown = int(counts["unknown_signals"])
    nature = f", {unknown} {'inconnu' if unknown == 1 else 'inconnus'} des autorités" if unknown else ""
    return said, f"{where}{nature} ; le dernier du {fr.day(counts['signals_until'])}"


def stocks(rows: Sequence[Mapping[str, Any]]) -> str:
    """Stocks announced by kind of actor, the country apart; empty where none is received or may be seen."""
    parts = []
    for kind, label in ACTORS.items():
        of_kind = [row for row in rows if row["actor_kind"] == kind]
        nation = [row for row in of_kind if row["territory"] == "FR"]
        local = [row for row in of_kind if row["territory"] != "FR"]
        parts += [f"{label} (France) : {_boxes(nation)}"] if nation else []
        where = fr.plural(len(local), "département transmis", "départements transmis")
        parts += [f"{label} ({where}) : {_boxes(local)}"] if local else []
    return f"Stocks annoncés au dossier pharmaceutique : {' ; '.join(parts)}." if parts else ""


def _boxes(rows: Sequence[Mapping[str, Any]]) -> str:
    """« 1 250 boîtes, 85 vendues par jour, au 15/11/2026, incomplet »: sales only when all give them."""
    sold = [row["sales_boxes"] for row in rows]
    sales = "" if any(map(fr.missing, sold)) else f", {fr.number(sum(sold))} vendues par jour"
    partial = ", incomplet" if any(row["missing_actors"] for row in rows) else ""
    days = {row["read_on"] for row in rows}
    when = f"au {fr.day(max(days))}" if len(days) == 1 else f"du {fr.day(min(days))} au {fr.day(max(days))}"
    return f"{fr.boxes(sum(row['stock_boxes'] for row in rows))}{sales}, {when}{partial}"


def places(rows: Sequence[Mapping[str, Any]]) -> str:
    """The territories worst served, when the source gives any."""
    known = [row for row in rows if not fr.missing(row["presence_pct"])]
    if not known:
        return ""
    worst = [f"{row['territory_name']} {fr.percent(row['presence_pct'])}" for row in known[:MOST_PLACES]]
    count = fr.plural(len(known), "territoire transmis", "territoires transmis")
    return f"Par territoire ({count}), les moins bien servis : {', '.join(worst)}."


@kept
def _count(dci_key: str) -> int:
    return len(session.load(signals.presentations, dci_key))


def hints_twin(seen: View) -> None:
    """Presentation by presentation, for who may see laboratories."""
    if seen.may_see and _count(seen.dci_key):
        context = {"DCI": str(seen.facts["dci"]), "Données au": fr.day(seen.as_of), "Réserve": words.HINT}
        tables.table_twin(partial(_lines, seen.dci_key), _TWIN, f"signaux-{seen.dci_key}", context,
                          source="weak_signal_presentation",
                          label="Signaux faibles, par présentation : table et téléchargement")  # fmt: skip


def _lines(dci_key: str) -> pd.DataFrame:
    found = session.load(signals.presentations, dci_key)
    return found.assign(source=found["source_key"].map(words.NAMES), tension=found["tension_rank"].map(_level))


def _level(rank: float) -> str:
    return "" if fr.missing(rank) else words.level(rank)

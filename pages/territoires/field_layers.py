"""Layers of what the field reports: open alerts of pharmacies (DP-Ruptures), signals of the agencies (SISAC).

Nothing received, a source that is late, and nothing declared here are three things: only the last is a zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from metrics import methods
from metrics.field import queries as field
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components.blocks import kept
from pages.components.charts import figures, map_layers, maps
from pages.components.shell import session
from pages.territoires.choices import ALERTS, SIGNALS
from pages.territoires.views import PLACE, Mark, View, everywhere

SOURCES = {ALERTS: "dpruptures", SIGNALS: "sisac"}
TITLES = {ALERTS: "Alertes DP-Ruptures ouvertes", SIGNALS: "Signalements des ARS"}
COLUMN = {ALERTS: "open_alerts", SIGNALS: "signals"}
Row = Mapping[str, Any]


def about(plan: str, subject: str | None) -> str:
    """What is counted: the medicine chosen, else all those of the plan."""
    return subject or f"plan:{plan}"


@kept
def source(layer: str) -> Row:
    """State of the source of a layer."""
    known = {row["source_key"]: row for row in figures.records(session.load(sources.states))}
    return known.get(SOURCES[layer], {"state": "absent"})


def received_on(layer: str) -> object:
    """Day of the last file that gave alerts, or signals; None when none ever did, whatever else the source sent."""
    return session.load(sources.reporting).get(SOURCES[layer])


@kept
def period_days() -> int:
    """Days over which signals are counted."""
    return int(session.load(methods.thresholds).set_index("name")["value"]["field_days"])


@kept
def counted(layer: str, what: str) -> pd.DataFrame:
    """Rows of a layer with a count: a row without department is of its region, or of the country, only."""
    found = session.load(field.alert_places if layer == ALERTS else field.signal_places, what)
    return found[found[COLUMN[layer]] > 0]


def of_region_only(found: pd.DataFrame, department: str) -> int:
    """Signals of the region of a department that name none: they may be of it."""
    region = next((shape.region for shape in maps.shapes() if shape.code == department), None)
    apart = found[(found["region"] == region) & found["department"].isna()]
    return int(apart[COLUMN[SIGNALS]].sum()) if COLUMN[SIGNALS] in apart else 0


def view(layer: str, what: str) -> View:
    """The 101 departments: a count where the source was received, unknown everywhere otherwise."""
    column, day = COLUMN[layer], received_on(layer)
    found = counted(layer, what)
    table = everywhere(found[found["department"].notna()])
    # The ranking lists those with a count; a zero is one only of a source that was received.
    table = table.assign(listed=table[column], **{column: table[column].fillna(0) if day is not None else None})
    table = table.sort_values([column, "department"], ascending=[False, True], na_position="last")
    said = f"{_note(layer)}, fichier reçu le {fr.day(day)}" if day is not None else "aucun fichier reçu"
    return View(
        title=TITLES[layer],
        counted=f"{'alertes ouvertes' if layer == ALERTS else _period()}, au {fr.day(day)}"
        if day is not None
        else TITLES[layer],
        note=said,
        layer=map_layers.described(table, lambda row: _described(layer, row)),
        legend=map_layers.classes_legend("Alertes ouvertes" if layer == ALERTS else "Signalements"),
        table=table,
        columns=_columns(layer),
        mark=lambda row: mark(layer, row),
        known="listed",
        methods=("pharmacy_alert_place",) if layer == ALERTS else ("agency_signal_place",),
        sources=(SOURCES[layer],),
        regions=_regions(layer, found),
        nothing=nothing(layer),
    )


def _period() -> str:
    return f"signalements des {period_days()} derniers jours"


def _note(layer: str) -> str:
    if layer == ALERTS:
        return "alertes d'officines sans aucune livraison après deux grossistes et 72 heures, par département"
    return f"{_period()}, un numéro compté une fois, par département"


def nothing(layer: str) -> tuple[str, str]:
    """Why no department is ranked: nothing received, or nothing declared."""
    if received_on(layer) is None:
        key = SOURCES[layer]
        what = (
            "Aucun fichier d'alertes (DP-Ruptures) reçu"
            if layer == ALERTS
            else "Aucun fichier de signalements (SISAC) reçu"
        )
        return (
            f"{what} : rien ne dit où ce médicament manque.",
            f"Déposer le fichier dans « inbox/{key} », puis lancer « make refresh ».",
        )
    if layer == ALERTS:
        return "Aucune alerte ouverte dans aucun département.", ""
    return f"Aucun département nommé par un signalement des {period_days()} derniers jours.", ""


def _columns(layer: str) -> dict[str, str]:
    if layer == ALERTS:
        return {
            **PLACE,
            "open_alerts": "Alertes ouvertes",
            "per_100_pharmacies": "Pour 100 officines raccordées",
            "connected_pharmacies": "Officines raccordées",
            "new_alerts": "Déclarées sur la période",
            "oldest_on": "La plus ancienne",
            "newest_on": "La dernière",
        }
    return {
        **PLACE,
        "signals": "Signalements",
        "unknown_signals": "Inconnus des autorités",
        "persisting_signals": "Persistance malgré remise à disposition",
        "unanswered_signals": "Sans réponse",
        "oldest_on": "Le plus ancien",
        "newest_on": "Le dernier",
    }


def words(layer: str, count: float) -> str:
    """« 2 alertes ouvertes », « 1 signalement »."""
    return (
        fr.plural(count, "alerte ouverte", "alertes ouvertes")
        if layer == ALERTS
        else fr.plural(count, "signalement", "signalements")
    )


def _described(layer: str, row: Row) -> dict[str, Any] | None:
    count = row[COLUMN[layer]]
    if fr.missing(count):
        return None
    colour = map_layers.CLASSES[min(int(count), len(map_layers.CLASSES) - 1)][2]
    if not count:
        return {
            "colour": colour,
            "word": "Aucune alerte ouverte" if layer == ALERTS else "Aucun signalement",
            "figure": "",
            "detail": "",
        }
    return {
        "colour": colour,
        "word": words(layer, count),
        "figure": rate(row) if layer == ALERTS else "",
        "detail": note(layer, row),
    }


def rate(row: Row) -> str:
    """« 1,3 pour 100 officines raccordées »; empty without their number."""
    if fr.missing(row["per_100_pharmacies"]):
        return ""
    return f"{fr.number(row['per_100_pharmacies'], 1)} pour 100 officines raccordées"


def note(layer: str, row: Row) -> str:
    """Since when; of signals, their natures."""
    if layer == ALERTS:
        return f"la plus ancienne du {fr.day(row['oldest_on'])}"
    return f"{natures(row)} ; le dernier du {fr.day(row['newest_on'])}"


def natures(row: Row) -> str:
    """« 2 inconnus des autorités, 1 persiste »."""
    unknown, persisting = int(row["unknown_signals"]), int(row["persisting_signals"])
    parts = [
        f"{unknown} {'inconnu' if unknown == 1 else 'inconnus'} des autorités" if unknown else "",
        f"{persisting} {'persiste' if persisting == 1 else 'persistent'} malgré remise à disposition"
        if persisting
        else "",
    ]
    return ", ".join(filter(None, parts))


def mark(layer: str, row: Row) -> Mark:
    count = row[COLUMN[layer]]
    if fr.missing(count):
        return Mark()
    if not count:
        return Mark(figure="0")
    said = [rate(row) if layer == ALERTS else "", note(layer, row)]
    return Mark(figure=fr.number(count), note=" ; ".join(filter(None, said)))


def _regions(layer: str, found: pd.DataFrame) -> tuple[tuple[Row, Mark], ...]:
    """Regions with a count, the most first. Signals without a department are here, and nowhere else."""
    column = COLUMN[layer]
    known = found[found["region"].notna()]
    lines = []
    for (region, name), rows in known.groupby(["region", "region_name"], sort=True):
        unplaced = int(rows[rows["department"].isna()][column].sum())
        count = int(rows[column].sum())
        row = {"region": region, "region_name": name, column: count}
        apart = f"dont {unplaced} sans département" if unplaced else ""
        lines.append((row, Mark(figure=fr.number(count), note=apart)))
    return tuple(sorted(lines, key=lambda line: (-line[0][column], line[0]["region_name"])))

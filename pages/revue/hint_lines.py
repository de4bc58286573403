"""Lines of the review about hints: DCI outside the plans whose signal worsened most, and what the field reports."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from pages.components import format as fr
from pages.components import signal_words as words
from pages.components.charts import figures
from pages.components.links import href
from pages.revue.movement_lines import Link, Row, Section, muted, strong


def hints(table: pd.DataFrame) -> Section:
    """``table``: signals beyond their bound, the most worsened first."""
    columns = {"label": "DCI hors plans", "signal": "Signal", "value": "Dernier relevé", "movement": "Évolution",
               "read_on": "Relevé du", "before_on": "Comparé au", "figure_state": "État"}  # fmt: skip
    rows = figures.records(table)
    named = table.assign(
        signal=[words.NAMES[row["source_key"]] for row in rows],
        value=[words.value(row) for row in rows],
        movement=[words.movement(row) for row in rows],
    )
    return Section(
        "signaux", "Signaux faibles", int(table["dci_key"].nunique()) if rows else 0,
        "Aucun signal faible dégradé sur une DCI hors plans, parmi ceux qui ont été reçus.",
        note=f"DCI hors plans dont un signal s'est le plus dégradé ; {words.HINT}.",
        table=named, rows=named, columns=columns, line=_line,
    )  # fmt: skip


def _line(row: Row) -> tuple[Link, Sequence[Markup | str]]:
    link = Link(str(row["label"]), href("molecules/molecule", sujet=row["subject_id"]))
    when = f"relevé du {fr.day(row['read_on'])}"
    return link, (muted(row["signal"]), strong(fr.capital(row["value"])), muted(row["movement"]), muted(when))


def field(table: pd.DataFrame, days: int, region_name: str = "") -> Section:
    """``table``: DCI with an alert or a signal of the period, those of the agency's region first."""
    columns = {"label": "DCI", "signals": "Signalements des ARS", "unknown_signals": "Inconnus des autorités",
               "new_alerts": "Alertes DP-Ruptures", "departments": "Départements", "newest_on": "Dernier le"}  # fmt: skip
    if region_name:
        columns |= {"own_signals": f"Signalements, {region_name}", "own_alerts": f"Alertes, {region_name}"}
    first = f", {region_name} d'abord" if region_name else ""
    return Section(
        "terrain", "Terrain", len(table), f"Aucun signalement, aucune alerte en {days} jours parmi ce qui a été reçu.",
        note=f"Signalements et alertes nouveaux des {days} derniers jours{first} ; des indices, jamais un statut.",
        table=table, rows=table, columns=columns, line=lambda row: _field_line(row, region_name),
    )  # fmt: skip


def _field_line(row: Row, region_name: str) -> tuple[Link, Sequence[Markup | str]]:
    layer = "signalements" if row["signals"] else "alertes"
    link = Link(str(row["label"]), href("territoires/territoires", sujet=row["subject_id"], couche=layer))
    own = f"{region_name} : {_reported(row['own_signals'], row['own_alerts'])}" if region_name else ""
    where = fr.plural(row["departments"], "département nommé", "départements nommés") if row["departments"] else ""
    country = f"{'France : ' if region_name else ''}{_reported(row['signals'], row['new_alerts'])}"
    unknown = int(row["unknown_signals"])
    nature = f"dont {unknown} {'inconnu' if unknown == 1 else 'inconnus'} des autorités" if unknown else ""
    cells = (strong(own), muted(country)) if own else (strong(country),)
    return link, (*cells, muted(nature), muted(where), muted(f"le dernier du {fr.day(row['newest_on'])}"))


def _reported(signals: float, alerts: float) -> str:
    """« 2 signalements, 3 alertes »; « rien »."""
    parts = [fr.plural(signals, "signalement", "signalements")] if signals else []
    parts += [fr.plural(alerts, "alerte", "alertes")] if alerts else []
    return ", ".join(parts) or "rien"

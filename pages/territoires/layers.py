"""What the map and the ranking show: one view a layer, gravest department first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from metrics.plans import queries as plans
from metrics.referential import queries as referential
from metrics.surveillance import queries as surveillance
from metrics.territory import queries as territory
from pages.components import format as fr
from pages.components import tokens
from pages.components.blocks import kept
from pages.components.charts import figures, map_layers
from pages.components.shell import session
from pages.territoires import field_layers
from pages.territoires.choices import FIELD, INDICATORS, Choice
from pages.territoires.views import PLACE, Mark, View, everywhere, in_order, when

NO_PANEL = (
    "Aucune mesure du panel d'officines reçue.",
    "Déposer le fichier du panel dans « inbox/iqvia », puis lancer « make refresh ».",
)
_GRAVITY = {"insatisfaisante": 0, "acceptable": 1, "satisfaisante": 2}
# A stable coverage is the usual case: saying it on every row would hide the rows that move.
_TREND = {"baisse": "couverture en baisse", "hausse": "couverture en hausse"}


def view(choice: Choice) -> View:
    """The view of the layer chosen."""
    return _view(choice.plan, choice.plan_title, choice.subject, choice.layer, choice.indicator)


@kept
def _view(plan: str, plan_title: str, subject: str | None, layer: str, indicator: str) -> View:
    if layer in FIELD:
        return field_layers.view(layer, field_layers.about(plan, subject))
    if layer == "epidemie":
        return epidemic(indicator)
    if layer == "vigilance":
        return heat()
    if subject is None:
        return _count(plan, plan_title)
    return _lowest(plan, subject) if layer == "bas" else _coverage(plan, subject)


def _nothing(plan: str) -> tuple[str, str]:
    """Why no department has a coverage, and what to do."""
    if "officines" not in set(session.load(plans.bands, plan)["link"]):
        return (
            "Ce plan ne suit pas les officines : rien n'est mesuré par département.",
            "Choisir un autre plan, ou ce que le terrain rapporte : DP-Ruptures, Signalements.",
        )
    return NO_PANEL


def _week(table: pd.DataFrame) -> str:
    weeks = table["week"].dropna() if "week" in table else pd.Series(dtype=object)
    return "aucune mesure" if weeks.empty else fr.week(weeks.max())


def _measures(subject: str) -> pd.DataFrame:
    table = everywhere(session.load(territory.departments, subject))
    words = [
        tokens.look(_text(s), _text(f) or "absent").word
        for s, f in zip(table["status"], table["figure_state"], strict=True)
    ]
    weeks = ["" if fr.missing(week) else fr.week(week, year=True) for week in table["week"]]
    return table.assign(word=words, week_label=weeks, gravity=table["status"].map(_GRAVITY).fillna(3))


def _text(value: object) -> str | None:
    return None if fr.missing(value) else str(value)


_MEASURE_COLUMNS = {
    **PLACE,
    "word": "État",
    "coverage_days": "Couverture (jours)",
    "lowest_share_pct": "Officines au plus bas (%)",
    "alert_readings": "Relevés insatisfaisants",
    "alert_window": "sur relevés",
    "trend": "Tendance",
    "pharmacies": "Officines du panel",
    "sales_boxes": "Ventes (boîtes par semaine)",
    "week_label": "Semaine",
    "last_measured_on": "Dernier relevé",
    "state_reason": "Motif",
}


def _coverage(plan: str, subject: str) -> View:
    table = in_order(_measures(subject), "gravity", "coverage_days")
    regions = session.load(territory.region_statuses, subject)
    regions = regions.assign(gravity=regions["status"].map(_GRAVITY).fillna(3))
    layer = map_layers.coverage_layer(table)
    return View(
        title="Couverture des officines",
        counted=f"jours de couverture, {_week(table)}",
        note=f"jours de couverture moyenne par département, panel IQVIA, {when(table)}",
        layer=layer,
        legend=map_layers.status_legend(layer),
        table=table,
        columns=_MEASURE_COLUMNS,
        mark=_coverage_mark,
        known="coverage_days",
        methods=("department_status", "plan_status"),
        sources=("iqvia",),
        nothing=_nothing(plan),
        regions=_regions(regions, "gravity", "coverage_days"),
    )


def _regions(
    table: pd.DataFrame, *keys: str, descending: Sequence[bool] = ()
) -> tuple[tuple[Mapping[str, Any], Mark], ...]:
    """Gravest first; a tie goes to the lowest days, then to the name."""
    ascending = [not down for down in descending] or [True] * len(keys)
    order = table.sort_values([*keys, "region_name"], ascending=[*ascending, True], na_position="last")
    return tuple((row, _region_mark(row)) for row in figures.records(order))


def _region_mark(row: Mapping[str, Any]) -> Mark:
    counted = f"{fr.number(row['insufficient'])} sur {fr.plural(row['measured'], 'département mesuré', 'départements mesurés')}"
    if "status" not in row:
        return Mark(
            figure=counted, note=f"jusqu'à {fr.plural(row['most'], 'médicament', 'médicaments')}" if row["most"] else ""
        )
    status = _text(row["status"])
    return Mark(
        note=counted,
        status=status,
        figure_state=_text(row["figure_state"]) or "absent",
        days=_days(row["coverage_days"]),
    )


def _days(value: Any) -> float | None:
    return None if fr.missing(value) else float(value)


def _coverage_mark(row: Mapping[str, Any]) -> Mark:
    state = _text(row["figure_state"]) or "absent"
    note = readings(row) if not fr.missing(row["coverage_days"]) else _text(row.get("state_reason")) or ""
    return Mark(note=note, status=_text(row["status"]), figure_state=state, days=_days(row["coverage_days"]))


def readings(row: Mapping[str, Any]) -> str:
    """« 3 relevés sur 4 insatisfaisants, couverture en baisse »."""
    count = int(row["alert_readings"])
    alert = f"{fr.plural(count, 'relevé', 'relevés')} sur {int(row['alert_window'])} sous le seuil"
    return ", ".join(filter(None, [alert if count else "", _TREND.get(str(row.get("trend")), "")]))


def _lowest(plan: str, subject: str) -> View:
    table = _measures(subject)
    order = ["lowest_share_pct", "coverage_days", "department"]
    table = table.sort_values(order, ascending=[False, True, True], na_position="last")
    return View(
        title="Officines au plus bas niveau",
        counted=f"officines sans boîte ou sous 3 jours, {_week(table)}",
        note=f"part des officines sans boîte ou sous 3 jours, en % du panel IQVIA, {when(table)}",
        layer=map_layers.rate_layer(
            table, "lowest_share_pct", unit="% des officines", name="Sans boîte ou sous 3 jours", maximum=100
        ),
        legend=map_layers.ramp_legend("Officines sans boîte ou sous 3 jours", 100, "%"),
        table=table,
        columns=_MEASURE_COLUMNS,
        mark=lambda row: Mark(
            figure=fr.percent(row["lowest_share_pct"]), note=f"{fr.days(row['coverage_days'])} de couverture"
        ),
        known="lowest_share_pct",
        methods=("department_coverage", "plan_status"),
        sources=("iqvia",),
        nothing=_nothing(plan),
    )


def _count(plan: str, plan_title: str) -> View:
    table = everywhere(session.load(territory.counts, plan))
    # A department where nothing is measured is unknown: it ranks after those that lack nothing.
    table = table.assign(insufficient=table["insufficient"].where(table["measured"] > 0))
    order = ["insufficient", "lowest_days", "department"]
    table = table.sort_values(order, ascending=[False, True, True], na_position="last")
    regions = session.load(territory.region_counts, plan)
    regions = regions.assign(share=(regions["insufficient"] / regions["measured"].where(regions["measured"] > 0)))
    return View(
        title="Médicaments suivis insatisfaisants en officine",
        counted=f"médicaments insatisfaisants sur mesurés, {_week(table)}",
        note=f"nombre par département, {plan_title.lower()}, panel IQVIA, {when(table)}",
        layer=map_layers.count_layer(table),
        legend=map_layers.classes_legend("Médicaments insatisfaisants"),
        table=table,
        columns={
            **PLACE,
            "insufficient": "Médicaments insatisfaisants",
            "measured": "Médicaments mesurés",
            "silent": "Médicaments sans relevé cette semaine",
            "in_alert": "Médicaments en alerte",
            "lowest_days": "Couverture la plus basse (jours)",
            "groups": "Lesquels",
        },
        mark=_count_mark,
        known="insufficient",
        methods=("department_count", "plan_status"),
        sources=("iqvia",),
        nothing=_nothing(plan),
        regions=_regions(regions, "share", "lowest_days", descending=(True, False)),
    )


def _count_mark(row: Mapping[str, Any]) -> Mark:
    figure = f"{fr.number(row['insufficient'])} sur {fr.number(row['measured'])}"
    alert = f"dont {int(row['in_alert'])} en alerte" if row["in_alert"] else ""
    lowest = "" if fr.missing(row["lowest_days"]) else f"au plus bas {fr.days(row['lowest_days'])}"
    return Mark(figure=figure, note=", ".join(filter(None, [alert, lowest])))


def epidemic(indicator: str, name: str = "") -> View:
    name = name or INDICATORS[indicator]
    found = session.load(surveillance.epidemic_map, indicator)
    table = in_order(everywhere(found), "er_rate", descending=True)
    return View(
        title=f"{name} aux urgences",
        counted=f"{name.lower()}, passages pour 100 000, {_week(table)}",
        note=f"passages pour 100 000 passages codés, tous âges, Santé publique France, {when(table)}",
        layer=map_layers.rate_layer(table, "er_rate", unit="pour 100 000 passages codés", name=f"{name} aux urgences"),
        legend=map_layers.ramp_legend(
            f"{name}, passages aux urgences", map_layers.rate_maximum(table, "er_rate"), "pour 100 000"
        ),
        table=table,
        columns={
            **PLACE,
            "er_rate": "Passages aux urgences (pour 100 000 codés)",
            "er_rate_change": "Variation en une semaine",
            "sos_rate": "Actes SOS Médecins (pour 100 000 codés)",
            "week": "Semaine du",
        },
        mark=lambda row: Mark(figure=fr.number(row["er_rate"]), note=_epidemic_change(row["er_rate_change"])),
        known="er_rate",
        methods=("epidemic_weekly",),
        sources=("spf",),
        nothing=(f"{name} aux urgences : aucun relevé reçu de Santé publique France.", ""),
    )


def _epidemic_change(value: Any) -> str:
    return "" if fr.missing(value) else f"{fr.change(value, 'en une semaine', digits=0)}"


def heat() -> View:
    """Out of season nothing is published: the last map of summer says nothing of today and is not drawn."""
    found = session.load(surveillance.vigilance)
    as_of = fr.as_date(session.load(referential.snapshot)["as_of"]) or date.min
    last = fr.as_date(found["day"].max()) if not found.empty else None
    is_current = last is not None and last >= as_of - timedelta(days=1)
    shown = found if is_current else found.assign(colour_id=None)
    note = f"carte de Météo-France du {fr.day(last)}"
    if last is None:
        note = "aucune carte de Météo-France reçue"
    elif not is_current:
        note = f"hors saison : Météo-France ne la publie plus, dernière carte reçue le {fr.day(last)}"
    table = everywhere(shown[["department", "day", "colour_id"]])
    words = [
        tokens.VIGILANCE[int(c)][0] if not fr.missing(c) else "Hors saison ou hors champ" for c in table["colour_id"]
    ]
    return View(
        title="Vigilance canicule",
        counted="vigilance canicule",
        note=note,
        layer=map_layers.vigilance_layer(table),
        legend=map_layers.vigilance_legend(),
        table=in_order(table.assign(word=words), "colour_id", descending=True),
        columns={**PLACE, "word": "Vigilance canicule", "day": "Dernière carte reçue"},
        mark=heat_mark,
        known="colour_id",
        methods=("vigilance_daily",),
        sources=("vigilance",),
        nothing=(f"{fr.capital(note)}.", ""),
    )


def heat_mark(row: Mapping[str, Any]) -> Mark:
    known = None if fr.missing(row["colour_id"]) else tokens.VIGILANCE[int(row["colour_id"])]
    return Mark(vigilance=known, figure="" if known else "hors saison")

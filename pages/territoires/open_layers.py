"""Open data: what the map and the ranking show. A figure published by region colours all its departments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pandas as pd

from metrics.public_list import subject as public
from metrics.territory import queries as territory
from pages.components import format as fr
from pages.components import tokens
from pages.components.blocks import kept
from pages.components.charts import figures, map_layers
from pages.components.shell import session
from pages.territoires import layers
from pages.territoires.open_choices import ALERTS, BOXES, EPIDEMIC, HEAT, INCIDENCE, OpenChoice, indicators
from pages.territoires.views import PLACE, Mark, View, in_order, when

# Ratios to the country: upper bound of each class, its words, its colour.
RATIOS = (
    (80.0, "moins de 80 %", tokens.RAMP[0]),
    (95.0, "80 à 95 %", tokens.RAMP[2]),
    (105.0, "95 à 105 %", tokens.RAMP[4]),
    (120.0, "105 à 120 %", tokens.RAMP[6]),
    (float("inf"), "120 % et plus", tokens.RAMP[9]),
)
LEVELS = {1: "pas d'alerte", 2: "2 sur 4", 3: "3 sur 4", 4: "le plus haut"}
LEVEL_COLOURS = {1: tokens.RAMP[0], 2: tokens.RAMP[3], 3: tokens.RAMP[6], 4: tokens.RAMP[9]}
CURRENT = timedelta(days=14)  # an alert older than the last one published by more than this says nothing of now


def view(choice: OpenChoice) -> View:
    return _view(choice.plan, choice.plan_title, choice.subject, choice.label, choice.layer, choice.indicator)


@kept
def _view(plan: str, plan_title: str, subject: str | None, label: str, layer: str, indicator: str) -> View:
    if layer == EPIDEMIC:
        return _urgent(indicator)
    if layer == INCIDENCE:
        return _incidence(indicator)
    if layer == ALERTS:
        return _alerts(indicator)
    if layer == HEAT:
        return layers.heat()
    return _boxes(plan, subject, label or f"Médicaments suivis, {plan_title.lower()}")


def regional(choice: OpenChoice) -> bool:
    """The layer is published by region: the ranking ranks regions."""
    return choice.layer in (BOXES, INCIDENCE, ALERTS)


def boxes(plan: str, subject: str | None) -> pd.DataFrame:
    """Reimbursed boxes by region of a medicine, or of all those of a plan."""
    return session.load(public.boxes_by_region, subject) if subject else session.load(public.boxes_of_plan, plan)


def _places() -> pd.DataFrame:
    return session.load(territory.places)


def _spread(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The 101 departments, each with the figures of its region; Corsica is read with Provence where the file joins them."""
    places = _places()
    if table.empty:
        return places.assign(**dict.fromkeys(columns))
    own = table.set_index("region")
    if "94" not in own.index and "93" in own.index and "Corse" in str(own.loc["93", "region_name"]):
        own.loc["94"] = own.loc["93"]
    return places.join(own[list(columns)], on="region")


def _layer(table: pd.DataFrame, describe: Callable[[Mapping[str, Any]], dict[str, Any] | None]) -> pd.DataFrame:
    return map_layers.described(table, describe)


def named(row: Mapping[str, Any]) -> str:
    """Name of the region in the referential; a territory outside it keeps its code or what the file calls it."""
    names = dict(zip(_places()["region"], _places()["region_name"], strict=True))
    written = "" if fr.missing(row.get("region_name")) else str(row["region_name"])
    joint = written if "Corse" in written and str(row["region"]) == "93" else ""
    return joint or str(names.get(str(row["region"])) or written or f"Territoire {row['region']}")


def _regions(
    table: pd.DataFrame, mark: Callable[[Mapping[str, Any]], Mark]
) -> tuple[tuple[Mapping[str, Any], Mark], ...]:
    return tuple((row | {"region_name": named(row)}, mark(row)) for row in figures.records(table))


# ---- boxes


def ratio_class(ratio: float) -> tuple[str, str]:
    """Words and colour of a ratio to the country, in percent."""
    return next((words, colour) for bound, words, colour in RATIOS if ratio < bound)


def _boxes(plan: str, subject: str | None, label: str) -> View:
    found = boxes(plan, subject)
    year = int(found["year"].max()) if not found.empty else None
    table = _spread(found, "boxes", "boxes_per_100k", "ratio_pct")

    def describe(row: Mapping[str, Any]) -> dict[str, Any] | None:
        if fr.missing(row["ratio_pct"]):
            return None
        words, colour = ratio_class(float(row["ratio_pct"]))
        figure = f"{fr.number(row['boxes_per_100k'])} boîtes pour 100 000 habitants"
        return {
            "colour": colour,
            "word": f"{row['region_name']} : {words} de la France",
            "figure": figure,
            "detail": str(year),
        }

    def mark(row: Mapping[str, Any]) -> Mark:
        if fr.missing(row["boxes_per_100k"]):
            return Mark(figure="", note=f"{fr.boxes(row['boxes'])}, population inconnue")
        return Mark(figure=fr.number(row["boxes_per_100k"]), note=f"{fr.percent(row['ratio_pct'])} de la France")

    return View(
        title=f"{label}, boîtes remboursées",
        note=f"pour 100 000 habitants de la région, {year}, Open Medic (Assurance maladie), INSEE ; sans correction de l'âge"
        if year
        else "Open Medic n'a pas été reçu",
        layer=_layer(table, describe),
        legend=map_layers.swatch_legend("Par habitant, rapporté à la France", [(w, c) for _, w, c in RATIOS]),
        table=in_order(table, "boxes_per_100k", descending=True),
        columns={
            **PLACE,
            "boxes": "Boîtes remboursées (région)",
            "boxes_per_100k": "Boîtes pour 100 000 habitants (région)",
            "ratio_pct": "Rapport à la France (%)",
        },
        mark=mark,
        known="boxes_per_100k",
        methods=("reimbursed_region_yearly",),
        sources=("openmedic",),
        regions=_regions(found[found["region"] != "99"] if not found.empty else found, mark),
    )


# ---- epidemics


def _urgent(indicator: str) -> View:
    """That of *Territoires*, with every epidemic received."""
    return layers.epidemic(indicator, indicators(EPIDEMIC).get(indicator, "Épidémie"))


def _incidence(indicator: str) -> View:
    name = indicators(INCIDENCE).get(indicator, "Incidence")
    found = session.load(public.incidence, indicator)
    table = _spread(found, "week", "incidence", "incidence_low", "incidence_high")
    return View(
        title=f"{name} en médecine générale",
        note=f"cas pour 100 000 habitants de la région, intervalle à 95 %, réseau Sentinelles, {when(table)} ; "
        "dernière semaine provisoire",
        layer=map_layers.rate_layer(table, "incidence", unit="cas pour 100 000 habitants", name=name),
        legend=map_layers.ramp_legend(name, map_layers.rate_maximum(table, "incidence"), "pour 100 000"),
        table=in_order(table, "incidence", descending=True),
        columns={
            **PLACE,
            "incidence": "Cas pour 100 000 habitants (région)",
            "incidence_low": "Borne basse",
            "incidence_high": "Borne haute",
            "week": "Semaine du",
        },
        mark=incidence_mark,
        known="incidence",
        methods=("incidence_weekly",),
        sources=("sentinelles",),
        regions=_regions(found, incidence_mark),
    )


def incidence_mark(row: Mapping[str, Any]) -> Mark:
    span = f"de {fr.number(row['incidence_low'])} à {fr.number(row['incidence_high'])}"
    return Mark(figure=fr.number(row["incidence"]), note="" if fr.missing(row["incidence_low"]) else span)


def _alerts(theme: str) -> View:
    found = current_alerts(theme)
    table = _spread(found, "week", "alert_level")

    def describe(row: Mapping[str, Any]) -> dict[str, Any] | None:
        if fr.missing(row["alert_level"]):
            return None
        level = int(row["alert_level"])
        when = fr.week(row["week"], year=True)
        return {"colour": LEVEL_COLOURS[level], "word": f"niveau {level}", "figure": LEVELS[level], "detail": when}

    return View(
        title=f"Alertes régionales, {theme}",
        note=f"niveaux publiés par Santé publique France, {when(table)}",
        layer=_layer(table, describe),
        legend=map_layers.swatch_legend(
            theme.capitalize(),
            [
                (f"niveau {level}" + (f", {LEVELS[level]}" if level in (1, 4) else ""), colour)
                for level, colour in LEVEL_COLOURS.items()
            ],
        ),
        table=in_order(table, "alert_level", descending=True),
        columns={**PLACE, "alert_level": "Niveau d'alerte (région)", "week": "Semaine du"},
        mark=alert_mark,
        known="alert_level",
        methods=("regional_alert",),
        sources=("spf",),
        regions=_regions(found, alert_mark),
    )


def alert_mark(row: Mapping[str, Any]) -> Mark:
    if fr.missing(row["alert_level"]):
        return Mark(figure="")
    return Mark(figure=f"niveau {int(row['alert_level'])}", note=fr.week(row["week"], year=True))


def current_alerts(theme: str) -> pd.DataFrame:
    """Last level of each region, when it is not much older than the last one published."""
    found = session.load(public.alerts)
    mine = found[found["theme"] == theme] if not found.empty else found
    return mine[mine["week"] >= mine["week"].max() - CURRENT] if not mine.empty else mine

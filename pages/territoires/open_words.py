"""Open data: what *Territoires* answers for a choice, and what it says of one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from metrics.public_list import subject as public
from metrics.surveillance import queries as surveillance
from pages.components import format as fr
from pages.components import tokens
from pages.components.answers import Fact
from pages.components.blocks import kept
from pages.components.charts import figures, maps
from pages.components.shell import session
from pages.territoires import layers, open_layers
from pages.territoires.open_choices import ALERTS, BOXES, EPIDEMIC, HEAT, INCIDENCE, OpenChoice, indicators

Row = Mapping[str, Any]


@kept
def sentence(choice: OpenChoice) -> str:
    """Of the place chosen, what the map shows of it; else most and least touched."""
    place = maps.department_names()[choice.department] if choice.department else choice.region_name
    if place:
        first = next(iter(facts(choice)), None)
        words = f"{first.value}{first.joint}{first.words}" if first else ""
        return f"{place}, {first.label.lower()} : {words}." if first else f"{place} : aucune donnée ouverte reçue."
    answers = {HEAT: _heat, EPIDEMIC: _departments, ALERTS: _alerts, INCIDENCE: _incidences}
    return answers.get(choice.layer, _sold)(choice)


def _sold(choice: OpenChoice) -> str:
    regions, name = _known(choice), choice.label or "Médicaments suivis"
    if not regions:
        return f"{name} : aucune boîte remboursée par région n'a été reçue (Open Medic)."
    unit = f"boîtes remboursées pour 100 000 habitants en {regions[0]['year']}"
    return _span(regions, "boxes_per_100k", name, unit, f" ; France : {fr.number(regions[0]['national_per_100k'])}")


def _incidences(choice: OpenChoice) -> str:
    name = indicators(INCIDENCE).get(choice.indicator, "Incidence")
    return _span(_known(choice), "incidence", name, "cas pour 100 000 habitants")


def _known(choice: OpenChoice) -> list[Row]:
    """Regions with a figure."""
    shown = open_layers.view(choice)
    return [row for row, _ in shown.regions if not fr.missing(row[shown.known])]


def _span(regions: Sequence[Row], column: str, name: str, unit: str, more: str = "") -> str:
    """« Salbutamol : de 1 197 (Pays de la Loire) à 1 511 (Hauts-de-France) boîtes pour 100 000 habitants »."""
    if not regions:
        return f"{name} : aucun chiffre par région n'a été reçu."
    order = sorted(regions, key=lambda row: float(row[column]))
    low, high = order[0], order[-1]
    if low is high:
        return f"{name} : {fr.number(low[column])} {unit} ({low['region_name']}){more}."
    between = f"de {fr.number(low[column])} ({low['region_name']}) à {fr.number(high[column])} ({high['region_name']})"
    return f"{name} : {between} {unit}{more}."


def _departments(choice: OpenChoice) -> str:
    shown, name = open_layers.view(choice), indicators(EPIDEMIC).get(choice.indicator, "Épidémie")
    known = [row for row in figures.records(shown.table) if not fr.missing(row[shown.known])]
    if not known:
        return f"{name} : aucun taux par département n'a été reçu."
    most = ", ".join(f"{row['name']} {fr.number(row[shown.known])}" for row in known[:3])
    country = _national(choice.indicator)
    beside = "" if country is None else f" ; France : {fr.number(country)}"
    return f"{name}, passages aux urgences pour 100 000 passages codés : {most}{beside} ({fr.week(known[0]['week'])})."


def _national(indicator: str) -> float | None:
    rows = session.load(surveillance.epidemics, (indicator,))
    last = figures.last_known(rows, "er_rate")
    return None if last is None else float(last["er_rate"])


def _heat(choice: OpenChoice) -> str:
    shown = open_layers.view(choice)
    known = shown.table[shown.table[shown.known].notna()]
    if known.empty:
        return f"{fr.capital(shown.note)}."
    counts = known[shown.known].astype(int).value_counts().sort_index(ascending=False)
    counted = [
        f"{fr.plural(n, 'département', 'départements')} en {tokens.VIGILANCE[int(str(c))][0].lower()}"
        for c, n in counts.items()
    ]
    return f"Canicule : {', '.join(counted)}."


def _alerts(choice: OpenChoice) -> str:
    theme = choice.indicator
    found = open_layers.current_alerts(theme)
    if found.empty:
        return "Aucune alerte régionale n'a été reçue."
    top = int(found["alert_level"].max())
    if top == 1:
        return f"{theme.capitalize()} : aucune région en alerte ({fr.week(found['week'].max(), year=True)})."
    named = [open_layers.named(row) for row in figures.records(found[found["alert_level"] == top])]
    count = fr.plural(len(named), "région", "régions")
    return f"{theme.capitalize()} : {count} au niveau {top} sur 4, {fr.listing(named[:4])} ({fr.week(found['week'].max(), year=True)})."


# ---- one place


@kept
def facts(choice: OpenChoice) -> tuple[Fact, ...]:
    """Everything public of the department or region chosen, layer of the map first."""
    code = choice.department
    region = next((s.region for s in maps.shapes() if s.code == code), None) if code else choice.region
    by_layer = {
        BOXES: [_boxes(choice, str(region))],
        EPIDEMIC: [_rate(key, name, code) for key, name in indicators(EPIDEMIC).items()] if code else [],
        INCIDENCE: [_incidence(key, name, str(region)) for key, name in indicators(INCIDENCE).items()],
        ALERTS: [_alert(theme, str(region)) for theme in indicators(ALERTS)],
        HEAT: [_colour(code)] if code else [],
    }
    order = sorted(by_layer, key=lambda layer: layer != choice.layer)
    return tuple(fact for layer in order for fact in by_layer[layer] if fact.value)


def _one(table: pd.DataFrame, column: str, value: object) -> Row | None:
    rows = figures.records(table[table[column] == value]) if not table.empty else []
    return rows[0] if rows else None


def _boxes(choice: OpenChoice, region: str) -> Fact:
    found = open_layers.boxes(choice.plan, choice.subject)
    row = _one(found, "region", region) or (_joint(found) if region == "94" else None)
    if row is None or fr.missing(row["boxes_per_100k"]):
        return Fact("Boîtes remboursées", "")
    words = (f"pour 100 000 habitants en {row['year']}, {fr.percent(row['ratio_pct'])} de la France "
             f"({fr.number(row['national_per_100k'])}) ; {choice.label or 'médicaments suivis'}")  # fmt: skip
    return Fact("Boîtes remboursées", fr.number(row["boxes_per_100k"]), words)


def _joint(found: pd.DataFrame) -> Row | None:
    """Corsica in the years when the file counts it with Provence."""
    row = _one(found, "region", "93")
    return row if row is not None and "Corse" in str(row["region_name"]) else None


def _rate(indicator: str, name: str, code: str | None) -> Fact:
    row = _one(session.load(surveillance.epidemic_map, indicator), "department", code)
    if row is None or fr.missing(row["er_rate"]):
        return Fact(name, "")
    country, change = _national(indicator), row["er_rate_change"]
    words = [
        f"passages pour 100 000 codés, {fr.week(row['week'])}",
        "" if fr.missing(change) else f"{fr.change(change, '', digits=0).strip()} en une semaine",
        "" if country is None else f"France {fr.number(country)}",
    ]
    return Fact(name, fr.number(row["er_rate"]), ", ".join(filter(None, words)))


def _incidence(indicator: str, name: str, region: str) -> Fact:
    row = _one(session.load(public.incidence, indicator), "region", region)
    if row is None or fr.missing(row["incidence"]):
        return Fact(f"{name} (région)", "")
    span = "" if fr.missing(row["incidence_low"]) else f" ({open_layers.incidence_mark(row).note})"
    return Fact(
        f"{name} (région)", fr.number(row["incidence"]), f"cas pour 100 000 habitants{span}, {fr.week(row['week'])}"
    )


def _alert(theme: str, region: str) -> Fact:
    row = _one(open_layers.current_alerts(theme), "region", region)
    if row is None:
        return Fact(f"Alerte {theme} (région)", "")
    return Fact(f"Alerte {theme} (région)", f"niveau {int(row['alert_level'])} sur 4", fr.week(row["week"], year=True))


def _colour(code: str | None) -> Fact:
    shown = layers.heat()
    row = _one(shown.table, "department", code)
    known = row is not None and not fr.missing(row["colour_id"])
    return Fact("Vigilance canicule", str(row["word"]) if row is not None and known else "Hors saison", shown.note)

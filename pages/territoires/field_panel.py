"""Beside the map: what the field reports of the department or region chosen, line by line for who may read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from metrics.declarations import queries as declarations
from metrics.field import queries as field
from metrics.surveillance import queries as surveillance
from pages.components import epidemics, lists, states
from pages.components import format as fr
from pages.components.blocks import block
from pages.components.charts import figures, maps
from pages.components.shell import session
from pages.components.templating import render
from pages.territoires import field_layers as layers
from pages.territoires.choices import ALERTS, COUNTRY, FIELD, LAYERS, SIGNALS, Choice

Row = Mapping[str, Any]
FLU = "grippe"
NATURES = {"inconnue": "inconnue des autorités", "persistance": "persiste malgré remise à disposition"}
ALONE = "Le détail est réservé à l'ANSM : ici, des nombres et des jours."


@block
def place(choice: Choice, most: int) -> Markup:
    """The department, else the region: its counts, then each alert or signal with its day."""
    rows = _lines(choice)
    shown, left = lists.cut(rows, most, lists.BESIDE)
    name = maps.department_names()[choice.department] if choice.department else choice.region_name
    leave = {"departement": None} if choice.department else {maps.REGION: COUNTRY}
    return render(
        "territoires/field",
        name=name,
        code=choice.department or "",
        label=choice.label,
        leave=choice.here.but(**leave),
        wider=(choice.region_name if choice.department else "") or "France entière",
        facts=_facts(choice),
        lines=shown,
        left=left,
        here=choice.here,
        nouns=("alerte", "alertes") if choice.layer == ALERTS else ("signalement", "signalements"),
        reserve="" if session.load(declarations.is_visible) else ALONE,
        is_alerts=choice.layer == ALERTS,
        stocks=_stocks(choice) if choice.layer == ALERTS else "",
        late=states.of(*layers.view(choice.layer, layers.about(choice.plan, choice.subject)).methods),
    )


@block
def beside(choice: Choice) -> Markup:
    """Lines under the coverage of a place: what the field reports there, each leading to its map."""
    items = []
    for layer in FIELD:
        if layers.received_on(layer) is None:
            continue
        here = _here(choice, layer)
        count = sum(row[layers.COLUMN[layer]] for row in here)
        none = "aucune alerte ouverte" if layer == ALERTS else "aucun signalement"
        said = layers.words(layer, count) if count else none
        period = "" if layer == ALERTS else f" en {layers.period_days()} jours"
        late = ", source en retard" if layers.source(layer)["state"] == "en_retard" else ""
        when = f", fichier reçu le {fr.day(layers.received_on(layer))}{late}"
        items.append((LAYERS[layer], f"{said}{period}{when}", choice.here.but(couche=layer)))
    stocks = _stocks(choice)
    items += [("Stocks annoncés", stocks, choice.here.but(couche=ALERTS))] if stocks else []
    items += _incidence(choice) if choice.region and not choice.department else []
    return (
        render("territoires/field_beside", items=items, label=choice.label or "médicaments suivis")
        if items
        else Markup()
    )


def sources(choice: Choice) -> tuple[str, ...]:
    """Sources of what is said of the place chosen beside the layer shown; none without a place."""
    if not (choice.department or choice.region):
        return ()
    found = [layers.SOURCES[layer] for layer in FIELD if layers.received_on(layer) is not None]
    is_region = choice.layer not in FIELD and bool(choice.region and not choice.department and _incidence(choice))
    return (*found, *(["sentinelles"] if is_region else []))


def _incidence(choice: Choice) -> list[tuple[str, str, str]]:
    """Flu seen by general practitioners in the region, with its interval, beside the maps of epidemics."""
    found = figures.records(session.load(surveillance.incidence, (FLU,)))
    return [
        (f"{epidemics.INCIDENCE_LABEL[FLU]} (région)", epidemics.words(row), choice.here.but(couche="epidemie"))
        for row in found
        if row["level"] == "region" and row["region"] == choice.region
    ]


def _here(choice: Choice, layer: str) -> list[Row]:
    """Counts of the place chosen."""
    found = figures.records(layers.counted(layer, layers.about(choice.plan, choice.subject)))
    if choice.department:
        return [row for row in found if row["department"] == choice.department]
    return [row for row in found if row["region"] == choice.region]


def _facts(choice: Choice) -> list[tuple[str, str]]:
    """What is counted, in words; three different sentences for nothing received, late, and nothing here."""
    layer, day = choice.layer, layers.received_on(choice.layer)
    if day is None:
        return [("État", layers.nothing(layer)[0])]
    here = _here(choice, layer)
    count = sum(row[layers.COLUMN[layer]] for row in here)
    found = layers.counted(layer, layers.about(choice.plan, choice.subject))
    wider = layers.of_region_only(found, choice.department) if choice.department else 0
    of_region = [("Région", f"{fr.number(wider)} sans département")] if wider else []
    if not count:
        none = "Aucune alerte ouverte" if layer == ALERTS else f"Aucun signalement en {layers.period_days()} jours"
        return [("Ici", f"{none}, fichier reçu le {fr.day(day)}."), *of_region]
    facts = [("Ici", f"{layers.words(layer, count)}, fichier reçu le {fr.day(day)}")]
    if layer == SIGNALS:
        total = {key: sum(row[key] for row in here) for key in ("unknown_signals", "persisting_signals")}
        facts.append(("Nature", layers.natures(total)))
        unanswered = sum(row["unanswered_signals"] for row in here)
        facts.append(("Réponse", f"{fr.number(unanswered)} sans réponse" if unanswered else "toutes données"))
        apart = sum(row["signals"] for row in here if fr.missing(row["department"]))
        facts += [("Sans département", fr.number(apart))] if apart and not choice.department else []
        return [*facts, *of_region]
    facts.append(("La plus ancienne", fr.day(min(row["oldest_on"] for row in here))))
    return [*facts, *(("Taux", layers.rate(row)) for row in here if choice.department and layers.rate(row))]


def _lines(choice: Choice) -> list[Row]:
    """Alerts or signals one by one; none in the shared artefact, which counts them."""
    about = layers.about(choice.plan, choice.subject)
    if choice.layer == SIGNALS:
        region = choice.region or _region(choice)
        return [_signal(row) for row in session.load(field.signals, region, choice.department or "", about)]
    codes = [choice.department] if choice.department else sorted(maps.of_region(choice.region) or ())
    found = [row for code in codes for row in session.load(field.alerts, code, about)]
    return [_alert(row) for row in sorted(found, key=lambda row: (row["declared_on"], row["alert_no"]), reverse=True)]


def _stocks(choice: Choice) -> str:
    """Stocks of the department announced for one medicine: a hint, for those who may see laboratories."""
    if not (choice.department and choice.subject):
        return ""
    rows = session.load(field.stocks, choice.subject, choice.department)
    parts = [f"{row['actor_kind']} {announced(row)}" for row in rows]
    return " ; ".join(parts)


def announced(row: Row) -> str:
    """« 1 250 boîtes, 85 vendues le 15/11/2026 »."""
    sold = "ventes inconnues" if fr.missing(row["sales_boxes"]) else f"{fr.number(row['sales_boxes'])} vendues"
    partial = (
        f", incomplet ({fr.plural(row['missing_actors'], 'acteur absent', 'acteurs absents')})"
        if row["missing_actors"]
        else ""
    )
    return f"{fr.boxes(row['stock_boxes'])}, {sold} le {fr.day(row['read_on'])}{partial}"


def _region(choice: Choice) -> str:
    return next(shape.region for shape in maps.shapes() if shape.code == choice.department)


def _alert(row: Row) -> Row:
    asked = (
        fr.plural(row["wholesalers_asked"], "grossiste interrogé", "grossistes interrogés")
        if not fr.missing(row["wholesalers_asked"])
        else ""
    )
    return {
        "on": row["declared_on"],
        "what": row["denomination"] or row["cip13"],
        "where": row["name"],
        "how": asked,
        "text": "",
        "answer": "",
    }


def _signal(row: Row) -> Row:
    answered = (
        f"Répondu le {fr.day(row['answered_on'])} : {row['answer'] or 'sans texte'}"
        if not fr.missing(row["answered_on"])
        else "Sans réponse."
    )
    return {
        "on": row["received_on"],
        "what": row["denomination"] or row["label"],
        "where": row["name"] or f"{row['region_name']}, sans département",
        "how": NATURES[row["nature"]] + (f", {row['circuit']}" if row["circuit"] else ""),
        "text": row["text"] or "",
        "answer": answered,
    }

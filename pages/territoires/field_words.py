"""The answer of *Territoires* when its map shows what the field reports: of the place chosen first, else of the country."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pages.components import format as fr
from pages.components.charts import maps
from pages.territoires import field_layers as layers
from pages.territoires.choices import ALERTS, Choice


def answer(choice: Choice) -> tuple[str, str, object]:
    """Lead, sentence, day of the last file. Nothing received is never said to be nothing declared."""
    day = layers.received_on(choice.layer)
    if day is None:
        return "", layers.nothing(choice.layer)[0], None
    found = layers.counted(choice.layer, layers.about(choice.plan, choice.subject))
    late = (
        ["source en retard, la suite n'est pas connue"] if layers.source(choice.layer)["state"] == "en_retard" else []
    )
    if choice.department:
        here = found[found["department"] == choice.department]
        apart = layers.of_region_only(found, choice.department)
        parts = [
            _here(choice, here, maps.department_names()[choice.department]),
            *([f"{fr.number(apart)} pour la région, sans département"] if apart else []),
            _country(choice.layer, found),
            *late,
        ]
        return _written(parts, day)
    if choice.region:
        here = found[found["region"] == choice.region]
        parts = [_here(choice, here, choice.region_name), _country(choice.layer, found), *late]
        return _written(parts, day)
    return _written([_nowhere(choice) if found.empty else _everywhere(choice, found), *late], day)


def _written(parts: Sequence[str], day: object) -> tuple[str, str, object]:
    lead, _, rest = " ; ".join(parts).partition(". ")
    return f"{lead}.", f"{rest}.", fr.as_date(day)


def _of(choice: Choice) -> str:
    """« sur Amoxicilline », « sur les médicaments du plan »."""
    return f"sur {choice.label}" if choice.subject else f"sur les médicaments suivis ({choice.plan_title.lower()})"


def _period(choice: Choice) -> str:
    return "" if choice.layer == ALERTS else f" en {layers.period_days()} jours"


def _nowhere(choice: Choice) -> str:
    none = "aucune alerte ouverte" if choice.layer == ALERTS else "aucun signalement"
    return f"Nulle part. {fr.capital(none)} {_of(choice)}{_period(choice)}"


def _here(choice: Choice, here: pd.DataFrame, name: str) -> str:
    column = layers.COLUMN[choice.layer]
    if here.empty:
        none = "aucune alerte ouverte" if choice.layer == ALERTS else "aucun signalement"
        return f"{name}. {fr.capital(none)} {_of(choice)}{_period(choice)}"
    said = layers.words(choice.layer, here[column].sum())
    since = (
        f"depuis le {fr.day(here['oldest_on'].min())}"
        if choice.layer == ALERTS
        else f"le dernier du {fr.day(here['newest_on'].max())}"
    )
    return f"{name}. {said} {_of(choice)}{_period(choice)}, {since}"


def _country(layer: str, found: pd.DataFrame) -> str:
    column = layers.COLUMN[layer]
    return f"France : {fr.number(found[column].sum())}{_spread(found)}"


def _spread(found: pd.DataFrame) -> str:
    places = int(found["department"].nunique())
    return f" dans {fr.plural(places, 'département', 'départements')}" if places else ""


def _everywhere(choice: Choice, found: pd.DataFrame) -> str:
    column = layers.COLUMN[choice.layer]
    placed, apart = found[found["department"].notna()], int(found[found["department"].isna()][column].sum())
    total = layers.words(choice.layer, found[column].sum())
    if placed.empty:
        return f"Sans département. {total} {_of(choice)}{_period(choice)}, qui n'en nomment aucun"
    lead = f"{fr.plural(len(placed), 'département', 'départements')} sur {len(maps.department_names())}"
    first = placed.sort_values([column, "department"], ascending=[False, True]).iloc[0]
    most = f", {first['name']} d'abord ({fr.number(first[column])})" if len(placed) > 1 else f", {first['name']}"
    unplaced = f", dont {apart} sans département" if apart else ""
    return f"{lead}. {total} {_of(choice)}{_period(choice)}{unplaced}{most}"

"""Tables for the map: what each department shows, its colour, its words; and what the legend names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from pages.components import format as fr
from pages.components import tokens
from pages.components.charts import figures, legend
from pages.components.charts.legend import Legend
from pages.components.charts.maps import COLUMNS

Row = Mapping[str, Any]
# Counts are classes, not a ramp: one reads « deux » on the map.
CLASSES = (
    (0, "0", tokens.RAMP[0]),
    (1, "1", tokens.RAMP[3]),
    (2, "2", tokens.RAMP[6]),
    (3, "3 et plus", tokens.RAMP[9]),
)


def _layer(table: pd.DataFrame, describe: Callable[[Row], dict[str, Any]]) -> pd.DataFrame:
    rows = [
        {"department": str(row["department"]), "hatched": False, "striped": False, "reserved": False, **describe(row)}
        for row in figures.records(table)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _unknown(word: str, detail: str = "") -> dict[str, Any]:
    return {"colour": tokens.WHITE, "hatched": True, "word": word, "figure": "", "detail": detail}


def coverage_layer(table: pd.DataFrame) -> pd.DataFrame:
    """Status of one subject. table: *department_status* (status, figure_state, coverage_days, pharmacies, week…)."""
    return _layer(table, _coverage)


def _coverage(row: Row) -> dict[str, Any]:
    sign = tokens.look(row["status"], row["figure_state"])
    hatched = tokens.is_hatched(row["status"], row["figure_state"])
    reason = row.get("state_reason")
    panel = "" if fr.missing(row.get("pharmacies")) else fr.plural(row["pharmacies"], "officine", "officines") + " · "
    reserve = tokens.QUALIFYING.get(str(row["figure_state"]), ("",))[0]
    detail = f"{panel}{fr.week(row['week'], year=True)}" if fr.missing(reason) else str(reason)
    return {
        "colour": sign.colour,
        "hatched": hatched,
        "striped": sign is tokens.STATUS["insatisfaisante"],
        "reserved": bool(reserve),
        "word": sign.word + (f" ({reserve.lower()})" if reserve else ""),
        "figure": "" if hatched or sign.symbol == "lock" else f"{fr.days(row['coverage_days'])} de couverture",
        "detail": detail,
    }


def count_layer(table: pd.DataFrame) -> pd.DataFrame:
    """How many followed groups are insufficient. table: *department_count* (measured, insufficient, silent, groups)."""

    def describe(row: Row) -> dict[str, Any]:
        if fr.missing(row["measured"]) or row["measured"] == 0:
            return _unknown("Aucun groupe mesuré", _unanswered(row))
        found = fr.plural(row["insufficient"], "groupe insatisfaisant", "groupes insatisfaisants")
        names = "" if fr.missing(row.get("groups")) else str(row["groups"])
        return {
            "colour": CLASSES[min(int(row["insufficient"]), len(CLASSES) - 1)][2],
            "word": found,
            "figure": f"sur {fr.number(row['measured'])} mesurés",
            "detail": names if len(names) <= 160 else names[:159] + "…",
        }

    return _layer(table, describe)


def _unanswered(row: Row) -> str:
    """Why a department of the panel has no figure; empty for those that are not in it."""
    if fr.missing(row.get("silent")) or not row["silent"]:
        return ""
    return f"N'a pas répondu cette semaine, dernier relevé au {fr.day(row.get('last_measured_on'))}."


def rate_layer(table: pd.DataFrame, value: str, *, unit: str, name: str, maximum: float | None = None) -> pd.DataFrame:
    """A rate on the quiet ramp (epidemic, share of pharmacies at the lowest level). table: department, value, week.

    ``unit`` follows the figure (« % », « pour 100 000 »). ``maximum`` fixes the dark end; else the table's own.
    An unknown rate is hatched, not zero.
    """
    top = rate_maximum(table, value) if maximum is None else maximum

    def describe(row: Row) -> dict[str, Any]:
        when = fr.week(row["week"], year=True) if not fr.missing(row.get("week")) else ""
        if fr.missing(row[value]):
            reason = row.get("state_reason")
            return _unknown("Aucune donnée", when if fr.missing(reason) else str(reason))
        rate = float(row[value])
        figure = f"{fr.number(rate, 0 if rate >= 10 else 1)} {unit}"
        colour = tokens.ramp_colour(rate, top)
        return {"colour": colour, "word": name, "figure": figure, "detail": when}

    return _layer(table, describe)


def rate_maximum(table: pd.DataFrame, value: str) -> float:
    """Dark end of the ramp: the table's largest value, 1 when nothing is known."""
    known = pd.to_numeric(table[value], errors="coerce").dropna() if not table.empty else pd.Series(dtype=float)
    return float(known.max()) if len(known) and known.max() > 0 else 1.0


def vigilance_layer(table: pd.DataFrame) -> pd.DataFrame:
    """Météo-France colours. table: department, colour_id, day. A department without colour is out of season."""

    def describe(row: Row) -> dict[str, Any]:
        if fr.missing(row["colour_id"]):
            return _unknown("Hors saison ou hors champ de la vigilance")
        word, colour, _ = tokens.VIGILANCE[int(row["colour_id"])]
        return {
            "colour": colour,
            "word": f"Vigilance canicule : {word.lower()}",
            "figure": "",
            "detail": fr.day(row.get("day")),
        }

    return _layer(table, describe)


def described(table: pd.DataFrame, describe: Callable[[Row], dict[str, Any] | None]) -> pd.DataFrame:
    """Any layer: colour, word, figure and detail of a row; None where nothing is known."""
    return _layer(table, lambda row: describe(row) or _unknown("Aucune donnée"))


def status_legend(layer: pd.DataFrame) -> Legend:
    """Words and signs of the coverage layer."""
    missing = legend.unknown("sans relevé ou hors panel")
    return Legend("", (*legend.STATUSES, *legend.of_map(figures.records(layer)), missing))


def classes_legend(name: str) -> Legend:
    """The four classes of a count."""
    return swatch_legend(name, [(words, colour) for _, words, colour in CLASSES])


def swatch_legend(name: str, swatches: list[tuple[str, str]]) -> Legend:
    """Words and colours of classes."""
    return Legend(name, (*legend.areas(swatches), legend.unknown("aucune donnée")))


def ramp_legend(name: str, maximum: float, unit: str) -> Legend:
    """The ramp with its two ends in figures."""
    high = f"{fr.number(maximum, 0 if maximum >= 10 or float(maximum).is_integer() else 1)} {unit}"
    return Legend(name, (legend.unknown("aucune donnée"),), ("0", high))


def vigilance_legend() -> Legend:
    """The four words and colours."""
    colours = legend.areas((word, colour) for word, colour, _ in tokens.VIGILANCE.values())
    return Legend("", (*colours, legend.unknown("hors saison")))

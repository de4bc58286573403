"""What a season of a plan was, in words: its answer, its facts, its rows; never an unknown day as a good one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from metrics.plans import queries as plans
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components.charts import figures

Load = Callable[..., Any]
Row = dict[str, Any]
COUNTED = ("insufficient_days", "fair_days", "good_days", "unknown_days")
KINDS = ("low", "fair", "good", "none")  # of the parts of a bar
TABLES = {"jours": "jours par médicament et par maillon", "declarations": "déclarations", "mesures": "mesures", "niveaux": "niveaux"}  # fmt: skip
CAUTION = (
    "Un jour sans chiffre (relevé manquant, pas encore publié, masqué ou sous le plancher) est compté à part, "
    "jamais comme un jour satisfaisant. Bornes et groupes du plan d'aujourd'hui."
)


@dataclass(frozen=True)
class Found:
    """Everything that a report of a season shows."""

    plan: Mapping[str, Any]
    season: Mapping[str, Any]
    links: pd.DataFrame
    declarations: pd.DataFrame
    measures: pd.DataFrame
    changes: pd.DataFrame
    is_declared: bool = True  # declarations have been received, were it without any of this season


def read(load: Load, plan_id: str, name: str) -> Found:
    """Raises LookupError for a plan or a season that is not in the snapshot."""
    plan = load(plans.plan, plan_id)
    known = [row for row in figures.records(load(plans.seasons, plan_id)) if row["season"] == name]
    if plan is None or not known:
        raise LookupError(f"{plan_id} {name}")
    asked = (plan_id, name)
    absent = load(sources.figure_states)
    absent = absent[(absent["indicator"] == "season_declaration") & (absent["figure_state"] == "absent")]
    return Found(
        plan,
        known[0],
        load(plans.season_links, *asked),
        load(plans.season_declarations, *asked),
        load(plans.season_measures, *asked),
        load(plans.changes, *asked),
        absent.empty,
    )


def named(found: Found) -> str:
    """« saison 2025-2026 », « année 2026, à ce jour »."""
    kind = "année" if found.plan["is_permanent"] else "saison"
    return f"{kind} {found.season['season']}{', à ce jour' if found.season['is_running'] else ''}"


def answer(found: Found) -> tuple[str, str]:
    """How many medicines went under their band; then the longest, and what was declared."""
    start = "À ce jour, " if found.season["is_running"] else ""
    by_medicine = found.links.groupby("group_id")[["insufficient_days", "unknown_days", "season_days"]].sum()
    low = by_medicine[by_medicine["insufficient_days"] > 0]
    silent = by_medicine[by_medicine["unknown_days"] == by_medicine["season_days"]]
    if len(silent) == len(by_medicine):
        lead = f"{start}aucun chiffre de couverture sur les {len(by_medicine)} médicaments suivis."
    elif low.empty and len(by_medicine) - len(silent) == 1:
        lead = f"{start}le seul médicament mesuré n'a pas été sous sa borne."
    elif low.empty:
        lead = f"{start}aucun des {len(by_medicine) - len(silent)} médicaments mesurés n'a été sous sa borne."
    else:
        verb = "médicament suivi sur {0} a été" if len(low) == 1 else "médicaments suivis sur {0} ont été"
        lead = f"{start}{len(low)} {verb.format(len(by_medicine))} sous {'sa' if len(low) == 1 else 'leur'} borne."
    return fr.capital(lead), " ".join(
        filter(None, [_longest(found), _declared(found), _silent(found, len(silent), len(by_medicine))])
    )


def _silent(found: Found, silent: int, medicines: int) -> str:
    """What was never read, whole medicines and links of the others: a good sentence does not speak for them."""
    if silent == medicines:
        return ""
    unread = found.links[found.links["unknown_days"] == found.links["season_days"]]
    partly = unread["group_id"].nunique() - silent
    verb = "a" if partly == 1 else "ont"
    parts = [f"{fr.plural(silent, 'médicament', 'médicaments')} sans aucun chiffre" if silent else ""]
    parts.append(f"{fr.plural(partly, 'médicament', 'médicaments')} {verb} un maillon sans chiffre" if partly else "")
    words = " ; ".join(filter(None, parts))
    return f"{words}." if words else ""


def _longest(found: Found) -> str:
    first = figures.records(gravest(found.links).head(1))
    if not first or not first[0]["insufficient_days"]:
        return ""
    row = first[0]
    link = str(row["label"])
    days = fr.number(row["insufficient_days"])
    return f"Le plus longtemps : {row['medicine']} ({link[:1].lower()}{link[1:]}, {days} j)."


def _declared(found: Found) -> str:
    if not found.is_declared:
        return "Déclarations non reçues."
    whole = {row["kind"]: row for row in whole_plan(found)}
    parts = [
        fr.plural(whole[kind]["opened"], one, many)
        for kind, one, many in (
            ("rupture", "rupture", "ruptures"),
            ("risque", "risque de rupture", "risques de rupture"),
        )
        if kind in whole and whole[kind]["opened"]
    ]
    if not parts:
        return "Rien de déclaré."
    still = sum(int(row["still_open"]) for row in whole.values())
    opened = sum(int(row["opened"]) for row in whole.values())
    last = fr.plural(still, "encore ouvert" if not found.season["is_running"] else "ouvert", "ouverts")
    return f"{' et '.join(parts)} déclaré{'s' if opened > 1 else ''}, {last} au {fr.day(found.season['through_on'])}."


def whole_plan(found: Found) -> list[Row]:
    """One row per kind, each declaration counted once."""
    return figures.records(found.declarations[found.declarations["group_id"].isna()])


def facts(found: Found) -> list[tuple[str, str, str]]:
    """Level, ruptures, risks, measures, days without a figure: label, value, words."""
    whole = {row["kind"]: row for row in whole_plan(found)}
    known, counted = int(found.links["unknown_days"].sum()), int(found.links["season_days"].sum())
    started = int(found.measures["started"].sum())
    unsaid = (fr.UNKNOWN, "déclarations non reçues")
    return [
        ("Niveau", *_level(found)),
        ("Ruptures déclarées", *(_course(whole.get("rupture")) if found.is_declared else unsaid)),
        ("Risques déclarés", *(_course(whole.get("risque")) if found.is_declared else unsaid)),
        ("Mesures commencées", *((fr.number(started), _types(found)) if found.is_declared else unsaid)),
        (
            "Jours sans chiffre",
            fr.percent(100 * known / counted if counted else None),
            "des jours de tous les maillons",
        ),
    ]


def _level(found: Found) -> tuple[str, str]:
    if found.changes.empty and found.season["is_running"]:
        return str(found.plan["level_label"]).split(" – ")[0], "aucun changement daté"
    if found.changes.empty:
        return fr.UNKNOWN, "aucun changement daté"
    last = figures.records(found.changes)[-1]
    return str(last["level_label"]).split(" – ")[0], f"depuis le {fr.day(last['changed_on'])}"


def _types(found: Found) -> str:
    return (
        f"{fr.plural(len(found.measures), 'type', 'types')} sur la saison" if len(found.measures) else "aucune mesure"
    )


def _course(row: Row | None) -> tuple[str, str]:
    if row is None:
        return "0", "aucune déclaration ouverte"
    median = "" if fr.missing(row["median_days"]) else f", durée médiane {fr.number(row['median_days'])} j"
    words = f"{fr.plural(row['closed'], 'close', 'closes')}, {fr.plural(row['still_open'], 'ouverte', 'ouvertes')}"
    return fr.number(row["opened"]), f"{words}{median}"


def gravest(links: pd.DataFrame) -> pd.DataFrame:
    """The most days under the band first, then the most acceptable ones."""
    return links.sort_values(["insufficient_days", "fair_days"], ascending=False, kind="stable")


def heads(found: Found) -> list[str]:
    """Labels of the links, in the order of the chain."""
    return list(dict.fromkeys(found.links["label"]))


def rows(found: Found) -> list[Row]:
    """One a medicine, the longest under its band first: a cell per link, its declarations by kind."""
    order = dict.fromkeys(gravest(found.links)["group_id"])
    cells = {(row["group_id"], row["label"]): _cell(row) for row in figures.records(found.links)}
    names = dict(zip(found.links["group_id"], found.links["medicine"], strict=True))
    declared = {(row["group_id"], row["kind"]): row for row in figures.records(found.declarations)}
    return [
        {
            "group_id": group,
            "label": names[group],
            "cells": [cells[group, link] for link in heads(found)],
            "rupture": _said(declared.get((group, "rupture"))),
            "risque": _said(declared.get((group, "risque"))),
        }
        for group in order
    ]


def _said(row: Row | None) -> Row | None:
    """« 2 déclarées, 1 close, 3 ouvertes, médiane 26 j »; what is none is not counted."""
    if row is None:
        return None
    counts = (("opened", "déclarée", "déclarées"), ("closed", "close", "closes"), ("still_open", "ouverte", "ouvertes"))
    parts = [fr.plural(row[name], one, many) for name, one, many in counts if row[name]]
    median = "" if fr.missing(row["median_days"]) else f"médiane {fr.number(row['median_days'])} j"
    return row | {"words": ", ".join(filter(None, [*parts, median]))}


def _cell(row: Row) -> Row:
    """Shares of the season in each status, in the order of the bar."""
    total = row["season_days"] or 1
    widths = [(kind, round(100 * row[key] / total, 1)) for kind, key in zip(KINDS, COUNTED, strict=True)]
    is_silent = row["unknown_days"] == row["season_days"]
    return row | {"widths": widths, "is_silent": is_silent, "is_masked": is_silent and row["masked_days"] > 0}

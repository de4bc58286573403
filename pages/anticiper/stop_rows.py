"""Discontinuations on screen: one row a stop."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from pages.anticiper import stop_words as words
from pages.components import badges, markup
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.declaration_rows import note
from pages.components.grid import Grid
from pages.components.shell import frame

PAGE = "pages/anticiper/arrets.py"
MOST_ROWS = 60
_COLUMNS = "7.4rem minmax(15rem,2.4fr) 10.6rem minmax(9rem,1.3fr) 8.4rem 8.6rem minmax(9rem,1.4fr)"
_HEAD = ("Dossier", "Ce qui s'arrête", "Arrêt le", "Listes", "Part de marché", "Sur la DCI", "Couverture des autres")


def draw(table: pd.DataFrame) -> None:
    """The first ones only: the table below holds them all."""
    if table.empty:
        frame.empty_state("Aucun arrêt ne passe ces filtres.", "Retirer un filtre ou raccourcir la recherche.")
        return
    grid = Grid("arrets", _COLUMNS, _HEAD)
    for row in figures.records(table.head(MOST_ROWS)):
        grid.link(str(row["stop_no"]), PAGE, {"arret": str(row["stop_no"])})
        grid.cells(*cells(row))
    if len(table) > MOST_ROWS:
        markup.show(f'<p class="vs-note">{MOST_ROWS} premiers sur {fr.number(len(table))} ; tous dans la table.</p>')


def cells(row: Mapping[str, Any]) -> list[str]:
    """What, when, on which lists, how much of the market, what is open beside, what the others would hold."""
    part = "" if fr.missing(row["presentation_label"]) else f"une présentation : {row['presentation_label']}"
    what = f"<span><b>{escape(words.name(row))}</b><br>{note(str(row['laboratory']))} {note(part)}</span>"
    return [what, when(row), lists(row), shares(row), _beside(row), others(row)]


def when(row: Mapping[str, Any]) -> str:
    """Day of the stop, how far, how long before it was announced."""
    left = int(row["days_left"])
    far = f"dans {fr.number(left)} j" if left > 0 else f"effectif depuis {fr.number(-left)} j"
    notice = f"préavis {fr.number(row['notice_days'])} j"
    mark = badges.chip(f"{notice}, court", strong=True) if row["is_short_notice"] else note(notice)
    first = f"annoncé d'abord le {fr.day(row['first_stop_on'])}"
    moved = "" if row["stop_on"] == row["first_stop_on"] else f"<br>{note(first)}"
    return f"<span><b>{fr.day(row['stop_on'])}</b><br>{note(far)}<br>{mark}{moved}</span>"


def lists(row: Mapping[str, Any]) -> str:
    """Lists of what stops; then whether somebody is to look at it."""
    names = [] if fr.missing(row["lists"]) else str(row["lists"]).split(", ")
    chips = " ".join(badges.chip(name, strong=name == "MITM") for name in names) or note("aucune liste")
    asked = "à soumettre à la direction médicale" if row["is_to_refer"] else "non soumis à la direction médicale"
    told = str(row["review"]) if row["review"] == "examiné" else asked
    return f"<span>{chips}<br>{note(told)}<br>{note(str(row['review_rule']))}</span>"


def shares(row: Mapping[str, Any]) -> str:
    """What the laboratory says, and what its sales say."""
    said = [("ville", row["share_town_pct"]), ("hôpital", row["share_hospital_pct"])]
    bound = [float(row["stop_share_pct"])]
    told = [f"{name} <b>{fr.percent(value, 1, bound)}</b>" for name, value in said if not fr.missing(value)]
    declared = "<br>".join(told) or note("non déclarée")
    return f"<span>{declared}<br>{note('calculée ' + fr.percent(row['sales_share_pct'], 1, bound))}</span>"


def _beside(row: Mapping[str, Any]) -> str:
    parts = []
    if row["open_declarations"]:
        parts.append(fr.plural(row["open_declarations"], "déclaration ouverte", "déclarations ouvertes"))
    if row["other_stops"]:
        parts.append(fr.plural(row["other_stops"], "autre arrêt", "autres arrêts"))
    told = "<br>".join(escape(part) for part in parts) or note("rien d'ouvert")
    return f"<span>{told}</span>"


def others(row: Mapping[str, Any]) -> str:
    """Days before and after; or why they are not known."""
    if not row["others"]:
        return badges.chip("aucune autre", strong=True)
    told = note(f"{fr.plural(row['others_told'], 'relevée', 'relevées')} sur {fr.number(row['others'])}")
    if fr.missing(row["others_after_days"]):
        return f"<span>{note('report inconnu')}<br>{told}</span>"
    if not row["load_daily_units"]:
        return f"<span><b>{fr.days(row['others_before_days'])}</b> {note('plus rien à reporter')}<br>{told}</span>"
    worse = (
        f"<br>{note(fr.plural(row['others_worse'], 'autre dégradée', 'autres dégradées'))}"
        if row["others_worse"]
        else ""
    )
    return f"<span><b>{fr.days(row['others_before_days'])} → {fr.days(row['others_after_days'])}</b><br>{told}{worse}</span>"

"""Lines of the review by kind of movement: each section knows its words, its rows and its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd
from markupsafe import Markup

from connectors.language.typography import tied
from pages.components import badges, templating
from pages.components import format as fr
from pages.components import tension as phrases
from pages.components.links import href
from pages.revue import sentence

NAMES_SHOWN = 8
MASKED = "Détail par laboratoire masqué (secret des affaires)."
LINES = "revue/changes"

Row = dict[str, Any]


class Link(NamedTuple):
    """Where a line leads."""

    label: str
    address: str


@dataclass(frozen=True)
class Section:
    """One kind of movement. ``count``: how many there are since the reference; without rows, ``quiet`` is its only line."""

    key: str
    title: str
    count: int
    quiet: str
    note: str = ""
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    columns: Mapping[str, str] = field(default_factory=dict)
    line: Callable[[Row], tuple[Link, Sequence[Markup | str]]] | None = None
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    after: str = ""


def drawn(section: Section, row: Row) -> tuple[Link, Sequence[Markup | str]]:
    """One row: where it leads, then its cells."""
    if section.line is None:
        raise ValueError(f"section without lines: {section.key}")
    return section.line(row)


def muted(text: str) -> Markup:
    return templating.macro(LINES, "muted", text) if text else Markup()


def strong(text: str) -> Markup:
    return templating.macro(LINES, "strong", text)


def beside(*parts: Markup | str) -> Markup:
    """Parts of one cell, one space between them."""
    return Markup(" ").join(part for part in parts if part)


def tension(row: Row) -> str:
    """« Tension nationale, 94 départements insatisfaisants sur 99 mesurés »; empty without tension."""
    label = phrases.label(row)
    if not label:
        return ""
    low, measured = int(row["departments_insufficient"]), int(row["departments_measured"])
    where = phrases.counted(low, measured) if measured else "aucun département mesuré"
    return f"{label.capitalize()}, {where}"


def molecule(row: Row) -> Link:
    return Link(str(row["label"]), href("molecules/molecule", sujet=row["subject_id"]))


# Status by link


def _open(count: Any) -> str:
    return fr.plural(count, "déclaration ouverte", "déclarations ouvertes") if count else ""


def statuses(table: pd.DataFrame) -> Section:
    moved = sentence.gravest(table)
    state_only = len(table) - len(moved)
    after = ""
    if state_only:
        words = fr.plural(state_only, "autre chiffre change", "autres chiffres changent")
        after = f"{words} d'état (estimé, en retard…) sans changer de statut : {_states(table.drop(moved.index))}."
    columns = {"label": "Molécule suivie", "link_label": "Maillon", "status_before": "Statut avant", "status": "Statut",
               "days_before": "Couverture avant (jours)", "coverage_days": "Couverture (jours)",
               "measured_on": "Mesure du", "state_before": "État avant", "figure_state": "État", "state_reason": "Raison",
               "tension": "Tension", "departments_insufficient": "Départements insatisfaisants",
               "open_declarations": "Déclarations ouvertes"}  # fmt: skip
    worse = moved[moved["is_worse"]] if not moved.empty else moved
    down, up = len(worse), len(moved) - len(worse)
    note = f"{fr.plural(down, 'dégradation', 'dégradations')}, {fr.plural(up, 'autre mouvement', 'autres mouvements')}"
    quiet = "Aucun statut n'a changé." if not after else f"Aucun statut n'a changé ; {after[:1].lower()}{after[1:]}"
    return Section(
        "statuts", "Statuts", len(moved), quiet, note=note, table=table, rows=moved,
        columns=columns, line=_status_line, after=after if len(moved) else "",
    )  # fmt: skip


def _states(table: pd.DataFrame) -> str:
    words = {
        "a_jour": "à jour",
        "en_retard": "en retard",
        "estime": "estimé",
        "incomplet": "incomplet",
        "masque": "masqué",
        "absent": "sans donnée",
        "non_pertinente": "non pertinent",
        "hors_panel": "hors panel",
    }
    agree = {"estime", "incomplet", "masque", "non_pertinente"}  # fmt: skip
    counted = Counter(zip(table["link_label"], table["figure_state"], strict=True))
    return ", ".join(
        f"{link} : {n} {words.get(str(state), '')}{'s' * (n > 1 and state in agree)}"
        for (link, state), n in counted.items()
    )


def _status_line(row: Row) -> tuple[Link, Sequence[Markup | str]]:
    before = badges.pill(_text(row["status_before"]), row["state_before"], days=row["days_before"])
    after = badges.pill(_text(row["status"]), row["figure_state"], days=row["coverage_days"])
    return molecule(row), (
        strong(str(row["link_label"])),
        beside(before, templating.macro(LINES, "becomes"), after, badges.state_tag(row["figure_state"])),
        muted(tied("au", fr.day(row["measured_on"]))),
        muted(tension(row)),
        muted(_open(row["open_declarations"])),
    )


def _text(value: object) -> str | None:
    return None if fr.missing(value) else str(value)


# Departments, grouped by medicine


def departments(table: pd.DataFrame, region: str = "") -> Section:
    """``region``: its departments first, and set apart from the others."""
    rows = _by_medicine(table, region)
    entered = int((table["movement"] == "entrée").sum()) if not table.empty else 0
    lost = int((table["movement"] == "sans mesure").sum()) if not table.empty else 0
    left = len(table) - entered - lost
    columns = {"label": "Molécule suivie", "department": "Département", "name": "Nom", "region_name": "Région",
               "movement": "Mouvement", "coverage_days": "Couverture (jours)", "week": "Semaine du",
               "alert_readings": "Relevés insatisfaisants", "alert_window": "sur derniers relevés"}  # fmt: skip
    note = f"{fr.plural(entered, 'entrée', 'entrées')} en alerte, {fr.plural(left, 'sortie', 'sorties')}"
    note += f", {lost} sans mesure depuis leur alerte" if lost else ""
    return Section(
        "departements", "Départements", len(table), "Aucun département n'est entré en alerte ni sorti d'alerte.",
        note=note, table=table, rows=rows, columns=columns, line=_department_line,
    )  # fmt: skip


def _by_medicine(table: pd.DataFrame, region: str) -> pd.DataFrame:
    if table.empty:
        return table
    is_mine = table["region"] == region if region else pd.Series(data=False, index=table.index)
    named = table.assign(where=table["region_name"].where(is_mine, "ailleurs" if region else ""), is_far=~is_mine)
    keys = ["is_far", "subject_id", "plan", "label", "movement", "where"]
    groups = named.groupby(keys, sort=False)["name"].agg(list).reset_index()
    order = groups.assign(size=groups["name"].map(len))
    return order.sort_values(["is_far", "movement", "size"], ascending=[True, True, False])


# An alert that ends without a measurement is not shown as over.
_MOVED = {
    "entrée": ("entré en alerte", "entrés en alerte"),
    "sortie": ("sorti d’alerte", "sortis d’alerte"),
    "sans mesure": ("était en alerte, sans mesure depuis", "étaient en alerte, sans mesure depuis"),
}


def _department_line(row: Row) -> tuple[Link, Sequence[Markup | str]]:
    count = fr.plural(row["size"], "département", "départements")
    names = ", ".join(row["name"][:NAMES_SHOWN])
    more = "" if row["size"] <= NAMES_SHOWN else f" et {row['size'] - NAMES_SHOWN} autres"
    link = Link(str(row["label"]), href("territoires/territoires", plan=row["plan"], sujet=row["subject_id"]))
    moved = strong(f"{count} {_MOVED[row['movement']][int(row['size'] > 1)]}")
    return link, (beside(moved, muted(str(row.get("where") or ""))), muted(names + more))

"""Lines of the review by kind of movement: each section knows its gravity, its words, its rows and its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from pages.components import badges, markup, tables
from pages.components import format as fr
from pages.components import tension as told
from pages.components.charts import figures
from pages.components.grid import Grid
from pages.revue import sentence

SHOWN = 6
NAMES_SHOWN = 8
_WIDE = "minmax(11rem,2fr) minmax(min-content,auto) auto minmax(9rem,1.6fr) minmax(min-content,auto)"
MASKED = "Détail par laboratoire masqué (secret des affaires)."
MOLECULE, TERRITORY = "pages/molecules/molecule.py", "pages/territoires/territoires.py"
DECLARATION, SOURCE = "pages/declarations/declaration.py", "pages/sources/sources.py"

# Tables of the review open from a quiet line rather than from a box.
STYLE = (
    '<style>[class*="st-key-table-revue-"] details{border:0 !important}'
    '[class*="st-key-table-revue-"] summary{padding:.15rem 0 !important}'
    "h3.vs-line-title{font-size:1.0625rem;font-weight:600;margin:.4rem 0 0;padding:0}"
    "h3.vs-line-title .vs-note{margin-left:.5rem}</style>"
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Link:
    """Where a line leads: page of the application and its parameters."""

    label: str
    page: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Section:
    """One kind of movement. ``gravity`` 0 (act now) to 3 (for information); without rows, ``quiet`` is its only line."""

    key: str
    title: str
    gravity: int
    quiet: str
    note: str = ""
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    columns: Mapping[str, str] = field(default_factory=dict)
    widths: str = "minmax(14rem,2fr) repeat(3,minmax(0,auto))"
    line: Callable[[Row], tuple[Link, Sequence[str]]] | None = None
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    after: str = ""


def draw(section: Section, context: Mapping[str, str]) -> None:
    """Heading with its counts, the gravest lines as links, the rest in the table."""
    markup.show(f'<h3 class="vs-line-title">{escape(section.title)} {muted(section.note)}</h3>')
    grid = Grid(section.key, section.widths)
    for row in figures.records(section.rows.head(SHOWN)):
        link, cells = _line(section)(row)
        grid.link(link.label, link.page, link.parameters)
        grid.cells(*cells)
    if section.after:
        markup.show(f'<p class="vs-note" style="margin:0">{escape(section.after)}</p>')
    if not section.table.empty:
        more = len(section.rows) - SHOWN
        label = f"{tables.LABEL} ({fr.plural(more, 'autre ligne', 'autres lignes')})" if more > 0 else tables.LABEL
        tables.table_twin(section.table, section.columns, f"revue-{section.key}", context, label=label)


def _line(section: Section) -> Callable[[Row], tuple[Link, Sequence[str]]]:
    if section.line is None:
        raise ValueError(f"section without lines: {section.key}")
    return section.line


def muted(text: str) -> str:
    return f'<span class="vs-note">{escape(text)}</span>'


def strong(text: str) -> str:
    return f"<b>{escape(text)}</b>"


def tension(row: Row) -> str:
    """« Tension nationale, 94 départements insatisfaisants sur 99 »; empty without tension."""
    label = told.label(row)
    if not label:
        return ""
    low, measured = int(row["departments_insufficient"]), int(row["departments_measured"])
    where = told.counted(low, measured) if measured else "aucun département mesuré"
    return f"{badges.chip(label.capitalize(), strong=True)} {muted(where)}"


def molecule(row: Row) -> Link:
    return Link(str(row["label"]), MOLECULE, {"sujet": str(row["subject_id"])})


# Followed molecules that are insatisfaisantes today


def today(followed: pd.DataFrame) -> Section:
    low = sentence.insufficient(sentence.in_season(followed)).rename(columns={"group_id": "subject_id"})
    columns = {"label": "Molécule suivie", "weakest_label": "Maillon le plus faible", "weakest_days": "Couverture (jours)",
               "weakest_on": "Mesure du", "tension": "Tension", "departments_insufficient": "Départements insatisfaisants",
               "departments_measured": "Départements mesurés", "open_declarations": "Déclarations ouvertes"}  # fmt: skip
    return Section(
        "aujourdhui", "À traiter aujourd'hui", 0, "Aucune molécule suivie n'est insatisfaisante aujourd'hui.",
        note="molécules suivies dont le maillon le plus faible est insatisfaisant",
        table=low, rows=low, columns=columns, line=_today_line,
        widths=_WIDE,
    )  # fmt: skip


def _today_line(row: Row) -> tuple[Link, Sequence[str]]:
    pill = badges.pill(row["weakest_status"], row["weakest_state"], days=row["weakest_days"])
    return molecule(row), (
        strong(str(row["weakest_label"])),
        f"{pill} {badges.state_tag(row['weakest_state'])} {muted('au ' + fr.short_day(row['weakest_on']))}",
        tension(row),
        muted(_open(row["open_declarations"])),
    )


def _open(count: Any) -> str:
    return fr.plural(count, "déclaration ouverte", "déclarations ouvertes") if count else ""


# Status by link


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
    gravity = 3 if worse.empty else int(worse["gravity"].min())
    down, up = len(worse), len(moved) - len(worse)
    note = f"{fr.plural(down, 'dégradation', 'dégradations')}, {fr.plural(up, 'autre mouvement', 'autres mouvements')}"
    quiet = "Aucun statut n'a changé." if not after else f"Aucun statut n'a changé ; {after[:1].lower()}{after[1:]}"
    return Section(
        "statuts", "Statuts par maillon", gravity, quiet, note=note, table=table if len(moved) else moved, rows=moved,
        columns=columns, line=_status_line, after=after,
        widths=_WIDE,
    )  # fmt: skip


def _states(table: pd.DataFrame) -> str:
    words = {"a_jour": "à jour", "en_retard": "en retard", "estime": "estimés", "incomplet": "incomplets", "masque": "masqués", "absent": "sans donnée",
             "non_pertinente": "non pertinents", "hors_panel": "hors panel"}  # fmt: skip
    counted = Counter(zip(table["link_label"], table["figure_state"], strict=True))
    return ", ".join(f"{link} : {n} {words.get(str(state), '')}" for (link, state), n in counted.items())


def _status_line(row: Row) -> tuple[Link, Sequence[str]]:
    before = badges.pill(_text(row["status_before"]), row["state_before"], days=row["days_before"])
    after = badges.pill(_text(row["status"]), row["figure_state"], days=row["coverage_days"])
    return molecule(row), (
        strong(str(row["link_label"])),
        f"{before} <span aria-label='devient'>→</span> {after} {badges.state_tag(row['figure_state'])}",
        tension(row),
        muted(_open(row["open_declarations"])),
    )


def _text(value: object) -> str | None:
    return None if fr.missing(value) else str(value)


# Departments, grouped by medicine


def departments(table: pd.DataFrame) -> Section:
    rows = _by_medicine(table)
    entered = int((table["movement"] == "entrée").sum()) if not table.empty else 0
    lost = int((table["movement"] == "sans mesure").sum()) if not table.empty else 0
    left = len(table) - entered - lost
    columns = {"label": "Molécule suivie", "department": "Département", "name": "Nom", "region_name": "Région",
               "movement": "Mouvement", "coverage_days": "Couverture (jours)", "week": "Semaine du",
               "alert_readings": "Relevés insatisfaisants", "alert_window": "sur derniers relevés"}  # fmt: skip
    note = f"{fr.plural(entered, 'entrée', 'entrées')} en alerte, {fr.plural(left, 'sortie', 'sorties')}"
    note += f", {lost} sans mesure depuis leur alerte" if lost else ""
    return Section(
        "departements", "Départements en alerte", 1 if entered or lost else 3, "Aucun département n'est entré en alerte ni sorti d'alerte.",
        note=note, table=table, rows=rows, columns=columns, line=_department_line,
        widths="minmax(14rem,1fr) auto minmax(0,3fr)",
    )  # fmt: skip


def _by_medicine(table: pd.DataFrame) -> pd.DataFrame:
    if table.empty:
        return table
    groups = table.groupby(["subject_id", "plan", "label", "movement"], sort=False)["name"].agg(list).reset_index()
    order = groups.assign(size=groups["name"].map(len))
    return order.sort_values(["movement", "size"], ascending=[True, False])


# An alert that ends without a measurement is not said to be over.
_MOVED = {
    "entrée": ("entré en alerte", "entrés en alerte"),
    "sortie": ("sorti d’alerte", "sortis d’alerte"),
    "sans mesure": ("était en alerte, sans mesure depuis", "étaient en alerte, sans mesure depuis"),
}


def _department_line(row: Row) -> tuple[Link, Sequence[str]]:
    count = fr.plural(row["size"], "département", "départements")
    names = ", ".join(row["name"][:NAMES_SHOWN])
    more = "" if row["size"] <= NAMES_SHOWN else f" et {row['size'] - NAMES_SHOWN} autres"
    link = Link(str(row["label"]), TERRITORY, {"plan": str(row["plan"]), "sujet": str(row["subject_id"])})
    return link, (strong(f"{count} {_MOVED[row['movement']][int(row['size'] > 1)]}"), muted(names + more))

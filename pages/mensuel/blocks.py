"""Blocks of the monthly dashboard on screen, each with the way down to the declarations and its table twin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from metrics.monthly.queries import Monthly
from pages.components import format as fr
from pages.components import markup, tables
from pages.components.charts import figures, simple
from pages.components.grid import Grid
from pages.components.shell import frame
from pages.mensuel import columns, trend, words

MOST_ROWS, MOST_COMMENTS = 10, 8
LIST, MOLECULE = "pages/declarations/declarations.py", "pages/molecules/molecule.py"


@dataclass(frozen=True)
class View:
    """The month, what ranks DCI and laboratories (``mois`` or ``cumul``), what goes with each downloaded table."""

    shown: Monthly
    ranking: str
    context: dict[str, str]

    @property
    def has_list(self) -> bool:
        """The declarations counted can be listed one by one: they come from TrustMed and laboratories may be seen."""
        return self.shown.month["source_key"] == "trustmed" and self.shown.laboratories is not None

    @property
    def period(self) -> str:
        """Value of the filter « Déclarée en » of the list for the ranking chosen."""
        month = self.shown.month["month"]
        return f"{month:%Y-%m}" if self.ranking == "mois" else f"{month:%Y}"

    @property
    def suffix(self) -> str:
        return "month" if self.ranking == "mois" else "year"

    def ranked(self, table: pd.DataFrame, name: str, most: int = MOST_ROWS) -> list[dict[Any, Any]]:
        """First rows by declarations of the period that ranks, those without any left out."""
        by = f"declarations_{self.suffix}"
        order = table[table[by] > 0].sort_values([by, "declarations_year", name], ascending=[False, False, True])
        return list(figures.records(order.head(most)))


def counts(view: View) -> None:
    """Blocks 1, 2, 5 and 6 in one line of figures, then the way down."""
    frame.cards([frame.figure_card(*card) for card in cards(view.shown)])
    if view.has_list and view.shown.month["declarations"]:
        month = view.shown.month
        label = f"Ouvrir les déclarations de {fr.long_month(month['month'])} ({fr.number(month['declarations'])})"
        st.page_link(LIST, label=label, icon="", query_params={"statut": "toutes", "mois": f"{month['month']:%Y-%m}"})


def cards(shown: Monthly) -> list[tuple[str, str, str]]:
    """Label, figure of the month, then unit, denominator and running total."""
    month, year, since = shown.month, shown.year, words.since(shown)
    kinds = f"{fr.plural(month['ruptures'], 'rupture', 'ruptures')}, {fr.plural(month['risks'], 'risque', 'risques')}"
    closed = words.NO_CLOSING if month["closed"] is None else f"dans le mois ; {fr.number(year['closed'])} {since}"
    return [
        ("Déclarations", fr.number(month["declarations"]), f"brutes : {kinds} ; {fr.number(year['declarations'])} {since}"),
        ("Spécialités déclarées", fr.number(month["specialities"]),
         f"comptées une fois, soit {_share(month)} des déclarations ; {fr.number(year['specialities'])} {since} ({_share(year)})"),
        ("Laboratoires déclarants", fr.number(month["declarants"]), declarants(shown)),
        ("Dossiers clos", fr.number(month["closed"]), closed),
    ]  # fmt: skip


def _share(row: Mapping[str, Any]) -> str:
    return (
        fr.percent(100 * row["specialities"] / row["declarations"], bounds=[100]) if row["declarations"] else fr.UNKNOWN
    )


def declarants(shown: Monthly) -> str:
    """« exploitants ; 12 des 24 titulaires de MITM commercialisés sont déclarés (50 %, BDPM du 22/11/2026) ; 22 depuis janvier ».

    Both sides of the ratio are holders: the referential does not name the laboratories that market.
    """
    month, liable = shown.month, shown.month["liable_holders"]
    added = f"{fr.number(shown.year['declarants'])} {words.since(shown)}"
    if fr.missing(liable) or not liable:
        return f"exploitants ; {words.no_base(month)} ; {added}"
    share = fr.percent(100 * month["declaring_holders"] / liable, bounds=[100])
    return (
        f"exploitants, pour {fr.number(month['declaring_holders'])} des {fr.number(liable)} titulaires d'au moins un MITM commercialisé "
        f"({share}, BDPM du {fr.day(month['liable_on'])}) ; {added}"
    )


def history(view: View) -> None:
    """Month by month, with its table."""
    past = view.shown.past
    alt = f"Déclarations par mois, {fr.number(len(past))} mois jusqu'à {fr.long_month(view.shown.month['month'])}"
    simple.show(trend.chart(past, scale=frame.scale()), "mensuel", alt=alt)
    tables.table_twin(columns.past(past), columns.PAST, "mensuel-mois", view.context, source="monthly_count")


def levels(view: View) -> None:
    """Block 2: situations by level of risk, over raw declarations."""
    shown = view.shown
    frame.section("Par niveau de risque", "une situation par spécialité, à son plus haut niveau")
    rows = "".join(
        f"<tr><td>{words.level(row['level'])}</td>{_right(row, 'situations_month', 'declarations_month')}"
        f"{_right(row, 'situations_year', 'declarations_year')}</tr>"
        for row in figures.records(shown.levels)
    )
    head = "".join(f'<th class="vs-right">{name}</th>' for name in ("Situations", "Déclarations") * 2)
    groups = (
        f'<tr><td></td><th class="vs-right" colspan="2">{fr.long_month(shown.month["month"])}</th>'
        f'<th class="vs-right" colspan="2">{words.since(shown)}</th></tr>'
    )
    markup.show(
        f'<table class="vs-table"><thead>{groups}<tr><th>Niveau</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
    )
    if not shown.is_scored:
        markup.show(f'<p class="vs-note">{words.NOT_SCORED}</p>')
    tables.table_twin(columns.levels(shown), columns.LEVELS, "mensuel-niveaux", view.context, source="monthly_level")


def _right(row: Mapping[str, Any], *names: str) -> str:
    return "".join(f'<td class="vs-right vs-num">{fr.number(row[name])}</td>' for name in names)


def classes(view: View) -> None:
    """Block 3: situations by main ATC class and level."""
    shown = view.shown
    frame.section("Par classe ATC", f"situations de {fr.long_month(shown.month['month'])}, puis {words.since(shown)}")
    head = ["Classe", "Mois", "dont ruptures", "Cumul", *(["Niveaux du mois"] if shown.is_scored else [])]
    grid = Grid(
        "mensuel-classes",
        "minmax(10rem,2.6fr) repeat(3,minmax(3rem,.7fr))" + (" 1.4fr" if shown.is_scored else ""),
        head,
    )
    for row in figures.records(shown.classes):
        parameters = {"atc": row["atc_group"]} if not fr.missing(row["atc_group"]) else {}
        month = {"mois": f"{shown.month['month']:%Y-%m}"}
        _name(
            grid,
            view,
            words.group(row["atc_group"]),
            {**parameters, **month} if parameters and row["situations_month"] else {},
        )
        grid.cells(
            *_numbers(row, "situations_month", "ruptures_month", "situations_year"),
            *_class_levels(shown, row["atc_group"]),
        )
    tables.table_twin(columns.classes(shown), columns.CLASSES, "mensuel-classes", view.context, source="monthly_class")


def _class_levels(shown: Monthly, code: object) -> list[str]:
    """« 1 haut risque, 3 moyens » in the month; nothing while no level exists."""
    if not shown.is_scored:
        return []
    table = shown.class_levels
    mine = table["atc_group"].isna() if fr.missing(code) else table["atc_group"] == code
    found = table[mine & (table["situations_month"] > 0)].sort_values("level_rank", ascending=False)
    counts = [
        fr.plural(r["situations_month"], one, "hauts risques" if one == "haut risque" else f"{one}s")
        for r in figures.records(found)
        for one in [words.level(r["level"]).lower()]
    ]
    return [", ".join(counts) or fr.UNKNOWN]


def dcis(view: View) -> None:
    """Block 4: main DCI with level and repetition."""
    frame.section("Principales DCI", "en déclarations ; réitération sur les derniers mois connus")
    head = ("DCI", "Mois", "Cumul", "Niveau", "Réitération")
    grid = Grid("mensuel-dci", "minmax(9rem,2fr) 3.5rem 3.5rem 1.2fr 2fr", head)
    for row in view.ranked(view.shown.dcis, "dci_key"):
        label = str(row["dci"])[:1].upper() + str(row["dci"])[1:]
        if view.has_list:
            grid.link(label, LIST, {"statut": "toutes", "dci": row["dci_key"], "mois": view.period})
        elif row["is_known"]:
            grid.link(label, MOLECULE, {"sujet": f"dci:{row['dci_key']}"})
        else:
            grid.cells(escape(label))
        told = words.level(row[f"level_{view.suffix}"])
        grid.cells(*_numbers(row, "declarations_month", "declarations_year"), told, words.repetition(row))
    tables.table_twin(columns.dcis(view.shown), columns.DCIS, "mensuel-dci", view.context, source="monthly_dci")


def laboratories(view: View) -> None:
    """Block 5: main declaring laboratories over those liable to declare; counts only where none may be named."""
    table = view.shown.laboratories
    frame.section("Laboratoires déclarants", f"{fr.number(view.shown.month['declarants'])}, {declarants(view.shown)}")
    if table is None:
        markup.show(
            '<p class="vs-empty-line">Les noms des laboratoires ne sont pas montrés sur cette version partagée.</p>'
        )
        return
    grid = Grid(
        "mensuel-laboratoires",
        "minmax(9rem,2fr) 3.5rem 1fr 3.5rem 1fr",
        ("Laboratoire", "Mois", "Part", "Cumul", "Part"),
    )
    for row in view.ranked(table, "laboratory"):
        _name(grid, view, str(row["laboratory"]), {"laboratoire": str(row["laboratory"]), "mois": view.period})
        month, year = (fr.percent(row[f"share_{side}_pct"], 1) for side in ("month", "year"))
        numbers = _numbers(row, "declarations_month", "declarations_year")
        grid.cells(numbers[0], month, numbers[1], year)
    tables.table_twin(table, columns.LABORATORIES, "mensuel-laboratoires", view.context, source="monthly_laboratory")


def _name(grid: Grid, view: View, label: str, parameters: Mapping[str, str]) -> None:
    """First cell of a row: a link to the declarations where they can be listed."""
    if view.has_list and parameters:
        grid.link(label, LIST, {"statut": "toutes", **parameters})
    else:
        grid.cells(escape(label))


def _numbers(row: Mapping[Any, Any], *names: str) -> list[str]:
    return [f'<span class="vs-num">{fr.number(row[name])}</span>' for name in names]


def comments(view: View) -> None:
    """Block 7: comments drafted by rule."""
    frame.section("Mouvements du mois", "rédigés par règle, seuils à valider")
    told = words.comments(view.shown, shared=view.shown.laboratories is None)
    markup.show(f'<ul class="vs-moves">{"".join(f"<li>{escape(text)}</li>" for text in told[:MOST_COMMENTS])}</ul>')
    if len(told) > MOST_COMMENTS:
        markup.show(
            f'<p class="vs-note">{fr.plural(len(told) - MOST_COMMENTS, "autre hausse", "autres hausses")} dans la table.</p>'
        )
    tables.table_twin(
        columns.movements(view.shown), columns.MOVEMENTS, "mensuel-mouvements", view.context, source="monthly_movement"
    )

"""One stop: the facts, where its demand goes, box by box, and what is already open on the DCI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from metrics.declarations import queries as declarations
from metrics.stops import queries as stops
from pages.anticiper import stop_rows
from pages.anticiper import stop_words as words
from pages.components import badges, declaration_rows, links, markup, states, tables
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.shell import frame, session

MOLECULE = "pages/molecules/molecule.py"
MOST_DECLARATIONS = 20
_HEAD = (
    "Présentation qui reste",
    "Stock",
    "Ventes par jour",
    "Part",
    "Report",
    "Ventes après",
    "Avant",
    "Après",
    "À côté",
)


def draw(row: Mapping[str, Any], as_of: Any) -> None:
    """From the sentence down to the declarations of the DCI."""
    frame.breadcrumbs([("Arrêts de commercialisation", links.path("anticiper/arrets"))], str(row["stop_no"]))
    frame.title_answer("Si cette présentation s'arrête, qui reprend la demande ?", words.answer(row), as_of)
    states.note("stop_register")
    markup.show(facts(row, session.load(declarations.alternatives, row["alternatives"])))
    if not fr.missing(row["dci_key"]):
        target = {"sujet": f"dci:{row['dci_key']}"}
        st.page_link(MOLECULE, label=f"Ouvrir la molécule {row['dci']}", icon="", query_params=target)
    _transfer(row, as_of)
    _beside(row, as_of)


def facts(row: Mapping[str, Any], alternatives: Sequence[Mapping[str, Any]] = ()) -> str:
    """Five cells of the register, then what the laboratory wrote; ``alternatives``: its items, as recognised."""
    reason = words.REASON.get(str(row["reason"]), str(row["reason"]))
    listed = " ; ".join(declaration_rows.alternative(item) for item in alternatives) or row["alternatives"]
    said = "" if fr.missing(listed) else f" ; alternatives selon lui : {listed}"
    declared = f"Déclaré le {fr.day(row['declared_on'])}, {reason}{said}."
    heads = ("Arrêt le", "Listes et examen", "Part de marché dans la DCI", "Couverture des autres")
    cells = (stop_rows.when(row), stop_rows.lists(row), stop_rows.shares(row), stop_rows.others(row))
    return f'<p style="margin:0 0 .4rem">{escape(declared)}</p>{_table(heads, [cells])}'


def _table(heads: tuple[str, ...], lines: list[tuple[str, ...]], right: range = range(0)) -> str:
    def sided(place: int) -> str:
        return ' class="vs-right"' if place in right else ""

    head = "".join(f"<th{sided(place)}>{escape(name)}</th>" for place, name in enumerate(heads))
    body = "".join(
        f"<tr>{''.join(f'<td{sided(place)}>{cell}</td>' for place, cell in enumerate(line))}</tr>" for line in lines
    )
    return f'<table class="vs-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _transfer(row: Mapping[str, Any], as_of: Any) -> None:
    table = session.load(stops.transfer, str(row["stop_no"]))
    frame.section(
        "Report de la demande", "même DCI, voie commune, même façon de prendre ; ventes des 4 dernières semaines"
    )
    if table.empty:
        markup.show('<p class="vs-empty-line">Aucune autre présentation commercialisée ne remplit ces conditions.</p>')
        return
    markup.show(f'<p style="margin:0 0 .4rem">{escape(words.arithmetic(row))}</p>' if words.arithmetic(row) else "")
    told = table[table["daily_boxes"].notna()]
    if len(told):
        markup.show(_table(_HEAD, [_line(line) for line in figures.records(told)], range(1, 8)))
    markup.show(f'<p class="vs-note">{escape(words.reserves(len(table) - len(told), str(row["unit_word"])))}</p>')
    context = {"Dossier": str(row["stop_no"]), "Ce qui s'arrête": words.name(row), "Données au": fr.day(as_of)}
    tables.table_twin(table, words.TRANSFER, f"report-{row['stop_no']}", context, source="stop_transfer")


def _line(line: Mapping[str, Any]) -> tuple[str, ...]:
    """One presentation: each figure of its own calculation."""
    name = f"<b>{escape(str(line['denomination']))}</b><br>{declaration_rows.note(str(line['laboratory']))} {declaration_rows.note(str(line['presentation_label']))}"
    numbers = (
        fr.number(line["stock_boxes"]),
        fr.number(line["daily_boxes"]),
        fr.percent(line["share_pct"], 1),
        "—" if fr.missing(line["moved_daily_boxes"]) else f"+ {fr.number(line['moved_daily_boxes'])}",
        fr.number(line["daily_after_boxes"]),
    )
    before = badges.pill(_status(line, "before"), days=line["coverage_before_days"])
    after = badges.pill(_status(line, "after"), days=line["coverage_after_days"])
    return (name, *(f'<span class="vs-num">{number}</span>' for number in numbers), before, after, _aside(line))


def _status(line: Mapping[str, Any], side: str) -> str | None:
    return None if fr.missing(line[f"status_{side}"]) else str(line[f"status_{side}"])


def _aside(line: Mapping[str, Any]) -> str:
    parts = []
    if not fr.missing(line["declaration_nos"]):
        kind = "rupture déclarée" if line["has_rupture"] else "risque déclaré"
        parts.append(
            f"{badges.chip(kind, strong=bool(line['has_rupture']))} {declaration_rows.note(str(line['declaration_nos']))}"
        )
    if not fr.missing(line["stops_on"]):
        chip = badges.chip("s'arrête aussi", strong=True)
        parts.append(f"{chip} {declaration_rows.note('le ' + fr.day(line['stops_on']))}")
    if line["figure_state"] == "estime":
        parts.append(badges.state_tag("estime"))
    return "<br>".join(parts)


def _beside(row: Mapping[str, Any], as_of: Any) -> None:
    if fr.missing(row["dci_key"]):
        return
    linked = session.load(declarations.of_dci, str(row["dci_key"]))
    opened: pd.DataFrame = linked[linked["status"] == "ouverte"]
    frame.section("Déclarations ouvertes sur la DCI", "tous laboratoires, toutes présentations")
    if opened.empty:
        markup.show('<p class="vs-empty-line">Aucune déclaration ouverte.</p>')
    else:
        declaration_rows.draw("arret-declarations", opened.head(MOST_DECLARATIONS), as_of)
    others = [stop for stop in session.load(stops.of_dci, str(row["dci_key"])) if stop["stop_no"] != row["stop_no"]]
    if others:
        frame.section("Autres arrêts sur la DCI", "chacun calculé seul : leurs reports s'ajoutent")
        stop_rows.draw(pd.DataFrame(others))

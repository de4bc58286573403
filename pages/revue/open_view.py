"""The review of an open snapshot: what entered the public list of shortages, left it and changed in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st
from markupsafe import Markup

from metrics.public_list import queries as public_list
from pages.components import format as fr
from pages.components import links, lists, open_data, open_limits, states, tables, templating
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.open_limits import limits
from pages.components.shell import frame, session
from pages.components.templating import render
from pages.revue import changes, movement_lines, open_lines, open_since, sentence
from pages.revue.open_since import Since

QUESTION = "Qu'est-ce qui a changé dans la liste publique des ruptures ?"
METHODS = (("Mouvements", "public_movement"), ("Durées", "public_spell"), ("Dates de retour", "public_return_change"))
FIRST = "Première photographie reçue : les mouvements se liront dès la suivante."
UNSAID = (
    open_data.NOT_EVERYTHING,
    "Ce qui entre et sort entre deux photographies n'est jamais vu ; un mouvement est daté à l'intervalle près.",
    "Sous le code « remise à disposition », la date de retour remplace le début : la durée vient d'une photographie antérieure, ou n'est pas connue.",
    "Ni stocks, ni ventes, ni déclarations en cours : la liste ne dit pas combien il manque, ni où.",
)
_COUNTS = (
    ("Ruptures", "ruptures"),
    ("Tensions", "tensions"),
    ("Arrêts", "stops"),
    ("Remises à disposition", "returns"),
)
_MOVES = (
    (("entrée",), "entrée", "entrées"),
    (("rechute", "aggravation"), "rechute ou aggravation", "rechutes ou aggravations"),
    (("remise",), "remise à disposition", "remises à disposition"),
    (("amélioration",), "amélioration", "améliorations"),
    (("sortie", "passage"), "sortie", "sorties"),
)


def draw() -> None:
    """Answer, movements by DCI, files, what is not answered."""
    here = links.here(links.HOME)
    taken = session.load(public_list.photographs)
    if not taken:
        nothing.show()
        return
    with st.container(key="vs-open-since"):
        since = open_since.since([fr.as_date(row["photograph_on"]) or date.max for row in taken])
    tab = st.query_params.get("onglet", "")
    head.show(here, since)
    panel.show(since.day, tab, lists.asked(), here)
    current = changes.chosen(open_lines.sections(since.day), tab)
    context = {"Depuis": fr.day(since.day), "Photographie du": fr.day(taken[-1]["photograph_on"])}
    tables.table_twin(current.table, current.columns, f"revue-{current.key}", context)
    limits.show(UNSAID)
    frame.sources_footer(("bdpm",), METHODS)


@block
def nothing() -> Markup:
    """No photograph yet."""
    return render("revue/open_none", question=QUESTION)


@block
def head(here: Here, since: Since) -> Markup:
    """Question, choices, answer, and the list in four figures."""
    taken = [fr.as_date(row["photograph_on"]) or date.max for row in session.load(public_list.photographs)]
    last = session.load(public_list.counts_on, taken[-1])
    before = session.load(public_list.counts_on, since.day) if since.day else None
    lead, rest = answer(since.day, last)
    return render("revue/open_head", question=QUESTION, here=here, options=since.options, current=since.key, lead=lead,
                  rest=rest, taken_on=last["photograph_on"], facts=facts(last, before),
                  age=open_limits.list_age(), gap=gap(since.day))  # fmt: skip


def answer(since: date | None, last: Mapping[str, Any]) -> tuple[str, str]:
    """What moved, then the DCI that enters most heavily; without an earlier photograph, what the list counts."""
    if since is None:
        count = f"{fr.plural(last['ruptures'], 'rupture', 'ruptures')} et {fr.plural(last['tensions'], 'tension', 'tensions')}"
        return f"La liste compte {count}.", FIRST
    moved = session.load(public_list.movements, since)
    counts = moved["movement"].value_counts()
    wording = [
        fr.plural(number, one, many)
        for kinds, one, many in _MOVES
        if (number := sum(int(counts.get(kind, 0)) for kind in kinds))
    ]
    if not wording:
        return f"Rien n'a changé depuis le {fr.day(since)}.", ""
    return (
        f"Depuis le {fr.day(since)} : {fr.listing(wording[:-1], '')}{' et ' if wording[1:] else ''}{wording[-1]}.",
        _first(since),
    )


def _first(since: date) -> str:
    """« D'abord la carmustine » : the gravest entry or relapse."""
    found = {section.key: section for section in open_lines.sections(since)}
    worst = [row for key in ("entrees", "aggravations") for row in figures.records(found[key].rows.head(3))]
    if not worst:
        return ""
    worst.sort(key=lambda row: (open_data.gravity(row["code"]), -row["size"]))
    gravest = open_data.gravity(worst[0]["code"])
    known = dict.fromkeys(
        (row["label"], str(row["code"])) for row in worst if open_data.gravity(row["code"]) == gravest
    )
    names = [f"{sentence.lower(label)} ({open_data.CODES[code].lower()})" for label, code in list(known)[:2]]
    return f"D'abord {' et '.join(names)}."


def facts(last: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
    """Lines of the list by code, with the change since the photograph compared with."""
    return [
        (label, fr.number(last[name]), "" if before is None else _moved(last[name] - before[name], before))
        for label, name in _COUNTS
    ]  # fmt: skip


def _moved(change: int, before: Mapping[str, Any]) -> str:
    return f"{fr.change(change, '', 0).strip() if change else 'autant'} depuis le {fr.day(before['photograph_on'])}"


def gap(since: date | None) -> str:
    """The longest interval without photograph among those compared."""
    found = session.load(public_list.longest_gap, since) if since else None
    if not found:
        return ""
    days = fr.plural(found["days"], "jour", "jours")
    between = f"du {fr.day(found['from_on'])} au {fr.day(found['to_on'])} ({days})"
    return f"Aucune photographie {between} : ce qui est entré puis sorti n'est pas vu."


@block
def panel(since: date | None, tab: str, most: int, here: Here) -> Markup:
    """Tabs, and the rows of the one chosen."""
    found = open_lines.sections(since)
    current = changes.chosen(found, tab)
    rows = figures.records(current.rows.head(most))
    lines = [movement_lines.drawn(current, row) for row in rows]
    compared = fr.day(since) if since and current.key != "liste" else ""
    title = f"Ce qui a changé depuis le {fr.day(since)}" if since else "La liste"
    cut = lists.Cut(len(rows), len(current.rows))
    unit = ("date", "dates") if current.key == "reports" else ("DCI ou spécialité", "DCI ou spécialités")
    wording = (
        here,
        title,
        f"le {compared}" if compared else "",
        found,
        current,
        lines,
        cut,
        [states.of("public_shortage")],
    )
    return templating.macro("revue/changes", "panel", *wording, unit)

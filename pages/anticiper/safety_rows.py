"""Safety stocks on screen: by duty, by company, then one row a speciality."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from pages.anticiper import safety_words as words
from pages.components import badges, markup, tokens
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.declaration_rows import note
from pages.components.grid import Grid
from pages.components.shell import frame

PAGE, MOLECULE = "pages/anticiper/stocks_de_securite.py", "pages/molecules/molecule.py"
MOST_ROWS, MOST_LABORATORIES = 60, 8
_COLUMNS = "minmax(14rem,2.2fr) minmax(10rem,1.4fr) 8.6rem 13rem 10rem minmax(9rem,1.2fr)"
_HEAD = ("Spécialité", "Laboratoire et boîtes", "Stock dû", "Stock détenu, 12 mois", "Sous le seuil", "À côté")


def duties(table: pd.DataFrame) -> str:
    """One line a duty: how many owe it, and what is known of them."""
    heads = ("Obligation", "Spécialités", *words.GROUPS.values(), "Médiane")
    lines = []
    for origin, label in words.DUTIES.items():
        mine = table[table["duty_origin"] == origin]
        if len(mine):
            lines.append(_duty(f"{label}{_months_of(mine)}", mine))
    lines.append(_duty("Ensemble", table))
    right = ' class="vs-right"'
    head = "".join(f"<th{right if place else ''}>{escape(name)}</th>" for place, name in enumerate(heads))
    return f'<table class="vs-table"><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table>'


def _months_of(mine: pd.DataFrame) -> str:
    owed = sorted({float(value) for value in mine["duty_months"]})
    return f" : {' ou '.join(words.owed(value) for value in owed)}" if len(owed) < 3 else ""


def _duty(label: str, mine: pd.DataFrame) -> str:
    counts = [len(mine), *(int((mine["group"] == group).sum()) for group in words.GROUPS)]
    known = mine[mine["group"].isin(["dessous", "tenu"])]["months"]
    cells = [f"<b>{fr.number(count)}</b>" for count in counts] + [words.months(known.median() if len(known) else None)]
    figures_shown = "".join(f'<td class="vs-right vs-num">{cell}</td>' for cell in cells)
    return f"<tr><td>{escape(label)}</td>{figures_shown}</tr>"


def laboratories(table: pd.DataFrame) -> None:
    """Companies with the most specialities under their duty; each opens its own rows."""
    counted = table.groupby("laboratory", as_index=False).agg(
        lines=("cis", "size"),
        under=("group", lambda group: int((group == "dessous").sum())),
        unknown=("group", lambda group: int(group.isin(["retard", "inconnu"]).sum())),
    )
    first = counted[counted["under"] > 0].sort_values(["under", "lines", "laboratory"], ascending=[False, True, True])
    if first.empty:
        markup.show('<p class="vs-empty-line">Aucun laboratoire sous un seuil.</p>')
        return
    grid = Grid("labos", "minmax(9rem,1fr) auto", ())
    for row in figures.records(first.head(MOST_LABORATORIES)):
        grid.link(str(row["laboratory"]), PAGE, {"laboratoire": str(row["laboratory"])})
        known = int(row["lines"]) - int(row["unknown"])
        grid.cells(f"<span><b>{fr.number(row['under'])}</b> sur {fr.number(known)} {note('relevées')}</span>")


def draw(table: pd.DataFrame) -> None:
    """One row a speciality, the first ones only: the table below holds them all."""
    if table.empty:
        frame.empty_state("Aucune spécialité ne passe ces filtres.", "Retirer un filtre ou raccourcir la recherche.")
        return
    grid = Grid("stocks", _COLUMNS, _HEAD)
    for row in figures.records(table.head(MOST_ROWS)):
        subject = {} if fr.missing(row["dci_key"]) else {"sujet": f"dci:{row['dci_key']}"}
        grid.link(str(row["denomination"]), MOLECULE, subject)
        grid.cells(*cells(row))
    if len(table) > MOST_ROWS:
        markup.show(f'<p class="vs-note">{MOST_ROWS} premières sur {fr.number(len(table))} ; toutes dans la table.</p>')


def cells(row: Mapping[str, Any]) -> list[str]:
    """Company, duty, what is held, for how long it is not enough, what stands beside."""
    duty = f"<span><b>{words.owed(row['duty_months'])}</b><br>{note(words.DUTIES[str(row['duty_origin'])])}</span>"
    who = f"<span>{escape(str(row['laboratory']))}<br>{note(_boxes(row))}</span>"
    return [who, duty, _held(row), _under(row), _beside(row)]


def _boxes(row: Mapping[str, Any]) -> str:
    """« 2 présentations sur 3, en comprimés »: what the figure adds up, and in what."""
    told, marketed = int(row["boxes"]), int(row["boxes_marketed"])
    count = (
        fr.plural(told, "présentation", "présentations") if told == marketed else f"{told} des {marketed} présentations"
    )
    known = not fr.missing(row["unit_word"]) and row["unit_word"] != "boîte"
    return f"{count}, en {row['unit_word']}" if told and known else count


def _held(row: Mapping[str, Any]) -> str:
    """Months in words and figure, the line of the year, the state when it is not up to date."""
    if row["group"] == "inconnu":
        return f"<span>{badges.pill(None, str(row['figure_state']))}</span>"
    look = tokens.STATUS["insatisfaisante" if row["is_under"] else "satisfaisante"]
    word = "Sous le seuil" if row["is_under"] else "Tenu"
    figure = f'<b style="color:{look.colour}">{words.months(row["months"])}</b> {note(word)}'
    age = badges.state_tag(str(row["figure_state"])) if row["figure_state"] in tokens.QUALIFYING else ""
    line = badges.sparkline(list(row["spark"]), look.colour, words.months)
    when = note(f"relevé du {fr.day(row['measured_on'])}")
    return f"<span>{badges.symbol(look.symbol)} {figure}<br>{when} {age}</span>{line}"


def _under(row: Mapping[str, Any]) -> str:
    if not row["days_known"]:
        return note("inconnu")
    known = f"sur {fr.number(row['days_known'])} j connus"
    since = ""
    if not fr.missing(row["under_since_on"]):
        whole = row["days_under"] == row["days_known"]
        since = note("toute la période connue" if whole else f"sans retour depuis le {fr.day(row['under_since_on'])}")
    return f"<span><b>{fr.number(row['days_under'])} j</b> {note(known)}{f'<br>{since}' if since else ''}</span>"


def _beside(row: Mapping[str, Any]) -> str:
    """What does not change the line: open files, excluded weeks, a reference decided by hand, a reading not received."""
    parts = []
    if row["open_declarations"]:
        kind = "Rupture déclarée" if row["has_rupture"] else "Risque de rupture déclaré"
        parts.append(f"{badges.chip(kind, strong=bool(row['has_rupture']))} {note(str(row['declaration_nos']))}")
    elif row["is_undeclared"]:
        parts.append(badges.chip("Non déclarée", strong=True))
    if not fr.missing(row["back_nos"]):
        weeks = fr.plural(row["back_weeks"], "semaine", "semaines")
        parts.append(note(f"{row['back_nos']} : stock revenu depuis {weeks}, déclaration à clore ?"))
    if row["is_candidate"]:
        months = fr.plural(row["declared_months"], "mois déclaré", "mois déclarés")
        parts.append(note(f"Candidate à quatre mois : {months} sur les deux années civiles précédentes"))
    if not fr.missing(row["excluded_weeks"]) and row["excluded_weeks"]:
        parts.append(note(fr.plural(row["excluded_weeks"], "semaine exclue", "semaines exclues") + " de la référence"))
    if not fr.missing(row["manual_reason"]):
        parts.append(note("Référence manuelle du sujet, non appliquée ici"))
    if not fr.missing(row["state_reason"]):
        parts.append(note(str(row["state_reason"])))
    return f"<span>{'<br>'.join(parts) or note('–')}</span>"

"""Blocks of the monthly dashboard on screen: the answer, its figures, the movements, four tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from metrics.codex import queries as codex
from metrics.monthly.queries import Monthly
from pages.components import format as fr
from pages.components.blocks import Drawn, block, chart
from pages.components.charts import figures, legend
from pages.components.charts.legend import Legend
from pages.components.links import Here, href
from pages.components.shell import session
from pages.components.templating import render
from pages.mensuel import trend, view, words
from pages.mensuel.view import PAGE, QUESTION, RANKINGS, View

MOST_COMMENTS = 8
LIST, MOLECULE = "declarations/declarations", "molecules/molecule"

Row = Mapping[str, Any]


class Column(NamedTuple):
    """Heading, what its cells hold (``text``, ``figure``, ``level``), and its name beside each of them on a phone."""

    title: str
    kind: str = "figure"
    alone: str = ""


@block
def answer(month: str, ranking: str, here: Here) -> Markup:
    """Question, answer, what ranks the tables, links, caveats."""
    seen = view.of(month, ranking)
    shown = seen.shown
    opened = _listed(seen, mois=month) if shown.month["declarations"] else ""
    return render(
        "mensuel/answer",
        question=QUESTION,
        lead=words.verdict(shown),
        rest=words.since_then(shown),
        here=here,
        rankings=list(RANKINGS.items()),
        ranking=ranking,
        opened=opened,
        of_month=words.of_month(shown.month["month"]),
        declarations=shown.month["declarations"],
        printed=href(PAGE, mois=month, classement=ranking, impression=1),
        reserves=view.reserves(month),
    )


@block
def counts(month: str) -> Markup:
    """Blocks 1, 2, 5 and 6 in one line of figures."""
    return render("mensuel/counts", cards=words.cards(view.of(month, "mois").shown))


@chart
def history(month: str, scale: float) -> Drawn:
    """Month by month."""
    shown = view.of(month, "mois").shown
    alt = f"Déclarations par mois, {fr.number(len(shown.past))} mois jusqu'à {fr.long_month(shown.month['month'])}"
    figure = trend.chart(shown.past, scale=scale)
    return figure, alt, Legend(trend.title(shown.past), (*trend.KEY, *legend.on(figure)))


@block
def comments(month: str) -> Markup:
    """Block 7: comments drafted by rule."""
    shown = view.of(month, "mois").shown
    sentences = words.comments(shown, shared=shown.laboratories is None)
    return render("mensuel/comments", comments=sentences[:MOST_COMMENTS], left=max(len(sentences) - MOST_COMMENTS, 0))


@block
def levels(month: str) -> Markup:
    """Block 2: situations by level of risk, over raw declarations."""
    shown = view.of(month, "mois").shown
    spans = (fr.long_month(shown.month["month"]), words.since(shown))
    columns = [Column("Niveau", "level")] + [
        Column(title, alone=f"{title}, {span}") for span in ("mois", "cumul") for title in ("Situations", "Déclar.")
    ]
    names = ("situations_month", "declarations_month", "situations_year", "declarations_year")
    rows = [_row("", row["level"], *_numbers(row, *names)) for row in figures.records(shown.levels)]
    note = "" if shown.is_scored else words.NOT_SCORED
    return _table("Par niveau de risque", "une situation par spécialité, à son plus haut niveau", columns, rows,
                  spans=spans, note=note)  # fmt: skip


@block
def classes(month: str) -> Markup:
    """Block 3: situations by main ATC class and level."""
    seen = view.of(month, "mois")
    shown = seen.shown
    columns = [Column("Classe", "text"), Column("Mois"), Column("dont ruptures"), Column("Cumul")]
    columns += [Column("Niveaux du mois", "text")] if shown.is_scored else []
    rows = [_class(seen, month, row) for row in figures.records(shown.classes)]
    subtitle = f"situations de {fr.long_month(shown.month['month'])}, puis {words.since(shown)}"
    return _table("Par classe ATC", subtitle, columns, rows)


def _class(seen: View, month: str, row: Row) -> Row:
    code = row["atc_group"]
    is_listed = not fr.missing(code) and row["situations_month"]
    numbers = _numbers(row, "situations_month", "ruptures_month", "situations_year")
    return _row(
        _listed(seen, atc=code, mois=month) if is_listed else "",
        words.group(code),
        *numbers,
        *_class_levels(seen.shown, code),
    )


def _class_levels(shown: Monthly, code: object) -> list[str]:
    """« 1 haut risque, 3 moyens » in the month; nothing while no level exists."""
    if not shown.is_scored:
        return []
    table = shown.class_levels
    mine = table["atc_group"].isna() if fr.missing(code) else table["atc_group"] == code
    found = table[mine & (table["situations_month"] > 0)].sort_values("level_rank", ascending=False)
    parts = [
        fr.plural(row["situations_month"], one, "hauts risques" if one == "haut risque" else f"{one}s")
        for row in figures.records(found)
        for one in [words.level(row["level"]).lower()]
    ]
    return [", ".join(parts) or fr.UNKNOWN]


@block
def dcis(month: str, ranking: str) -> Markup:
    """Block 4: main DCI with level and repetition."""
    seen = view.of(month, ranking)
    columns = [Column("DCI", "text"), Column("Mois"), Column("Cumul"), Column("Niveau", "level"), Column("Réitération", "text")]  # fmt: skip
    rows = [_dci(seen, row) for row in seen.ranked(seen.shown.dcis, "dci_key")]
    return _table("Principales DCI", "en déclarations ; réitération sur les derniers mois connus", columns, rows)


def _dci(seen: View, row: Row) -> Row:
    address = _listed(seen, dci=row["dci_key"], mois=seen.period)
    if not address and row["is_known"]:
        address = href(MOLECULE, sujet=f"dci:{row['dci_key']}")
    numbers = _numbers(row, "declarations_month", "declarations_year")
    return _row(address, fr.capital(str(row["dci"])), *numbers, row[f"level_{seen.suffix}"], words.repetition(row))


@block
def laboratories(month: str, ranking: str) -> Markup:
    """Block 5: main declaring laboratories over those liable to declare; counts only where none may be named."""
    seen = view.of(month, ranking)
    shown = seen.shown
    subtitle = f"{fr.number(shown.month['declarants'])}, {words.declarants(shown)}"
    subtitle += words.exploitants(session.load(codex.check), shown.month)
    title = "Laboratoires déclarants"
    if shown.laboratories is None:
        return render("mensuel/unnamed", title=title, subtitle=subtitle)
    columns = [Column("Laboratoire", "text"), Column("Mois"), Column("Part", alone="Part, mois"), Column("Cumul"),
               Column("Part", alone="Part, cumul")]  # fmt: skip
    return _table(
        title, subtitle, columns, [_laboratory(seen, row) for row in seen.ranked(shown.laboratories, "laboratory")]
    )


def _laboratory(seen: View, row: Row) -> Row:
    month, year = (fr.percent(row[f"share_{side}_pct"], 1) for side in ("month", "year"))
    numbers = _numbers(row, "declarations_month", "declarations_year")
    address = _listed(seen, laboratoire=row["laboratory"], mois=seen.period)
    return _row(address, str(row["laboratory"]), numbers[0], month, numbers[1], year)


def _listed(seen: View, **asked: object) -> str:
    """Address of the declarations counted, where they can be listed."""
    return href(LIST, statut="toutes", **asked) if seen.has_list else ""


def _row(address: str, *cells: object) -> Row:
    return {"address": address, "cells": cells}


def _numbers(row: Row, *names: str) -> list[str]:
    return [fr.number(row[name]) for name in names]


def _table(
    title: str,
    subtitle: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    spans: Sequence[str] = (),
    note: str = "",
) -> Markup:
    """spans: names of the two halves of its figures, above their headings."""
    return render("mensuel/table", title=title, subtitle=subtitle, columns=columns, rows=rows, spans=spans, note=note,
                  levels=words.LEVEL)  # fmt: skip

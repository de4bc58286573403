"""The month on one A4 page, landscape; the style of the sheet keeps everything else off the paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from pages.components import format as fr
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.exports import scripts
from pages.components.links import href
from pages.components.templating import render
from pages.mensuel import view, words
from pages.mensuel.view import PAGE, View

MOST_DCIS, MOST_LABORATORIES, MOST_CLASSES, MOST_COMMENTS, BARS = 14, 10, 15, 7, 24
LONGEST_NAME, LONGEST_CLASS, LONGEST_COMMENT = 34, 48, 170

Cells = list[str]


def draw(month: str, ranking: str) -> None:
    """The sheet, under a bar that is not printed: print it, or go back."""
    sheet.show(month, ranking)


@block
def sheet(month: str, ranking: str) -> Markup:
    """The page, and the bar above it."""
    seen = view.of(month, ranking)
    shown = seen.shown
    sentences = words.comments(shown, shared=shown.laboratories is None)
    return render(
        "mensuel/sheet",
        button=scripts.print_button("Imprimer cette page"),
        back=href(PAGE, mois=month, classement=None if ranking == "mois" else ranking),
        title=words.title(shown.month),
        answer=words.sentence(shown),
        cards=words.cards(shown),
        levels=[_level(row) for row in figures.records(shown.levels)],
        not_scored="" if shown.is_scored else words.NOT_SCORED,
        classes=[_class(row) for row in figures.records(shown.classes.head(MOST_CLASSES))],
        dcis=[_dci(seen, row) for row in seen.ranked(shown.dcis, "dci_key", MOST_DCIS)],
        **_bars(seen),
        declaring=f"{fr.number(shown.month['declarants'])}, {words.declarants(shown)}",
        is_named=shown.laboratories is not None,
        laboratories=_laboratories(seen),
        comments=[_short(text, LONGEST_COMMENT) for text in sentences[:MOST_COMMENTS]],
        left=max(len(sentences) - MOST_COMMENTS, 0),
        notes=view.foot(month),
    )


def _counts(row: Mapping[str, Any], *names: str) -> Cells:
    return [fr.number(row[name]) for name in names]


def _level(row: Mapping[str, Any]) -> Cells:
    names = ("situations_month", "declarations_month", "situations_year", "declarations_year")
    return [words.level(row["level"]), *_counts(row, *names)]


def _class(row: Mapping[str, Any]) -> Cells:
    names = ("situations_month", "ruptures_month", "situations_year")
    return [_short(words.group(row["atc_group"]), LONGEST_CLASS), *_counts(row, *names)]


def _dci(seen: View, row: Mapping[str, Any]) -> Cells:
    return [
        _short(str(row["dci"]), LONGEST_NAME),
        words.level(row[f"level_{seen.suffix}"]),
        *_counts(row, "declarations_month", "declarations_year"),
        f"{fr.number(row['declared_months'])}/{fr.number(row['known_months'])} mois",
    ]


def _bars(seen: View) -> dict[str, Any]:
    """Heights in percent of the highest bar, and what they show."""
    past = seen.shown.past.tail(BARS)
    top = max(int(past["declarations"].max()), 1)
    ends = " à ".join(fr.long_month(past["month"].iloc[place]) for place in (0, -1))
    return {
        "bars": [round(100 * int(count) / top) for count in past["declarations"]],
        "bars_words": f"{ends} ; plus haute barre : {fr.number(top)}",
    }


def _laboratories(seen: View) -> list[Cells]:
    table = seen.shown.laboratories
    if table is None:
        return []
    return [
        [_short(str(row["laboratory"]), LONGEST_NAME), fr.number(row["declarations_month"]),
         fr.percent(row["share_month_pct"], 1), fr.number(row["declarations_year"]), fr.percent(row["share_year_pct"], 1)]
        for row in seen.ranked(table, "laboratory", MOST_LABORATORIES)
    ]  # fmt: skip


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"

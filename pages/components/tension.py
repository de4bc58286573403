"""Words for a tension, from its class and its counts, the same on every page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.components import format as fr
from pages.components import tokens

NAMED = 4
Row = Mapping[str, Any]


def label(row: Row) -> str:
    """« tension diffuse »; empty when there is none, or when it is unknown."""
    known = tokens.TENSION_LABEL.get(str(row["tension"]))
    return f"tension {known.lower()}" if known else ""


def extent(tension: object, low: int, measured: int, silent: int = 0) -> str:
    """Beginning of the answer to « est-ce seulement ici, ou partout ? »: never more than the counts allow.

    low: departments insatisfaisants, of those measured (at least one). silent: those that did not answer.
    """
    whole = "Partout" if tension == "nationale" and not silent else "Dans tous les départements mesurés"
    words = (
        (low == 0 and tension == "aucune", "Nulle part"),
        (low == 0, "Pas en officine"),
        (measured == 1, "Dans le seul département mesuré"),
        (low == measured, whole),
        (tension == "nationale", "Pas seulement ici"),
        (low == 1, "Dans un seul département"),
        (2 * low > measured, "Dans la plupart des départements"),
        (2 * low == measured, "Dans la moitié des départements"),
        (4 * low > measured, "Pas seulement ici"),
    )
    return next((phrase for is_so, phrase in words if is_so), "Seulement par endroits")


def counted(low: int, measured: int, sales_pct: object = None) -> str:
    """« 35 départements insatisfaisants sur 99 mesurés, soit 31 % des ventes du panel »."""
    if low == 0:
        return f"aucun département insatisfaisant sur {fr.plural(measured, 'mesuré', 'mesurés')}"
    words = fr.plural(low, "département insatisfaisant", "départements insatisfaisants")
    sold = share(low, measured, sales_pct)
    return (
        f"{words} sur {fr.plural(measured, 'mesuré', 'mesurés')}{f', soit {sold} des ventes du panel' if sold else ''}"
    )


def share(low: int, measured: int, sales_pct: Any) -> str:
    """« 31 % »: some departments are never written as nothing, nor as the whole; empty when unknown."""
    if fr.missing(sales_pct):
        return ""
    if low and sales_pct < 1:
        return f"moins de {fr.percent(1)}"
    if low < measured and sales_pct > 99:
        return f"plus de {fr.percent(99)}"
    return fr.percent(sales_pct)


def counted_of(row: Row) -> str:
    """The same, of a row of *plan_status*; with what did not answer."""
    low, measured = int(row["departments_insufficient"]), int(row["departments_measured"])
    return ", ".join(filter(None, [counted(low, measured, row["insufficient_sales_pct"]), silent_of(row)]))


def silent_of(row: Row) -> str:
    """« 3 départements n'ont pas répondu cette semaine », of a row of *plan_status*."""
    return silent([""] * int(row["departments_silent"]))


def silent(names: list[str]) -> str:
    """Departments that used to answer and did not this week; some are named when their names are given."""
    if not names:
        return ""
    verb = "n'a pas répondu cette semaine" if len(names) == 1 else "n'ont pas répondu cette semaine"
    return f"{fr.plural(len(names), 'département', 'départements')} {verb}{some([name for name in names if name])}"


def some(names: list[str]) -> str:
    """« (Gers, Lot…) »: the first names, empty without any."""
    shown = ", ".join(names[:NAMED])
    return f" ({shown}{'' if len(names) <= NAMED else '…'})" if names else ""


def mean(row: Row) -> str:
    """Coverage of the departments of a row of *plan_status*, each weighing its sales."""
    days = row["departments_mean_days"]
    return "" if fr.missing(days) else f"en moyenne pondérée par les ventes, {fr.days(days)} de couverture en officine"


def unknown(row: Row) -> str:
    """« sans chiffre : exploitants »: a link nobody measured must not hide behind the others."""
    links = row["unknown_links"]
    return "" if fr.missing(links) else f"sans chiffre : {str(links).lower()}"


def with_unknown(groups: pd.DataFrame) -> int:
    """Groups measured at some link, of which another has no figure."""
    return int((groups["weakest_status"].notna() & groups["unknown_links"].notna()).sum())

"""Basculement: do small declarations of one DCI, added up, leave a need uncovered? Today, and in the public years."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics import methods
from metrics.referential import queries as referential
from metrics.risk import queries as risk
from pages.components import filters, links, lists, states, tables, tipping
from pages.components import format as fr
from pages.components.access import access_log
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.shell import session
from pages.components.templating import render
from pages.risque import common

QUESTION = "De petites déclarations, additionnées, laissent-elles un besoin non couvert ?"
Row = dict[str, Any]
_TABLE = {
    "dci": "DCI",
    "circuit": "Circuit",
    "is_tipping": "Bascule",
    "may_tip": "Basculerait, parts non écrites comprises",
    "declarations": "Déclarations ouvertes",
    "presentations": "Présentations déclarées",
    "unknown_presentations": "Présentations déclarées sans part",
    "largest_share_pct": "Plus grande part écrite (%)",
    "declared_share_pct": "Parts écrites sous déclaration (%)",
    "declared_upper_pct": "Les mêmes, au plus (%)",
    "others_stock_boxes": "Stock des autres présentations (boîtes)",
    "declarants_stock_boxes": "Dont laboratoires qui déclarent (boîtes)",
    "late_names": "Relevés trop anciens, non comptés",
    "others_coverage_days": "Couverture des autres présentations, demande courante (j)",
    "others_absorb_pct": "Absorbable par les autres présentations (%)",
    "uncovered_pct": "Non couvert (%)",
    "upper_uncovered_pct": "Non couvert, au plus (%)",
}
_CROSSINGS = {
    "window_days": "Durée supposée d'une déclaration (j)",
    "bound_pct": "Borne (% des présentations de la DCI)",
    "over_dcis": "DCI au-dessus",
    "over_dci_months": "DCI × mois au-dessus",
    "sum_dcis": "DCI, plusieurs spécialités additionnées",
    "sum_dci_months": "DCI × mois, plusieurs spécialités additionnées",
    "small_dcis": "DCI, petites spécialités seulement",
    "small_dci_months": "DCI × mois, petites spécialités seulement",
    "dci_months": "DCI × mois avec une déclaration",
}
_CROSSED = {
    "dci": "DCI",
    "months": "Mois au-dessus",
    "first_month": "Premier mois",
    "last_month": "Dernier mois",
    "largest_pct": "Part la plus haute (%)",
    "declared_specialities": "Spécialités déclarées ensemble, au plus",
    "specialities": "Spécialités de la DCI au référentiel",
}


def main() -> None:
    """What tips today, its arithmetic, then how often it happened in the declarations made public."""
    if common.is_closed(QUESTION):
        return
    here, most = links.here("risque/basculement"), lists.asked()
    rows = _several()
    opened = filters.chosen("calcul", [row["key"] for row in rows], rows[0]["key"] if rows else None) or ""
    today.show(here, most, opened)
    if opened:
        access_log.reading(f"dci:{opened.partition('|')[0]}")
        arithmetic.show(opened)
    _files()
    _past(here, most)
    common.footer(
        ["trustmed", "tracstocks", "historique", "bdpm"],
        ("basculement", "tipping"),
        ("parts sous déclaration", "declared_share"),
        ("parts passées", "tipping_history"),
        ("dépassements", "tipping_crossing"),
    )


def _limits() -> Mapping[Any, Any]:
    found: Mapping[Any, Any] = session.load(methods.thresholds).set_index("name")["value"].to_dict()
    return found


@kept
def _several() -> list[Row]:
    """DCI and circuits that tip, or carry several declarations, the largest uncovered need first."""
    table = session.load(risk.tipping)
    if table.empty:
        return []
    several = table[table["is_tipping"] | (table["declarations"] > 1)]
    return [row | {"key": f"{row['dci_key']}|{row['circuit']}"} for row in figures.records(several)]


@block
def today(here: Here, most: int, opened: str) -> Markup:
    """Question, answer, and what tips or may."""
    table, limits = session.load(risk.tipping), _limits()
    rows, cut = lists.cut(_several(), most, lists.HEAVY)
    return render(
        "risque/basculement",
        question=QUESTION,
        answer=sentence(table, limits),
        as_of=session.load(referential.snapshot)["as_of"],
        state=states.of("tipping"),
        received=not table.empty,
        nothing_to_do=common.NOTHING_TO_DO,
        here=here,
        opened=opened,
        rows=[_displayed(row, limits) for row in rows],
        cut=cut,
    )


def _displayed(row: Row, limits: Mapping[Any, Any]) -> Row:
    return row | {
        "name": common.name(row["dci"]),
        "largest": fr.percent(row["largest_share_pct"], 1, [float(limits["tipping_small_share_pct"])]),
        "declared": tipping.declared(row),
        "left": tipping.uncovered(row, limits),
    }


@block
def arithmetic(key: str) -> Markup:
    """The sum of one DCI and circuit, declaration by declaration."""
    row = next(found for found in _several() if found["key"] == key)
    shares = figures.records(session.load(risk.declared_shares, str(row["dci_key"]), str(row["circuit"])))
    written = [share | {"written": fr.share(share["share_pct"])} for share in shares]
    counted = [share["written"] for share in written if share["is_counted"] and not fr.missing(share["share_pct"])]
    sold = session.load(risk.declared_share, f"dci:{row['dci_key']}")
    return render(
        "risque/arithmetic",
        row=row,
        name=common.name(row["dci"]),
        place=tipping.where(row["circuit"]),
        market=tipping.MARKET[str(row["circuit"])],
        summed=" + ".join(counted),
        words=tipping.words(row, _limits()),
        sold=tipping.sold_words(sold, "de la DCI"),
        unknown=tipping.unknown_words(sold),
        shares=written,
    )


def _files() -> None:
    table = session.load(risk.tipping)
    if not table.empty:
        context = {"Données au": fr.day(session.load(referential.snapshot)["as_of"])}
        tables.table_twin(table, _TABLE, "basculement", context, source="tipping")


def sentence(table: pd.DataFrame, limits: Mapping[Any, Any]) -> str:
    """Which DCI tip, with the largest uncovered need and every circuit that tips; how many others carry several declarations."""
    tipped = table[table["is_tipping"]]
    several = table[(table["declarations"] > 1) & ~table["dci_key"].isin(tipped["dci_key"])]["dci_key"].nunique()
    others = fr.plural(several, "autre DCI porte", "autres DCI portent")
    if tipped.empty:
        return f"Aucune DCI ne bascule ; {others} plusieurs déclarations ouvertes sur un même circuit."
    worst = tipped.iloc[0]
    mine = tipped[tipped["dci_key"] == worst["dci_key"]].sort_values("circuit", ascending=False)
    left = ", ".join(
        f"{tipping.uncovered(row, limits)} de la demande non couverte {tipping.where(row['circuit'])}"
        for row in figures.records(mine)
    )
    return (
        f"{fr.plural(tipped['dci_key'].nunique(), 'DCI bascule', 'DCI basculent')} : {worst['dci']} "
        f"({fr.plural(worst['declarations'], 'déclaration', 'déclarations')}, {left}) ; "
        f"{others} plusieurs déclarations ouvertes sur un même circuit."
    )


def _past(here: Here, most: int) -> None:
    """How often the sum crossed each bound, for three supposed durations; then which DCI."""
    counts = session.load(risk.crossings)
    if counts.empty:
        return
    days = _choice("duree", sorted(counts["window_days"].unique()))
    bound = _choice("borne", counts[counts["window_days"] == int(days)]["bound_pct"])
    crossings.show(days, bound, here, most)
    context = {"Durée supposée": f"{days} j", "Borne": f"{bound} %"}
    label = f"Toutes les DCI ({fr.number(len(session.load(risk.crossed, int(days), float(bound))))})"
    tables.table_twin(
        partial(_crossed, days, bound), _CROSSED, "basculement-passe", context, source="tipping_history", label=label
    )
    label = "Les comptes, pour les trois durées"
    tables.table_twin(counts, _CROSSINGS, "basculement-comptes", {}, source="tipping_crossing", label=label)


def _choice(parameter: str, known: Any) -> str:
    """What the address asks for, else the second one."""
    keys = [str(value) for value in known]
    return filters.chosen(parameter, keys, keys[min(1, len(keys) - 1)]) or keys[0]


def _crossed(days: str, bound: str) -> pd.DataFrame:
    found = session.load(risk.crossed, int(days), float(bound))
    return found.assign(**{name: found[name].map(fr.month) for name in ("first_month", "last_month")})


@block
def crossings(days: str, bound: str, here: Here, most: int) -> Markup:
    """Counts of a duration, then the DCI over a bound."""
    counts = session.load(risk.crossings)
    mine = counts[counts["window_days"] == int(days)]
    period = figures.records(session.load(risk.crossing_months))[0]
    rows, cut = lists.cut(figures.records(_crossed(days, bound)), most, lists.HEAVY)
    return render(
        "risque/crossings",
        period=f"{fr.month(period['first_month'])} à {fr.month(period['last_month'])}",
        here=here,
        durations=[(str(value), f"{value} j") for value in sorted(counts["window_days"].unique())],
        days=days,
        bounds=[(str(value), f"{value} %") for value in mine["bound_pct"]],
        bound=bound,
        counts=figures.records(mine),
        columns=list(_CROSSED.values()),
        rows=[[_written(name, row[name]) for name in _CROSSED] for row in rows],
        cut=cut,
    )


def _written(column: str, value: Any) -> str:
    if isinstance(value, str):
        return fr.capital(value) if column == "dci" else value
    return fr.percent(value, 1) if column.endswith("_pct") else fr.number(value)


main()

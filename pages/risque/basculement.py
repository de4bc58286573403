"""Basculement: do small declarations of one DCI, added up, leave a need uncovered? Today, and in the public years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from metrics import methods
from metrics.referential import queries as referential
from metrics.risk import queries as risk
from pages.components import filters, markup, states, tables, tipping
from pages.components import format as fr
from pages.components.access import access_log
from pages.components.charts import figures
from pages.components.grid import Grid
from pages.components.shell import frame, session
from pages.risque import common

QUESTION = "De petites déclarations, additionnées, laissent-elles un besoin non couvert ?"
SHOWN = 12
_ROW = "minmax(12rem,1.4fr) 5rem minmax(9rem,1fr) 8rem 8rem 8rem"
_HEAD = ("DCI", "Circuit", "Déclarations ouvertes", "Sous déclaration", "Absorbable", "Non couvert")
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
_SHARES = {
    "declaration_no": "Déclaration",
    "denomination": "Spécialité",
    "presentation_label": "Présentation",
    "laboratory": "Laboratoire",
    "share_pct": "Part de marché (%)",
    "updated_on": "Mise à jour",
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
    """What tips today, then how often it happened in the declarations made public."""
    if common.is_closed(QUESTION):
        return
    as_of = session.load(referential.snapshot)["as_of"]
    table = session.load(risk.tipping)
    limits = session.load(methods.thresholds).set_index("name")["value"].to_dict()
    frame.title_answer(QUESTION, sentence(table, limits), as_of)
    states.note("tipping")
    if table.empty:
        frame.empty_state("Aucune déclaration ouverte n'est rattachée à une DCI.", common.NOTHING_TO_DO)
    else:
        _today(table, as_of, limits)
    _history()
    common.footer(
        ["trustmed", "tracstocks", "historique", "bdpm"],
        ("basculement", "tipping"),
        ("parts sous déclaration", "declared_share"),
        ("parts passées", "tipping_history"),
        ("dépassements", "tipping_crossing"),
    )


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


def _today(table: pd.DataFrame, as_of: Any, limits: Mapping[Any, Any]) -> None:
    frame.section(
        "Aujourd'hui",
        "parts écrites dans les déclarations, en % de la demande de la DCI dans le circuit (ville ou hôpital)",
    )
    several = table[table["is_tipping"] | (table["declarations"] > 1)]
    grid = Grid("basculement", _ROW, _HEAD)
    for row in figures.records(several.head(SHOWN)):
        grid.link(common.name(row["dci"]), common.MOLECULE, {"sujet": f"dci:{row['dci_key']}"})
        grid.cells(*_cells(row, limits))
    if len(several) > SHOWN:
        markup.show(
            f'<p class="vs-note">{SHOWN} premières lignes sur {fr.number(len(several))} ; toutes dans la table.</p>'
        )
    tables.table_twin(table, _TABLE, "basculement", {"Données au": fr.day(as_of)}, source="tipping")
    _arithmetic(several, limits)


def _cells(row: Mapping[str, Any], limits: Mapping[Any, Any]) -> list[str]:
    count = f"<b>{fr.number(row['declarations'])}</b>"
    largest = fr.percent(row["largest_share_pct"], 1, [float(limits["tipping_small_share_pct"])])
    note = f'<span class="vs-note">la plus grande : {largest}</span>'
    left = tipping.uncovered(row, limits)
    shown = f'<span class="vs-pill"><b>{left}</b> bascule</span>' if row["is_tipping"] else left
    shown += ' <span class="vs-note">bascule possible</span>' if row["may_tip"] else ""
    return [
        str(row["circuit"]),
        f"{count} {note}",
        tipping.declared(row),
        fr.percent(row["others_absorb_pct"]),
        shown,
    ]


def _arithmetic(table: pd.DataFrame, limits: Mapping[Any, Any]) -> None:
    """The sum of one DCI and circuit, declaration by declaration."""
    if table.empty:
        return
    rows = {f"{row['dci_key']}|{row['circuit']}": row for row in figures.records(table)}
    frame.section("Le calcul", "une DCI et un circuit")
    options = {key: f"{common.name(row['dci'])}, {tipping.where(row['circuit'])}" for key, row in rows.items()}
    chosen = filters.choose("DCI et circuit", options, "calcul", width=420)
    if chosen is None:
        return
    row = rows[chosen]
    access_log.reading(f"dci:{row['dci_key']}")
    shares = session.load(risk.declared_shares, str(row["dci_key"]), str(row["circuit"]))
    counted = shares[shares["is_counted"].astype(bool)]
    told = " + ".join(fr.share(value) for value in counted["share_pct"].dropna())
    sold = session.load(risk.declared_share, f"dci:{row['dci_key']}")
    markup.show(
        f'<p style="margin:.2rem 0">Parts écrites : {told or "aucune"} = {fr.percent(row["declared_share_pct"], 1)} '
        f"du marché {tipping.MARKET[str(row['circuit'])]} "
        f'<span class="vs-note">(100 % au plus ; une présentation déclarée deux fois compte une fois)</span></p>'
        f'<p style="margin:.2rem 0 .6rem">{tipping.words(row, limits)}</p>'
        f'<p class="vs-note">Autre mesure, calculée sur les ventes des exploitants, ville et hôpital ensemble, 12 mois : '
        f"{tipping.sold_words(sold, 'de la DCI')}. {tipping.unknown_words(sold)}</p>"
    )
    tables.draw_table(shares, _SHARES)


def _history() -> None:
    """How often the sum crossed each bound, for three supposed durations; then which DCI."""
    counts = session.load(risk.crossings)
    if counts.empty:
        return
    period = figures.records(session.load(risk.crossing_months))[0]
    frame.section(
        "Dans les déclarations rendues publiques",
        f"{fr.month(period['first_month'])} à {fr.month(period['last_month'])}, part des présentations de la DCI",
    )
    durations = {str(days): f"{days} j" for days in sorted(counts["window_days"].unique())}
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        days = filters.segmented("Une déclaration est supposée ouverte", durations, "duree", default=list(durations)[1])
    mine = counts[counts["window_days"] == int(days)]
    bounds = {str(bound): f"{bound} %" for bound in mine["bound_pct"]}
    with right:
        bound = filters.segmented("Borne", bounds, "borne", default=list(bounds)[1])
    markup.show("".join(f'<p style="margin:.15rem 0">{_crossing(row)}</p>' for row in figures.records(mine)))
    markup.show(
        '<p class="vs-note">Le fichier public ne dit ni la clôture ni la part de marché : une déclaration compte pendant la durée choisie, '
        "et toutes les présentations de sa spécialité avec elle, au référentiel d'aujourd'hui.</p>"
    )
    found = session.load(risk.crossed, int(days), float(bound))
    found = found.assign(**{name: found[name].map(fr.month) for name in ("first_month", "last_month")})
    context = {"Durée supposée": f"{days} j", "Borne": f"{bound} %"}
    tables.draw_table(found.head(SHOWN), _CROSSED)
    tables.table_twin(
        found, _CROSSED, "basculement-passe", context, source="tipping_history", label=f"Toutes les DCI ({len(found)})"
    )
    tables.table_twin(
        counts,
        _CROSSINGS,
        "basculement-comptes",
        {},
        source="tipping_crossing",
        label="Les comptes, pour les trois durées",
    )


def _crossing(row: Mapping[str, Any]) -> str:
    return (
        f"<b>{row['bound_pct']} % dépassés</b> : {fr.number(row['sum_dci_months'])} fois (DCI × mois) par plusieurs spécialités "
        f"additionnées, sur {fr.plural(row['sum_dcis'], 'DCI', 'DCI')}, dont {fr.number(row['small_dci_months'])} fois "
        f"({fr.number(row['small_dcis'])} DCI) sans qu'aucune ne pèse seule ; "
        f'<span class="vs-note">{fr.number(row["over_dci_months"])} fois en comptant les DCI à une seule spécialité déclarée.</span>'
    )


main()

"""Open data: why it was missing before, what can replace it, price and rate, who prescribes it, opinions of HAS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.declarations import queries as declarations
from metrics.public_list import subject as public
from metrics.referential import queries as referential
from pages.components import declaration_rows, lists, states, tables
from pages.components import format as fr
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.view import View

MOST_CAUSES, MOST_GROUPS, MOST_OPINIONS = 6, 10, 6
CODES = {"1": "en rupture", "2": "en tension", "3": "arrêt", "4": "remise à disposition"}
_PRICES = {"cip13": "CIP13", "denomination": "Spécialité", "label": "Présentation", "price_eur": "Prix sans honoraires (€)",
           "fee_eur": "Honoraires (€)", "price_with_fee_eur": "Prix payé en officine (€)",
           "rate_pct": "Taux de remboursement (%)"}  # fmt: skip
_MEMBERS = {"label": "Groupe générique", "denomination": "Spécialité", "cis": "CIS", "holder": "Titulaire", "member_kind": "Place",
            "marketed": "Présentations commercialisées", "public_word": "Liste publique"}  # fmt: skip

Row = dict[str, Any]


@block
def past(subject_id: str) -> Markup:
    """Closed declarations of the DCI by year, and their causes."""
    seen = view.known(subject_id)
    years = figures.records(session.load(declarations.past_years, seen.dci_key))
    causes = session.load(public.causes, seen.dci_key)
    return render(
        "molecules/open_past",
        state=states.of("past_dci"),
        years=years,
        is_received=not fr.missing(session.load(declarations.past_span)["first_year"]),
        most=max((int(row["lines"]) for row in years), default=1),
        causes=causes[:MOST_CAUSES],
        other_causes=len(causes) - MOST_CAUSES,
        lines=sum(int(row["lines"]) for row in years),
    )


@block
def replacing(subject_id: str) -> Markup:
    """Generic groups of the subject: who substitutes whom, marketed and outside the list first."""
    rows = figures.records(session.load(public.members, subject_id))
    groups = [_group(list(found)) for _, found in groupby(rows, key=lambda row: row["generic_group"])]
    groups.sort(key=lambda group: (-group["free"], group["label"]))
    shown, cut = lists.cut(groups, MOST_GROUPS)
    return render("molecules/open_generics", groups=shown, cut=cut, state=states.of("generic_group"))


def _group(rows: Sequence[Row]) -> Row:
    listed = [
        row | {"public_word": public_word(row["public_code"])} for row in rows if not fr.missing(row["denomination"])
    ]
    sold = [row for row in listed if row["marketed"]]
    return {
        "label": short_label(str(rows[0]["label"])),
        "members": listed,
        "marketed": len(sold),
        "free": sum(row["public_code"] not in ("1", "2", "3") for row in sold),
        "unlisted": len(rows) - len(listed),
    }


def public_word(code: object) -> str:
    return "" if fr.missing(code) else CODES.get(str(code), "")


def short_label(label: str) -> str:
    """« AMOXICILLINE 1 g - CLAMOXYL 1 g, comprimé dispersible. » → « AMOXICILLINE 1 g, comprimé dispersible »."""
    substance, _, rest = label.replace("\n", " ").partition(" - ")
    form = rest.rstrip(".").rpartition(", ")[2] if ", " in rest else ""
    return f"{substance}, {form}" if form else substance


@block
def price(subject_id: str) -> Markup:
    """Prices and rates of the marketed presentations, conditions of prescription, opinions of HAS."""
    found = session.load(referential.conditions, view.known(subject_id).dci_key)
    return _price(subject_id, figures.records(found)[: lists.FIRST])


def _price(subject_id: str, conditions: list[Row] | None) -> Markup:
    opinions = session.load(public.opinions, subject_id)
    return render(
        "molecules/open_price",
        **prices_of(session.load(public.prices, subject_id)),
        conditions=conditions,
        opinions=[row | {"link": declaration_rows.sheet_link(row["url"], "avis")} for row in opinions[:MOST_OPINIONS]],
        other_opinions=len(opinions) - MOST_OPINIONS,
    )


@block
def folded(subject_id: str) -> Markup:
    """The same on the page of reserved data: closed, without the conditions it already shows, names for who may see them."""
    groups = replacing(subject_id) if view.known(subject_id).may_see else Markup()
    return render("molecules/open_folded", price=_price(subject_id, None), groups=groups)


def prices_of(table: pd.DataFrame) -> dict[str, Any]:
    """Span of prices, rates with how many presentations have each, presentations without price."""
    if table.empty:
        return {"sold": 0, "lowest": None, "highest": None, "rates": [], "unpriced": 0}
    priced = table[table["price_with_fee_eur"].notna()]
    rates = table["rate_pct"].dropna().value_counts().sort_index(ascending=False)
    return {
        "sold": len(table),
        "lowest": None if priced.empty else float(priced["price_with_fee_eur"].min()),
        "highest": None if priced.empty else float(priced["price_with_fee_eur"].max()),
        "rates": [(float(str(rate)), int(count)) for rate, count in rates.items()],
        "unpriced": len(table) - len(priced),
    }


@kept
def _counts(subject_id: str) -> tuple[int, int]:
    return len(session.load(public.members, subject_id)), len(session.load(public.prices, subject_id))


def twins(seen: View) -> None:
    """Members of the groups, and prices, to take away."""
    context: Mapping[str, str] = {"Médicament": str(seen.facts["label"]), "Données au": fr.day(seen.as_of)}
    members, priced = _counts(seen.id)
    if members:
        tables.table_twin(partial(_members, seen.id), _MEMBERS, f"generiques-{seen.key}", context, source="generic_member",
                          label="Groupes génériques : table et téléchargement")  # fmt: skip
    if priced:
        rows = partial(session.load, public.prices, seen.id)
        tables.table_twin(rows, _PRICES, f"prix-{seen.key}", context, source="presentation_price",
                          label="Prix et taux par présentation : table et téléchargement")  # fmt: skip


def _members(subject_id: str) -> pd.DataFrame:
    found = session.load(public.members, subject_id)
    return found.assign(public_word=found["public_code"].map(public_word))

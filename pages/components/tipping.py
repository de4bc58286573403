"""The arithmetic of a DCI that tips over, in words."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from pages.components import format as fr


def words(row: Mapping[str, Any], limits: Mapping[Any, Any]) -> str:
    """As HTML: declared share, what the others absorb, what is left."""
    where = "En ville" if row["circuit"] == "ville" else "À l'hôpital"
    if fr.missing(row["declared_share_pct"]):
        return f"<b>{where}</b> : parts de marché non renseignées dans les déclarations."
    count = fr.plural(row["declarations"], "déclaration met", "déclarations mettent ensemble")
    share, absorbed, left = (
        fr.percent(row[c], 1) for c in ("declared_share_pct", "others_absorb_pct", "uncovered_pct")
    )
    if not row["is_tipping"]:
        told = escape(f"{share} sous déclaration, {absorbed} absorbables par les autres laboratoires.")
        return f'<b>{where}</b> : pas de basculement. <span class="vs-note">{told}</span>'
    stock = (
        "est inconnu"
        if fr.missing(row["others_coverage_days"])
        else f"couvre {fr.days(row['others_coverage_days'])} de leur propre demande"
    )
    return (
        f"<b>{where}, la DCI bascule : {left} de la demande n'est pas couverte.</b><br>"
        f"{count} {share} de la demande sous déclaration, la plus grande n'en pesant que {fr.percent(row['largest_share_pct'], 1)}. "
        f"Le stock des autres laboratoires {stock} ; au-delà de {fr.number(limits['tipping_horizon_days'])} j, ils peuvent "
        f"absorber {absorbed}. Reste : {share} − {absorbed} = <b>{left}</b>."
    )

"""Shares under declaration and the arithmetic of a DCI that tips over, in words. Each share says what it is a share of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from connectors.language.rounding import same_side
from pages.components import format as fr
from pages.components import templating

MARKET = {"ville": "de ville de la DCI", "hôpital": "hospitalier de la DCI"}


def sold_words(row: Mapping[str, Any] | None, subject: str) -> str:
    """« 8 % des ventes du groupe sous déclaration »; ``row``: *declared_share* of the subject, family « ventes »."""
    if row is None or fr.missing(row["share_pct"]):
        return f"Ventes {subject} inconnues"
    if not row["presentations"]:
        return "Aucune présentation sous déclaration"
    return f"{fr.percent(row['share_pct'])} des ventes {subject} sous déclaration"


def unknown_words(row: Mapping[str, Any] | None) -> str:
    """Presentations declared whose sales nobody reports; empty when there are none."""
    if row is None or not row["unknown_presentations"]:
        return ""
    count = fr.plural(row["unknown_presentations"], "présentation déclarée n'a", "présentations déclarées n'ont")
    return f"{count} pas de ventes connues : la part sous déclaration peut être plus grande."


def where(circuit: object) -> str:
    return "en ville" if circuit == "ville" else "à l'hôpital"


def places(circuits: Sequence[object]) -> str:
    """« en ville et à l'hôpital »: every circuit that tips, town first."""
    return " et ".join(where(circuit) for circuit in sorted(map(str, circuits), reverse=True))


def declared(row: Mapping[str, Any], digits: int = 0) -> str:
    """Share under declaration as written: « 16 % », or « 16 à 100 % » when some declarations have none."""
    if not row["unknown_presentations"]:
        return fr.percent(row["declared_share_pct"], digits)
    low = 0 if fr.missing(row["declared_share_pct"]) else row["declared_share_pct"]
    return f"{fr.number(low, digits)} à {fr.percent(row['declared_upper_pct'], digits)}"


def uncovered(row: Mapping[str, Any], limits: Mapping[Any, Any], digits: int = 0) -> str:
    """Need left uncovered, never written on the other side of the bound that makes a DCI tip."""
    bound = [float(limits["tipping_uncovered_pct"])]
    if not row["unknown_presentations"]:
        return fr.percent(row["uncovered_pct"], digits, bound)
    low = 0.0 if fr.missing(row["uncovered_pct"]) else float(row["uncovered_pct"])
    return (
        f"{fr.number(same_side(low, digits, bound), digits)} à {fr.percent(row['upper_uncovered_pct'], digits, bound)}"
    )


def words(row: Mapping[str, Any], limits: Mapping[Any, Any]) -> Markup:
    """Declared share, what the others absorb, what is left."""
    state = "unknown" if fr.missing(row["declared_share_pct"]) else "tips" if row["is_tipping"] else "holds"
    share, absorbed = (fr.percent(row[column], 1) for column in ("declared_share_pct", "others_absorb_pct"))
    figures = {
        "state": state,
        "place": "En ville" if row["circuit"] == "ville" else "À l'hôpital",
        "market": MARKET[str(row["circuit"])],
        "share": share,
        "absorbed": absorbed,
        "left": fr.percent(row["uncovered_pct"], 1, [float(limits["tipping_uncovered_pct"])]),
        "count": fr.plural(row["declarations"], "déclaration met", "déclarations mettent ensemble"),
        "largest": fr.percent(row["largest_share_pct"], 1, [float(limits["tipping_small_share_pct"])]),
        "horizon": fr.number(limits["tipping_horizon_days"]),
        "stock": _stock(row) if state == "tips" else "",
        "unknown": _without_share(row),
        "range": uncovered(row, limits) if row["unknown_presentations"] else "",
    }
    return templating.macro("components/tipping", "words", row, figures)


def _stock(row: Mapping[str, Any]) -> str:
    """Stock of the presentations that are not declared, whoever sells them, and what is too old to count."""
    late = "" if fr.missing(row["late_names"]) else f" (sans compter {row['late_names']}, relevé trop ancien)"
    if fr.missing(row["others_coverage_days"]) and not fr.missing(row["others_stock_boxes"]):
        return (
            f"Le stock des autres présentations ({fr.boxes(row['others_stock_boxes'])}) n'a pas de vente courante{late}"
        )
    if fr.missing(row["others_coverage_days"]):
        return f"Le stock des autres présentations est inconnu ou trop ancien{late}"
    own = row["declarants_stock_boxes"]
    mine = f", dont {fr.boxes(own)} des laboratoires qui déclarent" if own else ""
    return (
        f"Le stock des autres présentations ({fr.boxes(row['others_stock_boxes'])}{mine}) couvre "
        f"{fr.days(row['others_coverage_days'])} de leur demande courante{late}"
    )


def _without_share(row: Mapping[str, Any]) -> str:
    if not row["unknown_presentations"]:
        return ""
    count = fr.plural(row["unknown_presentations"], "présentation déclarée n'a", "présentations déclarées n'ont")
    return f" {count} pas de part écrite."

"""What partners tell of a small market, as rows by field: two groups that mutations may reach, two that must not move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.referential import Medicine, simple

DAY = date(2026, 11, 22)
LAST = date(2026, 11, 9)  # Monday of the last week reported
WEEKS = tuple(LAST - timedelta(weeks=back) for back in (3, 2, 1, 0))
NAMES = {
    "amoxicilline-susp-500": "AMOXICILLINE TITULAIRE {} 500 mg/5 ml, poudre pour suspension buvable",
    "clarithromycine-susp-25": "CLARITHROMYCINE TITULAIRE {} 25 mg/ml, poudre pour suspension buvable",
    "azithromycine-susp-40": "AZITHROMYCINE TITULAIRE {} 40 mg/ml, poudre pour suspension buvable",
    "prednisolone-20": "PREDNISOLONE TITULAIRE {} 20 mg, comprimé",
}
# The seeds hold the first two groups; other files of the same partners hold the last two, which must never move.
SEEDED = tuple(NAMES)[:2]
APART = tuple(NAMES)[2:]


def _medicines() -> dict[tuple[str, str], Medicine]:
    medicines: dict[tuple[str, str], Medicine] = {}
    for group, name in NAMES.items():
        for letter in "AB":
            denomination = name.format(letter)
            cis = str(90_000_001 + len(medicines))
            medicines[group, letter] = simple(
                cis, denomination, denomination.split()[0], f"TITULAIRE {letter}", "comprimé"
            )
    return medicines


MEDICINES = {key: replace(medicine, atc="J01CA04") for key, medicine in _medicines().items()}
Value = dict[str, Any]


def laboratory(groups: tuple[str, ...], weeks: tuple[date, ...] = WEEKS) -> dict[str, list[Value]]:
    """What two laboratories tell of some groups."""
    stocks = [
        {
            "week": monday,
            "laboratory": f"LABORATOIRE {letter}",
            "cip13": MEDICINES[group, letter].cip13,
            "label": f"Boîte {letter}",
            "stock_boxes": 1200.5 + 10 * n,
            "usual_monthly_sales_boxes": 3000,
            "sales_4w_boxes": 2800,
            "sales_boxes": 700 + n,
        }
        for n, monday in enumerate(weeks)
        for group in groups
        for letter in "AB"
    ]
    supplies = [
        {**{key: row[key] for key in ("week", "laboratory", "cip13")}, "planned_on": date(2026, 12, 7), "boxes": 1500}
        for row in stocks
        if row["week"] == weeks[-1]
    ]
    return {"tracstocks_stock": stocks, "tracstocks_supply": supplies}


def wholesaler(name: str, groups: tuple[str, ...], weeks: tuple[date, ...] = WEEKS) -> dict[str, list[Value]]:
    """What one wholesaler tells of some groups."""
    rows = [
        {
            "week": f"{monday:%G-S%V}",
            "wholesaler": name,
            "cip13": MEDICINES[group, letter].cip13,
            "label": None,
            "stock_boxes": 120 + n,
            "sales_boxes": 70,
        }
        for n, monday in enumerate(weeks)
        for group in groups
        for letter in "AB"
    ]
    return {"pointstock_stock": rows}


def weekly_file(name: str, groups: tuple[str, ...], weeks: tuple[date, ...] = WEEKS) -> dict[str, list[Value]]:
    """The weekly file of the same wholesaler, with what all members sold over a reference period."""
    reference = {"counted_on": None, "reference_sales_boxes": 9_000, "reference_from": date(2025, 10, 1)}
    rows = wholesaler(name, groups, weeks)["pointstock_stock"]
    return {"grossistes_stock": [{**row, **reference, "reference_until": date(2026, 3, 31)} for row in rows]}


def declarations(groups: tuple[str, ...], stem: str) -> dict[str, list[Value]]:
    """Two versions of one declaration by box, with a supply and a measure."""
    boxes = [(group, letter) for group in groups for letter in "AB"]
    versions = [_version(f"{stem}-{number}", version, *box) for number, box in enumerate(boxes) for version in (1, 2)]
    keys = [{name: row[name] for name in ("declaration_no", "version_no")} for row in versions]
    return {
        "trustmed_version": versions,
        "trustmed_supply": [
            {**key, "supply_no": 1, "planned_on": date(2026, 12, 7), "boxes": 1500, "state": "Prévu"} for key in keys
        ],
        "trustmed_measure": [
            {**key, "measure": "Importation", "state": "En place", "start_on": date(2026, 11, 5)} for key in keys
        ],
    }


def _version(number: str, version: int, group: str, letter: str) -> Value:
    return {
        "declaration_no": number,
        "version_no": version,
        "version_on": date(2026, 11, 2) + timedelta(weeks=version - 1),
        "kind": "Rupture",
        "laboratory": f"LABORATOIRE {letter}",
        "cip13": MEDICINES[group, letter].cip13,
        "status": "Ouverte",
        "causes": "Incident de production ; Transfert de site",
        "circuits": "Ville ; Hôpital",
        "start_on": date(2026, 11, 1),
        "duration_days": 40,
        "expected_return_on": date(2026, 12, 10 + version),
        "share_town_pct": 30.5,
        "stock_boxes": 300,
        "sales_town_boxes": 400,
        "comment": "Ligne arrêtée",
    }


def panel(groups: tuple[str, ...]) -> list[Value]:
    """A panel of pharmacies: the nation, a region, two departments."""
    places = (("National", "FR", 8912), ("Région", "84", 900), ("Département", "01", 42), ("Département", "2A", 31))
    shares = {"share_none_pct": 12.0, "share_low_pct": 20.0, "share_medium_pct": 30.0, "share_high_pct": 38.0}
    return [
        {
            "week": f"{monday:%G-S%V}",
            "group_id": group,
            "level": level,
            "territory": territory,
            "pharmacies": pharmacies,
            "sales_boxes": 310,
            "sales_trend_pct": -4.2,
            "coverage_days": 5.4,
            **shares,
        }
        for monday in WEEKS
        for group in groups
        for level, territory, pharmacies in places
    ]


def dispensed(groups: tuple[str, ...]) -> list[Value]:
    """Boxes sold by region, and in one of them by age, sex and origin: parts of the same boxes."""
    totals: list[Value] = [
        {
            "week": f"{monday:%G-S%V}",
            "cip13": MEDICINES[group, letter].cip13,
            "region": region,
            "boxes": 1234.5,
            "prescribed_boxes": 1100.0,
        }
        for monday in WEEKS
        for group in groups
        for letter in "AB"
        for region in ("11", "84")
    ]
    parts: list[Value] = [
        {**row, "boxes": 600.0, "prescribed_boxes": None, "age": age, "sex": "Femme", "origin": "Ville"}
        for row in totals
        if row["region"] == "84"
        for age in ("0-19", "20 et plus")
    ]
    return totals + parts


def prepared(groups: tuple[str, ...]) -> list[Value]:
    """Préparations magistrales of the followed groups."""
    return [
        {
            "week": f"{monday:%G-S%V}",
            "subject_id": group,
            "preparations": 120,
            "pharmacies": 35,
            "recommendation_on": f"{monday:%d/%m/%Y}",
            "reason": "Tension",
        }
        for monday in WEEKS
        for group in groups
    ]


def hospitals() -> list[Value]:
    """Stocks of three hospital pharmacies."""
    return [
        {
            "week": f"{monday:%G-S%V}",
            "finess": f"75000000{number}",
            "department": "75",
            "dci_or_ucd": "midazolam",
            "form": "solution injectable 5 mg/ml",
            "stock_units": 420.5,
            "daily_use_units": 18.5,
        }
        for monday in WEEKS
        for number in (1, 2, 3)
    ]


def present(groups: tuple[str, ...]) -> list[Value]:
    """Share of the agencies that hold a box, nation and one department."""
    return [
        {
            "week": f"{monday:%G-S%V}",
            "cip13": MEDICINES[group, "A"].cip13,
            "label": "AMOXICILLINE LABORATOIRE A",
            "agencies_with_box_pct": 62.5,
            "agencies": 170,
            "level": level,
            "territory": territory,
        }
        for monday in WEEKS
        for group in groups
        for level, territory in (("National", "FR"), ("Département", "75"))
    ]


def alerted(groups: tuple[str, ...]) -> dict[str, list[Value]]:
    """Alerts of two departments, one closed; stocks of a department and of the country."""
    codes = [MEDICINES[group, "A"].cip13 for group in groups]
    alerts = [
        {
            "alert_no": f"DP-{place}-{monday:%m%d}-{code[-5:]}",
            "declared_on": monday,
            "cip13": code,
            "department": place,
            "closed_on": monday + timedelta(days=5) if place == "75" else None,
            "wholesalers_asked": 2,
            "connected_pharmacies": 310,
        }
        for monday in WEEKS
        for code in codes
        for place in ("35", "75")
    ]
    stocks = [
        {"day": monday, "actor": actor, "actor_kind": kind, "territory": place, "cip13": code, "stock_boxes": 120, "sales_boxes": 15}
        for monday in WEEKS
        for code in codes
        for actor, kind, place in (("Officines", "Pharmacie", "35"), ("LABORATOIRE A", "Exploitant", "FR"))
    ]  # fmt: skip
    return {"dpruptures_alert": alerts, "dpruptures_stock": stocks}


def signalled(groups: tuple[str, ...]) -> list[Value]:
    """Signals of two agencies, by presentation and by DCI."""
    return [
        {
            "signal_no": f"SIG-{region}-{monday:%m%d}-{rank}",
            "received_on": monday,
            "ars_region": region,
            "department": place,
            "cip13": MEDICINES[group, "A"].cip13 if place else None,
            "dci": None if place else "amoxicilline",
            "circuit": "Ville",
            "nature": "Inconnue des autorités",
            "text": "Aucune livraison depuis dix jours.",
            "qualified_by_ars": "Oui",
            "patients_concerned": 40,
            "sent_to_di_on": monday + timedelta(days=1),
        }
        for monday in WEEKS
        for rank, group in enumerate(groups)
        for region, place in (("Bretagne", "35"), ("Corse", None))
    ]


def sold(groups: tuple[str, ...]) -> list[Value]:
    """Boxes sold to pharmacies, units sold to hospitals."""
    return [
        {
            "month_on": date(2026, month, 1),
            "cip13_or_ucd": code,
            "circuit": circuit,
            "label": "MIDAZOLAM 5MG/ML INJ AMP 1ML",
            "laboratory": "LABORATOIRE A",
            "ephmra": "N05B0",
            "units": 1234.5,
        }
        for month in (9, 10)
        for code, circuit in [*((MEDICINES[group, "A"].cip13, "Officine") for group in groups), ("9400001", "Hôpital")]
    ]


def decided(group: str) -> dict[str, list[Value]]:
    """A manual reference, an excluded month, the size of a box."""
    size = {"cip13": MEDICINES[group, "A"].cip13, "units": 30, "unit_word": "Comprimé", "author": "Équipe"}
    manual = {"subject_id": group, "link": "Exploitants", "monthly_boxes": 4000, "since": date(2026, 1, 1)}
    return {
        "references_manual": [{**manual, "reason": "Campagne", "author": "Équipe"}],
        "references_excluded": [{"subject_id": group, "month_on": date(2026, 1, 1), "reason": "Épidémie"}],
        "references_size": [{**size, "reason": "Libellé sans nombre"}],
    }


def released() -> list[Value]:
    """Closed declarations rendered public."""
    return [
        {
            "cis": MEDICINES[group, "A"].cis,
            "name": "amoxicilline a, comprimé",
            "kind": "rupture",
            "causes": "Incident de production, Autre",
            "event_on": f"2023-0{month}-20",
            "atc": "J01CA04",
            "molecule": "Amoxicilline",
            "laboratory": "laboratoire a",
            "town_patients": "1000.0",
        }
        for group in SEEDED
        for month in (1, 2, 3)
    ]

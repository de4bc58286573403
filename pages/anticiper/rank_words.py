"""Sentences of the ranking, and the columns it exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pages.components import format as fr
from pages.components.charts import figures

Row = Mapping[str, Any]

LISTS = {
    "essentiel": "Médicaments essentiels",
    "critique UE": "Critiques de l'Union",
    "MITM": "MITM",
    "stock 4 mois": "Stock de sécurité de 4 mois",
    "MSIS": "MSIS",
    "vaccin": "Vaccins du calendrier",
    "décision de stock": "Décisions de stock",
}
BY_DCI = {
    "place": "Rang",
    "dci": "DCI",
    "recurrence_score": "Récurrence (sur 100)",
    "declarations_24": "Déclarations, 24 mois",
    "declarations_36": "Déclarations, 36 mois",
    "holders": "Titulaires commercialisés",
    "other_dci": "Autres DCI de la classe",
    "needed_route_specialities": "Spécialités d'une voie nécessaire",
    "specialities": "Spécialités sur la liste",
}
NOT_KNOWN = (
    "Ce que le classement ne sait pas : la cotation médicale des listes, les patients à l'hôpital, les sites des laboratoires "
    "dont l'état des lieux annuel n'est pas reçu. Les sites cités dans les déclarations sont montrés sans être comptés."
)
TWIN = {
    "place": "Rang",
    "dci": "DCI",
    "score": "Score (sur 100)",
    "recurrence_score": "Récurrence (sur 100)",
    "vulnerability_score": "Vulnérabilité (sur 100)",
    "impact_score": "Impact (sur 100)",
    "specialities": "Spécialités sur la liste",
    "declarations_24": "Déclarations, 24 mois",
    "declarations_36": "Déclarations, 36 mois",
    "known_months_36": "Mois connus sur 36",
    "laboratories": "Titulaires commercialisant",
    "largest_share_pct": "Part du premier exploitant (%)",
    "narrowest_sites": "Sites à l'étape de production qui en a le moins",
    "outside_union_pct": "Spécialités dont une étape est hors de l'Union (%)",
    "monthly_boxes": "Ventes mensuelles (boîtes)",
    "patients": "Patients en ville",
    "alternatives": "Autres DCI de la même classe",
    "needed_route_specialities": "Spécialités par une voie indispensable",
    "sites_cited": "Sites cités dans les déclarations",
    "sites_outside_union": "dont hors UE",
    "unknown_values": "Valeurs inconnues",
}
VALUES = {
    "component_title": "Composante",
    "title": "Indicateur",
    "value": "Valeur lue",
    "unit": "Unité",
    "band_label": "Bande",
    "points": "Points",
    "most_points": "Maximum",
    "reads": "Ce qui est lu",
}
BANDS = {
    "component_title": "Composante",
    "title": "Indicateur",
    "at_least": "À partir de",
    "unit": "Unité",
    "label": "Bande",
    "points": "Points",
    "unknown_points": "Points si inconnu",
}


def sentence(rows: Sequence[Row], name: str, bounds: Sequence[float] = ()) -> tuple[str, str]:
    """Which DCI comes first; then why, and how many come back."""
    label = LISTS.get(name, name)
    if not rows:
        return "", f"Aucune DCI de la liste « {label} » n'est connue."
    first = rows[0]
    often = sum(not fr.missing(row["declarations_24"]) and row["declarations_24"] >= 3 for row in rows)
    count = fr.plural(len(rows), "DCI", "DCI")
    lead = f"Sur la liste « {label} » ({count}), {_foremost(rows)}, {fr.number(first['score'], 1)} sur 100."
    again = fr.plural(often, "DCI a été déclarée", "DCI ont été déclarées")
    whose = "" if len(fr.level(rows, "place")) == 1 else f"{first['dci']} : "
    return lead, f"{fr.capital(whose + reasons(first, bounds))}. {again} au moins trois fois en 24 mois."


def _foremost(rows: Sequence[Row]) -> str:
    level = [str(row["dci"]) for row in fr.level(rows, "place")]
    if len(level) == 1:
        return f"la première à regarder est {level[0]}"
    return f"les premières à regarder, à égalité, sont {fr.listed(level)}"


def search_sentence(rows: Sequence[Row], name: str, whole: int) -> str:
    """How many DCI the search keeps, and the best placed of them."""
    label = LISTS.get(name, name)
    if not rows:
        return f"Aucune des {fr.number(whole)} DCI de la liste « {label} » ne passe cette recherche."
    kept = f"{fr.plural(len(rows), 'DCI', 'DCI')} sur {fr.number(whole)} de la liste « {label} »"
    first = rows[0]
    which = (
        first["dci"] if len(rows) == 1 else f"d'abord {fr.listed([str(row['dci']) for row in fr.level(rows, 'place')])}"
    )
    return f"{kept} : {which}, rang {fr.number(first['place'])}, {fr.number(first['score'], 1)} sur 100."


def place(row: Row, name: str) -> str:
    """Of one DCI: its place in the list and its score."""
    label = LISTS.get(name, name)
    return f"{fr.capital(row['dci'])} est au rang {fr.number(row['place'])} de la liste « {label} », {fr.number(row['score'], 1)} sur 100."


def reasons(row: Row, bounds: Sequence[float] = ()) -> str:
    """The three components of a DCI in a line, without the sign of what is unknown."""
    parts = []
    if not fr.missing(row["declarations_24"]):
        parts.append(fr.plural(row["declarations_24"], "déclaration en 24 mois", "déclarations en 24 mois"))
    if not fr.missing(row["largest_share_pct"]):
        parts.append(f"premier exploitant à {fr.percent(row['largest_share_pct'], bounds=bounds)}")
    if not fr.missing(row["monthly_boxes"]):
        parts.append(f"{fr.number(row['monthly_boxes'])} boîtes par mois")
    return ", ".join(parts) or "aucune valeur connue"


def recurrence(row: Row) -> list[str]:
    """What was read of the declarations of a DCI."""
    if fr.missing(row["declarations_36"]):
        return ["déclarations inconnues"]
    return [f"{fr.number(row['declarations_24'])} en 24 mois, {fr.number(row['declarations_36'])} en 36"]


def vulnerability(row: Row, bounds: Sequence[float]) -> list[str]:
    """What was read of its companies and sites."""
    share = "part du premier exploitant inconnue"
    if not fr.missing(row["largest_share_pct"]):
        share = f"premier exploitant {fr.percent(row['largest_share_pct'], bounds=bounds)}"
    sites = f"{fr.plural(row['sites_cited'], 'site cité', 'sites cités')}, dont {fr.number(row['sites_outside_union'])} hors UE"
    made = _made(row)
    return [
        fr.plural(row["laboratories"], "titulaire", "titulaires"),
        share,
        *made,
        *([sites] if row["sites_cited"] and not made else []),
    ]


def _made(row: Row) -> list[str]:
    """What statements say: sites of the narrowest step, specialities made outside the Union."""
    if fr.missing(row["narrowest_sites"]):
        return []
    sites = int(row["narrowest_sites"])
    narrowest = "une étape à site unique" if sites < 2 else f"{fr.number(sites)} sites à l'étape la plus étroite"
    outside = row["outside_union_pct"]
    return [narrowest, *([f"{fr.percent(outside)} hors UE"] if not fr.missing(outside) and outside else [])]


def impact(row: Row) -> list[str]:
    """What was read of its sales, patients and alternatives."""
    sold = (
        "ventes inconnues" if fr.missing(row["monthly_boxes"]) else f"{fr.number(row['monthly_boxes'])} boîtes par mois"
    )
    people = "patients inconnus" if fr.missing(row["patients"]) else f"{fr.number(row['patients'])} patients en ville"
    others = "classe inconnue"
    if not fr.missing(row["alternatives"]):
        others = fr.plural(row["alternatives"], "autre DCI de la classe", "autres DCI de la classe")
    needed = ["voie indispensable"] if row["needed_route_specialities"] else []
    return [sold, people, others, *needed]


def known_months(rows: Sequence[Row]) -> str:
    """How much of the three years the sources of declarations know; the same for every DCI."""
    known = max((int(row["known_months_36"]) for row in rows if not fr.missing(row["known_months_36"])), default=0)
    return f"Déclarations connues sur {fr.number(known)} des 36 derniers mois. " if known < 36 else ""


def weights(components: Sequence[Mapping[str, Any]]) -> str:
    """The weights in force, and that they are to be validated."""
    weighed = ", ".join(f"{str(item['title']).lower()} {fr.number(item['weight'])}" for item in components)
    first = components[0]
    mark = ", à valider" if first["to_validate"] else ""
    return f"Poids : {weighed} (version {first['version']}{mark}). {first['origin']}"


def by_dci(table: pd.DataFrame) -> pd.DataFrame:
    """Lines for readers who may not see laboratories, lists in French words."""
    return table if table.empty else table.assign(list_label=table["list"].map(lambda name: LISTS.get(name, name)))


def by_dci_sentence(table: pd.DataFrame) -> str:
    """How many DCI the list ranks, and the first of them."""
    if table.empty:
        return "Aucune liste n'est connue."
    first = figures.records(table.head(1))[0]
    count = fr.plural(len(table), "DCI classée", "DCI classées")
    level = fr.listed([str(row["dci"]) for row in fr.level(figures.records(table), "place")])
    return f"Liste « {first['list_label']} », {count} : d'abord {level}."

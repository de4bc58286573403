"""Sentences of the pages about sites, and the columns they export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pages.components import format as fr

Row = Mapping[str, Any]

MASKED = "Les sites d'un laboratoire sont masqués sur cet écran (secret des affaires)."
CAUTION = (
    "Écrit par les laboratoires, une fois l'an : un laboratoire qui n'a rien envoyé manque, et un site écrit de deux façons "
    "compte pour deux."
)
BESIDE = "Déclarations de ses spécialités, quelle qu'en soit la cause : elles ne disent pas que le site est en cause."
PLACES = {"union": "Union européenne", "hors_union": "Hors de l'Union", "inconnu": "Pays inconnu"}
ONLY = "sans autre site"
GAPS = {"dit_absent": "Dit MITM, absent de la liste", "non_dit": "Sur la liste, dit non MITM"}
TWIN = {
    "site_name": "Site",
    "country": "Pays",
    "place_label": "Union européenne",
    "steps": "Étapes",
    "dcis": "DCI",
    "specialities": "Spécialités",
    "mitm_specialities": "dont MITM",
    "only_specialities": "Spécialités sans autre site à une étape",
    "only_dcis": "DCI de ces spécialités",
    "unlisted_specialities": "Dites MITM, absentes de la liste",
    "laboratories": "Laboratoires",
    "open_declarations": "Déclarations ouvertes de ces spécialités",
    "written": "Écrit ainsi",
    "unread_country": "Pays écrit, non reconnu",
    "year": "État des lieux",
}
DEPENDING = {
    "cis": "CIS",
    "denomination": "Spécialité",
    "dci": "DCI",
    "laboratory": "Laboratoire",
    "steps": "Étapes sur ce site",
    "only_steps": "Sans autre site",
    "is_subcontractor": "Sous-traitance",
    "is_mitm": "MITM",
    "said_mitm": "MITM selon le laboratoire",
    "lists": "Listes",
    "is_marketed": "Commercialisée",
    "open_declarations": "Déclarations ouvertes",
    "declaration_nos": "Numéros",
    "year": "État des lieux",
}
GAP_COLUMNS = {
    "gap_label": "Écart",
    "cis": "CIS",
    "denomination": "Spécialité",
    "dci": "DCI",
    "laboratory": "Laboratoire",
    "is_in_bdpm": "Au référentiel public",
    "is_marketed": "Commercialisée",
    "lists": "Listes",
    "year": "État des lieux",
}


def sentence(rows: Sequence[Row], counts: Row, *, is_filtered: bool = False) -> tuple[str, str]:
    """The site on which most depends; then what has a single site, and what is made outside the Union.

    rows: sites that pass the filters, the heaviest first. counts: of the statements in force, whatever the filters.
    """
    if not rows:
        found = "Aucun site ne passe ces filtres." if is_filtered else "Aucun état des lieux n'est en vigueur."
        return "", found
    first = rows[0]
    level = fr.level(rows, "dcis")
    depend = fr.plural(first["dcis"], "DCI en dépend", "DCI en dépendent")
    if len(level) > 1:
        others = fr.plural(len(level) - 1, "autre", "autres")
        lead = (
            f"Premiers sites, à égalité : {named(first)} et {others}, {fr.plural(first['dcis'], 'DCI', 'DCI')} chacun."
        )
    else:
        lead = f"Premier site : {named(first)}, {depend}."
    if is_filtered:
        return lead, f"{fr.plural(len(rows), 'site passe', 'sites passent')} ces filtres."
    return lead, whole(counts)


def whole(counts: Row) -> str:
    """« Sur 900 spécialités décrites (états de 2026), 700 ont une étape de production sur un seul site […] »."""
    described = fr.plural(counts["specialities"], "spécialité décrite", "spécialités décrites")
    year, first = int(counts["year"]), int(counts["first_year"])
    years = f"état de {year}" if first == year else f"états de {first} à {year}"
    single = fr.plural(counts["single_specialities"], "fait", "font")
    outside = fr.plural(counts["outside_specialities"], "en fait", "en font")
    return (
        f"Sur {described} ({years}), {single} une étape de production sur un seul site, "
        f"{outside} une entièrement hors de l'Union."
    )


def named(row: Row) -> str:
    """« ATELIER FICTIF VALMONT (France) »."""
    return f"{row['site_name']} ({where(row)})"


def where(row: Row) -> str:
    """Country, or why it is not known."""
    if not fr.missing(row["country"]):
        return str(row["country"])
    unread = row.get("unread_country")
    return "pays non écrit" if fr.missing(unread) else f"pays non reconnu : {unread}"


def dependence(row: Row, rows: Sequence[Row], *, is_declared: bool = True) -> tuple[str, str]:
    """Of one site: how many DCI and specialities would stop, how many have nothing else.

    is_declared: declarations were received, without which nobody knows that there is none.
    """
    only = [line for line in rows if not fr.missing(line["only_steps"])]
    lead = (
        f"{fr.plural(row['dcis'], 'DCI et', 'DCI et')} {fr.plural(row['specialities'], 'spécialité', 'spécialités')} en "
        f"dépendent, dont {fr.plural(len(only), 'spécialité sans autre site', 'spécialités sans autre site')}."
    )
    mitm = sum(bool(line["is_mitm"]) for line in only)
    declared = sum(bool(line["open_declarations"]) for line in rows)
    rest = f"{fr.number(mitm)} {'est un MITM' if mitm == 1 else 'sont des MITM'} ; " if only else ""
    if not is_declared:
        return lead, f"{rest}aucune donnée TrustMed." if rest else "Aucune donnée TrustMed."
    return lead, f"{rest}{fr.plural(declared, 'a une déclaration ouverte', 'ont une déclaration ouverte')}."


def gaps(counts: Row) -> str:
    """How many the laboratory says MITM and the list does not, and the contrary."""
    absent = fr.plural(
        counts["unlisted_mitm"], "spécialité dite MITM est absente", "spécialités dites MITM sont absentes"
    )
    unsaid = fr.plural(counts["unsaid_mitm"], "spécialité de la liste est dite", "spécialités de la liste sont dites")
    return f"{absent} de la liste publique ; {unsaid} non MITM."

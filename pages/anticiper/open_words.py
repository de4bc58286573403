"""Sentences of the ranking of public data, and the columns it exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.language.typography import tied
from pages.components import format as fr
from pages.components import open_data

Row = Mapping[str, Any]

LISTS = {"": "Toutes", "oui": "Sur la liste publique", "non": "Pas sur la liste"}
SHARE_BOUNDS = (25.0, 50.0, 75.0)
UNSAID = (
    "Le rang ne dit pas qu'une DCI manque aujourd'hui : ni stocks, ni ventes des exploitants, ni déclarations en cours.",
    "La liste publique ne porte que les MITM sans alternative ; une DCI absente de la liste n'y perd que des points.",
    "Les déclarations closes s'arrêtent à la dernière année diffusée ; ni parts de marché, ni sites de production.",
    "Les boîtes remboursées sont celles de la ville : un médicament d'hôpital y est inconnu.",
)
TWIN = {
    "place": "Rang",
    "dci": "DCI",
    "score": "Score (sur 100)",
    "presence_score": "Liste publique (sur 100)",
    "recurrence_score": "Récurrence (sur 100)",
    "vulnerability_score": "Vulnérabilité (sur 100)",
    "impact_score": "Impact (sur 100)",
    "is_listed": "Sur la liste publique",
    "short_share_pct": "Présentations en rupture, tension ou arrêt (%)",
    "rupture_share_pct": "Présentations en rupture (%)",
    "listed_days": "Durée dans la liste (jours)",
    "relapses": "Retours dans la liste",
    "past_declarations": "Déclarations closes",
    "past_years": "Années avec une déclaration",
    "laboratories": "Titulaires commercialisant",
    "substitutable_share_pct": "Spécialités substituables (%)",
    "monthly_boxes": "Boîtes remboursées par mois",
    "mitm_specialities": "MITM commercialisés",
    "alternatives": "Autres DCI de la même classe",
    "unknown_values": "Valeurs inconnues",
}


def sentence(rows: Sequence[Row], listed: str) -> tuple[str, str]:
    """Which DCI comes first, then why and how many are on the list."""
    if not rows:
        return "Aucune DCI n'est classée.", ""
    first = rows[0]
    lead = f"D'abord {_foremost(rows)}, {fr.number(first['score'])} sur 100."
    known = sum(bool(row["is_listed"]) for row in rows)
    beside = f" {fr.number(known)} des {fr.number(len(rows))} DCI classées sont sur la liste publique." if not listed else (
        f" {fr.plural(len(rows), 'DCI classée', 'DCI classées')}."
    )  # fmt: skip
    whose = "" if len(fr.level(rows, "place")) == 1 else f"{open_data.substances(first['dci'])} : "
    return lead, f"{fr.capital(whose + reasons(first))}.{beside}"


def _foremost(rows: Sequence[Row]) -> str:
    """The first, or those that share its place."""
    level = [open_data.substances(row["dci"]) for row in fr.level(rows, "place")]
    return fr.listed(level) + (" à égalité" if len(level) > 1 else "")


def search_sentence(rows: Sequence[Row], whole: int) -> str:
    """How many DCI the search keeps, and the best placed of them."""
    if not rows:
        return f"Aucune des {fr.number(whole)} DCI classées ne passe cette recherche."
    first = rows[0]
    name = _foremost(rows)
    which = name if len(rows) == 1 else f"d'abord {name}"
    count = f"{fr.plural(len(rows), 'DCI', 'DCI')} sur {fr.number(whole)}"
    return f"{count} : {which}, rang {fr.number(first['place'])}, {fr.number(first['score'])} sur 100."


def place(row: Row) -> str:
    """Of one DCI: its place and its score."""
    return f"{fr.capital(open_data.substances(row['dci']))} est au rang {fr.number(row['place'])}, {fr.number(row['score'])} sur 100."


def reasons(row: Row) -> str:
    """What weighs most, in a line, without the sign of what is unknown."""
    parts = []
    if not fr.missing(row["short_share_pct"]) and row["short_share_pct"]:
        short = fr.percent(row["short_share_pct"], bounds=SHARE_BOUNDS)
        since = "" if fr.missing(row["listed_days"]) else f" depuis {tied(fr.number(row['listed_days']), 'j')}"
        parts.append(f"{short} des présentations en rupture, tension ou arrêt{since}")
    if not fr.missing(row["past_declarations"]) and row["past_declarations"]:
        parts.append(fr.plural(row["past_declarations"], "déclaration close", "déclarations closes"))
    parts.append(fr.plural(row["laboratories"], "titulaire", "titulaires"))
    if not fr.missing(row["monthly_boxes"]):
        parts.append(f"{fr.number(row['monthly_boxes'])} boîtes remboursées par mois")
    return ", ".join(parts)


def presence(row: Row) -> list[str]:
    """What the last photograph says of its presentations, and for how long."""
    if fr.missing(row["short_share_pct"]) and fr.missing(row["listed_days"]):
        return ["liste publique non reçue"]
    if not row["is_listed"]:
        return ["hors de la liste"]
    parts = [] if fr.missing(row["listed_days"]) else [tied(fr.number(row["listed_days"]), "j")]
    if not fr.missing(row["short_share_pct"]):
        parts.append(f"{fr.percent(row['short_share_pct'], bounds=SHARE_BOUNDS)} des présentations")
        if row["rupture_share_pct"]:
            parts.append(f"{fr.percent(row['rupture_share_pct'], bounds=SHARE_BOUNDS)} en rupture")
    return parts


def recurrence(row: Row) -> list[str]:
    """What was read of the closed declarations and of the returns in the list."""
    if fr.missing(row["past_declarations"]):
        wording = ["déclarations closes non reçues"]
    else:
        count = fr.plural(row["past_declarations"], "déclaration close", "déclarations closes")
        wording = [
            f"{count} sur {fr.plural(row['past_years'], 'année', 'années')}" if row["past_declarations"] else count
        ]
    back = "" if fr.missing(row["relapses"]) or not row["relapses"] else fr.plural(row["relapses"], "retour", "retours")
    return [*wording, *([f"{back} dans la liste"] if back else [])]


def vulnerability(row: Row) -> list[str]:
    """What was read of its companies and of what may be substituted."""
    share = row["substitutable_share_pct"]
    wording = "groupes génériques non reçus" if fr.missing(share) else (
        f"{fr.percent(share, bounds=SHARE_BOUNDS)} substituables" if share else "rien de substituable"
    )  # fmt: skip
    return [fr.plural(row["laboratories"], "titulaire", "titulaires"), wording]


def impact(row: Row) -> list[str]:
    """What was read of its boxes, its MITM and its alternatives."""
    boxes = (
        "boîtes inconnues" if fr.missing(row["monthly_boxes"]) else f"{fr.number(row['monthly_boxes'])} boîtes par mois"
    )
    others = "classe inconnue"
    if not fr.missing(row["alternatives"]):
        others = fr.plural(row["alternatives"], "autre DCI de la classe", "autres DCI de la classe")
    return [boxes, others, *([] if row["mitm_specialities"] else ["sans MITM"])]


def weights(components: Sequence[Row]) -> str:
    """The weights in force, and that they are to be validated."""
    wording = ", ".join(f"{str(item['title']).lower()} {fr.number(item['weight'])}" for item in components)
    return f"Poids{' à valider' if components[0]['to_validate'] else ''} : {wording}."


def origin(components: Sequence[Row]) -> str:
    """Where points, bounds and weights come from."""
    return f"Version {components[0]['version']}. {components[0]['origin']}"

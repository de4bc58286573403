"""The sentence that answers the page: weakest link, until when, tension, declarations, next supply."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from pages.components import format as fr
from pages.components import tension, tokens
from pages.components.charts import figures
from pages.molecules.view import View

_VERDICT = {"satisfaisante": "Oui", "acceptable": "Oui, mais de justesse", "insatisfaisante": "Difficilement"}
_SHORT_OF = ("1", "2")  # codes of the public list: rupture, tension


def sentence(seen: View, supplies: pd.DataFrame, public: pd.DataFrame, photograph_on: object = None) -> str:
    """One computed sentence with its dates; without any stock, what the public list and the declarations say.

    photograph_on: day of the last photograph of the public list.
    """
    weakest = seen.weakest()
    parts = (
        [_chain(seen, weakest), _until(seen)] if weakest else [_unmeasured(seen), public_words(public, photograph_on)]
    )
    parts += [_declared(seen), next_supply(supplies, seen.as_of)]
    return " ; ".join(part for part in parts if part) + "."


def _chain(seen: View, weakest: Mapping[str, Any]) -> str:
    unknown = ", ".join(seen.unknown()).lower()
    about = [str(weakest["status"]), *_state(weakest), *_tension(seen.status)]
    verdict = _VERDICT[str(weakest["status"])]
    if unknown:
        about.append(f"sans chiffre : {unknown}")
        # « Oui » would speak for the links nobody measured.
        verdict += ", aux maillons mesurés" if weakest["status"] != "insatisfaisante" else ""
    return (
        f"{verdict} : le maillon le plus faible, les {str(weakest['label']).lower()}, compte "
        f"{fr.days(weakest['coverage_days'])} de couverture au {fr.day(weakest['measured_on'])} ({', '.join(about)})"
    )


def _state(row: Mapping[str, Any]) -> list[str]:
    state = str(row["figure_state"])
    return [f"chiffre {tokens.QUALIFYING[state][0].lower()}"] if state in tokens.QUALIFYING else []


def _tension(status: Mapping[str, Any] | None) -> list[str]:
    if status is None:
        return []
    low, silent = int(status["departments_insufficient"]), tension.silent_of(status)
    where = tension.counted_of(status) if low else silent
    return [part for part in (tension.label(status), where) if part]


def _until(seen: View) -> str:
    """Day the makers' stock runs out at today's demand if nothing comes: the only stock that feeds all the others."""
    makers = [r for r in figures.records(seen.links) if r["link"] == "exploitants" and r["status"] in _VERDICT]
    if not makers or fr.missing(makers[0]["coverage_days"]):
        return ""
    start = fr.as_date(makers[0]["measured_on"])
    end = start + timedelta(days=int(makers[0]["coverage_days"])) if start else None
    if end is None:
        return ""
    verb = "mène" if end >= seen.as_of else "ne menait que"
    return f"sans nouvel apport, le stock des exploitants {verb} jusqu'au {fr.day(end)}"


def _unmeasured(seen: View) -> str:
    return "Aucun stock reçu pour cette DCI" if not seen.is_group else "Aucun stock reçu pour ce groupe"


def public_words(public: pd.DataFrame, photograph_on: object) -> str:
    """Specialities that ANSM's public list says short today, and the date of its photograph."""
    current = public[public["is_current"]] if not public.empty else public
    if fr.missing(photograph_on):
        return "liste publique de l'ANSM non reçue"
    when = f"photographie du {fr.day(photograph_on)}"
    if current.empty:
        past = ", " + fr.plural(len(public), "ligne l'a quittée", "lignes l'ont quittée") if len(public) else ""
        return (
            f"la liste publique de l'ANSM n'en dit rien ({when}{past}), ce qui ne veut pas dire disponible : "
            "seuls les MITM sans alternative y sont publiés"
        )
    short = current[current["code"].isin(_SHORT_OF)]["cis"].nunique()
    words = fr.plural(short, "spécialité en rupture ou en tension", "spécialités en rupture ou en tension")
    return f"la liste publique de l'ANSM compte {words} ({when})"


def _declared(seen: View) -> str:
    count = seen.facts["open_declarations"]
    if fr.missing(count) or not int(count):
        return "aucune déclaration ouverte" if seen.weakest() else ""
    whole = "la DCI entière" if seen.is_group else "la DCI"
    return f"{fr.plural(count, 'déclaration ouverte', 'déclarations ouvertes')} sur {whole}"


def facts(seen: View, supplies: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Label, value, words: the weakest link, where, what is declared, what comes next."""
    weakest = seen.weakest()
    where = _tension(seen.status)
    supply = next_supply(supplies, seen.as_of).rpartition(" le ")[2]
    count = seen.facts["open_declarations"]
    return [
        (
            "Maillon le plus faible",
            str(weakest["label"]) if weakest else "",
            fr.days(weakest["coverage_days"]) if weakest else "",
        ),
        ("Où", where[0].capitalize() if where else "", ", ".join(where[1:])),
        ("Déclarations ouvertes", fr.number(0 if fr.missing(count) else count), "sur la DCI entière"),
        ("Prochain approvisionnement", supply or "Aucun annoncé", "date annoncée par un laboratoire" if supply else ""),
    ]


def next_supply(supplies: pd.DataFrame, as_of: date) -> str:
    """First day from today on which a laboratory announced boxes."""
    coming = supplies[pd.to_datetime(supplies["planned_on"]) >= pd.Timestamp(as_of)] if not supplies.empty else supplies
    return "" if coming.empty else f"prochain approvisionnement annoncé le {fr.day(coming['planned_on'].min())}"

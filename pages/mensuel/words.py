"""What the month says in words: its sentence, where its figures come from, comments drafted by rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data.reference.published import published_totals
from metrics.monthly import queries as monthly
from metrics.monthly.queries import Monthly
from pages.components import atc
from pages.components import format as fr
from pages.components.charts import figures

LEVEL = {
    "haut": "Haut risque",
    "important": "Important",
    "moyen": "Moyen",
    "faible": "Faible",
    "non évalué": "Non évalué",
}
SOURCE = {"trustmed": "TrustMed", "historique": "Diffusion publique des déclarations closes"}
NOT_SCORED = "La diffusion publique ne permet pas de coter le risque : toutes les situations sont « non évaluées »."
NO_CLOSING = "la diffusion publique ne donne pas de date de clôture"
FEW_MONTHS = "Trop peu de mois connus avant celui-ci dans la même source : aucune hausse n'est cherchée."
NO_RISE = "Aucune hausse soudaine sur une spécialité, une DCI ou une classe ATC."
NO_SHARED_RISE = "Aucune hausse soudaine sur une DCI ou une classe ATC."

Row = Mapping[Any, Any]


def title(row: Row) -> str:
    """« octobre 2026 », « novembre 2026 (en cours) »."""
    name = fr.long_month(row["month"])
    return name if monthly.is_whole(dict(row)) else f"{name} (en cours)"


def no_base(row: Row) -> str:
    """Shown instead of a ratio: today's referential does not describe another year."""
    return f"base de l'année {row['month']:%Y} non reçue"


def base(row: Row) -> str:
    """Who is counted as liable to declare, and from which photograph."""
    if fr.missing(row["liable_holders"]):
        return no_base(row)
    return (
        f"{fr.number(row['liable_holders'])} titulaires d'au moins un MITM commercialisé (BDPM du {fr.day(row['liable_on'])}), dont "
        f"{fr.number(row['declaring_holders'])} ont une spécialité déclarée dans le mois ; la BDPM ne nomme pas les exploitants"
    )


def since(shown: Monthly) -> str:
    """« depuis janvier », or the first month the source knows of that year."""
    return f"depuis {fr.long_month(shown.year['first_month']).split()[0]}"


def of_month(value: object) -> str:
    """« d'octobre 2026 », « de mars 2026 »."""
    name = fr.long_month(value)
    return f"d'{name}" if name[0] in "ao" else f"de {name}"


def sentence(shown: Monthly) -> str:
    """Raw count and count by speciality, for the month then since January; files closed."""
    return f"{verdict(shown)} {since_then(shown)}"


def verdict(shown: Monthly) -> str:
    """« En octobre 2026, 37 déclarations (7 ruptures, 30 risques de rupture) portent sur 37 spécialités »."""
    month = shown.month
    if not month["declarations"]:
        return f"En {title(month)}, aucune déclaration"
    verb = "porte" if month["declarations"] == 1 else "portent"
    return f"En {title(month)}, {_declarations(month)} {verb} sur {_specialities(month)}"


def since_then(shown: Monthly) -> str:
    """« ; depuis janvier, 255 déclarations sur 253 spécialités ; 16 dossiers ont été clos dans le mois. »."""
    year = shown.year
    added = fr.plural(year["declarations"], "déclaration", "déclarations")
    return f"; {since(shown)}, {added} sur {_specialities(year)} ; {closings(shown)}."


def cards(shown: Monthly) -> list[tuple[str, str, str]]:
    """Label, figure of the month, then unit, denominator and running total."""
    month, year, when = shown.month, shown.year, since(shown)
    kinds = f"{fr.plural(month['ruptures'], 'rupture', 'ruptures')}, {fr.plural(month['risks'], 'risque', 'risques')}"
    closed = NO_CLOSING if month["closed"] is None else f"dans le mois ; {fr.number(year['closed'])} {when}"
    return [
        ("Déclarations", fr.number(month["declarations"]), f"brutes : {kinds} ; {fr.number(year['declarations'])} {when}"),
        ("Spécialités déclarées", fr.number(month["specialities"]),
         f"comptées une fois, soit {_share(month)} des déclarations ; {fr.number(year['specialities'])} {when} ({_share(year)})"),
        ("Laboratoires déclarants", fr.number(month["declarants"]), declarants(shown)),
        ("Dossiers clos", fr.number(month["closed"]), closed),
    ]  # fmt: skip


def _share(row: Row) -> str:
    if not row["declarations"]:
        return fr.UNKNOWN
    return fr.percent(100 * row["specialities"] / row["declarations"], bounds=[100])


def declarants(shown: Monthly) -> str:
    """« exploitants ; 12 des 24 titulaires de MITM commercialisés sont déclarés (50 %, BDPM du 22/11/2026) ; 22 depuis janvier ».

    Both sides of the ratio are holders: the referential does not name the laboratories that market.
    """
    month, liable = shown.month, shown.month["liable_holders"]
    added = f"{fr.number(shown.year['declarants'])} {since(shown)}"
    if fr.missing(liable) or not liable:
        return f"exploitants ; {no_base(month)} ; {added}"
    share = fr.percent(100 * month["declaring_holders"] / liable, bounds=[100])
    return (
        f"exploitants, pour {fr.number(month['declaring_holders'])} des {fr.number(liable)} titulaires d'au moins un MITM commercialisé "
        f"({share}, BDPM du {fr.day(month['liable_on'])}) ; {added}"
    )


def exploitants(check: Row | None, month: Row) -> str:
    """What Codex says of the same denominator, exploitants and no longer holders; of the year of its extract only."""
    if check is None or check["extracted_on"].year != month["month"].year:
        return ""
    count = fr.plural(check["codex_mitm_exploitants"], "exploitant", "exploitants")
    return f" ; le Codex du {fr.day(check['extracted_on'])} en nomme {count}, non repris ici"


def _declarations(row: Row) -> str:
    kinds = [
        fr.plural(row["ruptures"], "rupture", "ruptures"),
        fr.plural(row["risks"], "risque de rupture", "risques de rupture"),
    ]
    return f"{fr.plural(row['declarations'], 'déclaration', 'déclarations')} ({', '.join(kinds)})"


def _specialities(row: Row) -> str:
    return fr.plural(row["specialities"], "spécialité", "spécialités")


def closings(shown: Monthly) -> str:
    """Files closed in the month, or why that is not known."""
    closed = shown.month["closed"]
    if closed is None:
        return f"les clôtures ne sont pas connues ({NO_CLOSING})"
    return fr.plural(closed, "dossier a été clos", "dossiers ont été clos") + " dans le mois"


def reserves(shown: Monthly, *, is_demo: bool) -> list[str]:
    """What a reader must know of the source of the month, one sentence each."""
    month, year = shown.month, shown.year
    notes = [
        f"Source de l'année {month['month'].year} : {SOURCE[month['source_key']]}, compté au {fr.day(year['counted_to'])}."
    ]
    if year["copies"]:
        notes.append(_copies(year, since(shown)))
    total = None if is_demo else published_totals().get(month["month"].year)
    if month["source_key"] == "historique" and total:
        notes.append(_published(total, year))
    if year["left_aside"]:
        other = SOURCE["historique" if month["source_key"] == "trustmed" else "trustmed"]
        notes.append(
            f"{fr.plural(year['left_aside'], 'déclaration', 'déclarations')} de {month['month'].year} dans « {other} » : laissées "
            "de côté, une année vient d'une seule source."
        )
    return notes


def _published(total: int, row: Row) -> str:
    first = fr.as_date(row["first_month"])
    late = f", qui commence en {fr.long_month(first)}" if first and first.month > 1 else ""
    return (
        f"L'ANSM a publié {fr.number(total)} déclarations pour {row['month'].year} : ce total compte aussi les dossiers encore "
        f"ouverts, que cette diffusion{late} ne contient pas."
    )


def _copies(row: Row, when: str) -> str:
    several = row["copies"] > 1
    identical = "lignes sont identiques" if several else "ligne est identique"
    without = fr.number(row["declarations"] - row["copies"])
    return (
        f"{when.capitalize()}, {fr.number(row['copies'])} {identical} en tout point à une autre : {without} sans "
        f"{'elles' if several else 'elle'}."
    )


def comments(shown: Monthly, *, shared: bool) -> list[str]:
    """The whole month against the month before and a year ago, then each sudden rise, the widest scope first."""
    return [overall(shown), *rises(shown, shared=shared)]


def rises(shown: Monthly, *, shared: bool) -> list[str]:
    """One sentence a rise, or the one that says why there is none."""
    if shown.movements.empty:
        if shown.compared_months < shown.needed_months:
            return [FEW_MONTHS]
        return [NO_SHARED_RISE if shared else NO_RISE]
    return [rise(row) for row in figures.records(shown.movements)]


def overall(shown: Monthly) -> str:
    """« Ensemble : 32 déclarations, 1 de moins qu'en septembre 2026 (33)… »."""
    month = shown.month
    head = f"Ensemble : {fr.plural(month['declarations'], 'déclaration', 'déclarations')}"
    if not monthly.is_whole(month):
        return f"{head} au {fr.day(month['counted_to'])} ; mois en cours, non comparé."
    compared = [text for back in (1, 12) if (text := _compared(shown, back))]
    return f"{head}, {' ; '.join(compared)}." if compared else f"{head} ; aucun mois comparable dans la même source."


def _compared(shown: Monthly, back: int) -> str:
    wanted = pd.Timestamp(shown.month["month"]) - pd.DateOffset(months=back)
    past = shown.past
    found = past[(pd.to_datetime(past["month"]) == wanted) & (past["source_key"] == shown.month["source_key"])]
    if found.empty:
        return ""
    before = int(found["declarations"].iloc[0])
    gap = shown.month["declarations"] - before
    words = "autant qu'en" if gap == 0 else f"{fr.number(abs(gap))} de {'plus' if gap > 0 else 'moins'} qu'en"
    return f"{words} {fr.long_month(wanted)} ({fr.number(before)})"


def rise(row: Row) -> str:
    """« DCI ramipril : 10 déclarations de 4 laboratoires, contre 2,3 et 1,7 par mois sur les 6 mois précédents »."""
    counts = fr.plural(row["declarations"], "déclaration", "déclarations")
    usual = fr.number(row["usual_declarations"], 1)
    if row["scope"] != "specialite":
        several = fr.plural(row["declarants"], "laboratoire", "laboratoires")
        counts += " d'un seul laboratoire" if row["declarants"] == 1 else f" de {several}"
        usual += f" et {fr.number(row['usual_declarants'], 1)}"
    past = fr.plural(row["known_months"], "mois précédent", "mois précédents")
    if not row["usual_declarations"]:
        return f"{subject(row)} : {counts}, contre aucune sur les {past}."
    return f"{subject(row)} : {counts}, contre {usual} par mois en moyenne sur les {past}."


def subject(row: Row) -> str:
    """What rose: « Classe J – Anti-infectieux… », « DCI ramipril », the name of a speciality."""
    if row["scope"] == "classe":
        return f"Classe {atc.label(row['subject_key'])}"
    return f"DCI {row['subject']}" if row["scope"] == "dci" else str(row["subject"])


def group(code: object) -> str:
    """Main ATC class in words; « sans code » for a speciality without one."""
    return "Classe inconnue" if fr.missing(code) else atc.label(code)


def repetition(row: Row) -> str:
    """« 4 mois sur 24, 6 déclarations »."""
    times = fr.plural(row["repeated_declarations"], "déclaration", "déclarations")
    return f"{fr.number(row['declared_months'])} mois sur {fr.number(row['known_months'])}, {times}"


def level(value: object) -> str:
    return fr.UNKNOWN if fr.missing(value) else LEVEL[str(value)]

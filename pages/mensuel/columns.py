"""Tables of the monthly dashboard as exported: columns, headings, rows with codes in words."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from metrics.monthly.queries import Monthly
from pages.components import format as fr
from pages.mensuel import words

PAST = {"name": "Mois", "source": "Source", "declarations": "Déclarations", "ruptures": "Ruptures", "risks": "Risques",
        "copies": "Lignes identiques à une autre", "distinct": "Sans les identiques", "specialities": "Spécialités",
        "declarants": "Laboratoires déclarants", "closed": "Dossiers clos", "declarations_year": "Déclarations, cumul de l'année",
        "specialities_year": "Spécialités, cumul de l'année", "closed_year": "Dossiers clos, cumul de l'année"}  # fmt: skip
_SIDES = {"situations_month": "Situations du mois", "declarations_month": "Déclarations du mois",
          "ruptures_month": "Situations en rupture du mois", "situations_year": "Situations, cumul",
          "declarations_year": "Déclarations, cumul", "ruptures_year": "Situations en rupture, cumul"}  # fmt: skip
LEVELS = {"name": "Niveau de risque", **_SIDES, "ratio_month": "Situations du mois / déclarations (%)",
          "ratio_year": "Situations / déclarations, cumul (%)"}  # fmt: skip
CLASSES = {"group": "Classe ATC", "name": "Niveau de risque", **_SIDES}
DCIS = {"dci": "DCI", "atc_group": "Classe ATC", "declarations_month": "Déclarations du mois",
        "situations_month": "Spécialités du mois", "month_level": "Niveau du mois", "declarations_year": "Déclarations, cumul",
        "situations_year": "Spécialités, cumul", "year_level": "Niveau, cumul",
        "declared_months": "Réitération : mois avec déclaration", "repeated_declarations": "Réitération : déclarations",
        "known_months": "Mois connus sur la période"}  # fmt: skip
LABORATORIES = {"laboratory": "Laboratoire", "declarations_month": "Déclarations du mois",
                "situations_month": "Spécialités du mois", "share_month_pct": "Part du mois (%)",
                "declarations_year": "Déclarations, cumul", "situations_year": "Spécialités, cumul",
                "share_year_pct": "Part du cumul (%)"}  # fmt: skip
DECLARANTS = {"name": "Mesure", "month": "Mois", "year": "Cumul"}
CLOSED = {"name": "Mois", "closed": "Dossiers clos dans le mois", "closed_year": "Dossiers clos, cumul de l'année"}
MOVEMENTS = {"scope_name": "Périmètre", "name": "Sujet", "declarations": "Déclarations du mois",
             "usual_declarations": "Déclarations par mois, moyenne", "declarants": "Déclarants du mois",
             "usual_declarants": "Déclarants par mois, moyenne", "known_months": "Mois comparés",
             "laboratories": "Laboratoires", "text": "Commentaire"}  # fmt: skip
Make = Callable[[Monthly], pd.DataFrame]
_SCOPES = {"classe": "Classe ATC", "dci": "DCI", "specialite": "Spécialité"}


def past_of(shown: Monthly) -> pd.DataFrame:
    """The months of the chart."""
    return past(shown.past)


def past(table: pd.DataFrame) -> pd.DataFrame:
    """Months in words, with the count without identical lines."""
    return table.assign(
        name=table["month"].map(fr.long_month),
        source=table["source_key"].map(words.SOURCE),
        distinct=table["declarations"] - table["copies"],
    )


def levels(shown: Monthly) -> pd.DataFrame:
    """Rows by level, then the whole with its ratio to raw declarations."""
    table = shown.levels.assign(name=shown.levels["level"].map(words.level))
    total = table[list(_SIDES)].sum().to_frame().T.assign(name="Ensemble")
    both = pd.concat([table, total], ignore_index=True)
    return both.assign(
        ratio_month=_ratio(both["situations_month"], both["declarations_month"]),
        ratio_year=_ratio(both["situations_year"], both["declarations_year"]),
    )


def _ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (100 * part / whole.where(whole > 0)).astype("float64").round(1)


def classes(shown: Monthly) -> pd.DataFrame:
    """Rows by class then level, in the order of the screen."""
    order = {code: place for place, code in enumerate(shown.classes["atc_group"].fillna(""))}
    table = shown.class_levels.assign(
        group=shown.class_levels["atc_group"].map(words.group, na_action=None),
        name=shown.class_levels["level"].map(words.level),
        place=shown.class_levels["atc_group"].fillna("").map(order),
    )
    return table.sort_values(["place", "level_rank"], ascending=[True, False])


def dcis(shown: Monthly) -> pd.DataFrame:
    return shown.dcis.assign(
        month_level=shown.dcis["level_month"].map(words.level), year_level=shown.dcis["level_year"].map(words.level)
    )


def declarants(shown: Monthly) -> pd.DataFrame:
    """Block 5 where no laboratory may be named."""
    rows = [
        ("Laboratoires déclarants (exploitants)", "declarants"),
        ("Titulaires d'une spécialité déclarée, parmi les suivants", "declaring_holders"),
        ("Titulaires d'au moins un MITM commercialisé", "liable_holders"),
    ]
    return pd.DataFrame([{"name": name, "month": shown.month[key], "year": shown.year[key]} for name, key in rows])


def named(shown: Monthly) -> pd.DataFrame:
    """Block 5 where laboratories may be named; nothing elsewhere."""
    return pd.DataFrame(columns=list(LABORATORIES)) if shown.laboratories is None else shown.laboratories


def this_year(shown: Monthly) -> pd.DataFrame:
    """Months of the year up to the one shown."""
    first = pd.Timestamp(shown.year["first_month"])
    return past(shown.past[pd.to_datetime(shown.past["month"]) >= first])


def movements(shown: Monthly) -> pd.DataFrame:
    """Rises, one a row, with the sentence written of each."""
    table = shown.movements
    if table.empty:
        return pd.DataFrame(columns=list(MOVEMENTS))
    return table.assign(
        scope_name=table["scope"].map(_SCOPES),
        name=table.apply(words.subject, axis=1),
        text=table.apply(words.rise, axis=1),
    )

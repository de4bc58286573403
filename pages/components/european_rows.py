"""Declarations to the European platform as rows, each with what TrustMed says of the speciality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from pages.components import format as fr
from pages.components import templating, tokens

TEMPLATE = "components/european_rows"
PRESENCE = {
    "absente": "absente de TrustMed",
    "close": "close dans TrustMed",
    "ouverte": "ouverte aussi dans TrustMed",
    "ailleurs": "France non citée",
    "inconnue": "spécialité hors référentiel",
}
TWIN = {"esmp_no": "N° ESMP", "dci": "DCI", "denomination": "Spécialité", "cis": "CIS", "eu_number": "N° européen",
        "kind_label": "Type", "status": "Statut", "states": "États touchés", "start_on": "Début", "expected_end_on": "Fin attendue",
        "causes": "Causes", "share_pct": "Part de marché (%)", "measures": "Mesures", "updated_on": "Mise à jour",
        "presence_label": "Dans TrustMed", "is_mitm": "MITM"}  # fmt: skip
LIMIT = "plateforme obligatoire pour les seules autorisations centralisées"


def table(rows: Sequence[Mapping[str, Any]], caption: str) -> Markup:
    """rows: of *european_declaration*; empty without rows."""
    return templating.macro(TEMPLATE, "listed", [_displayed(row) for row in rows], caption) if rows else Markup()


def _displayed(row: Mapping[str, Any]) -> dict[str, Any]:
    code = row["cis"] if not fr.missing(row["cis"]) else row["eu_number"]
    return {
        **row,
        "name": f"{code}, hors référentiel" if fr.missing(row["denomination"]) else row["denomination"],
        "presence": PRESENCE[row["trustmed_presence"]],
        "is_absent": row["trustmed_presence"] == "absente",
    }


def named(found: pd.DataFrame) -> pd.DataFrame:
    """Same rows in words, for a table or a file."""
    return found.assign(
        kind_label=found["kind"].map(tokens.KIND_LABEL),
        states=found["member_states"].map(fr.listing),
        presence_label=found["trustmed_presence"].map(PRESENCE),
    )

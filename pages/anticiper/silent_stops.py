"""Codex beside the register: stops that no file announces, MITM that nobody markets, and how the denominators compare."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.codex import queries as codex
from metrics.referential import queries as referential
from pages.components import format as fr
from pages.components import lists, states, tables
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.components.templating import render

MOST = 10
SOURCE = "codex"
METHODS = (("Arrêts silencieux (Codex)", "codex_speciality"), ("Dénominateurs vérifiés", "codex_check"))
STATES = {
    "commercialisee": "commercialisée",
    "arretee": "arrêtée",
    "jamais": "jamais commercialisée",
    "absente": "absente",
}
GAPS = {
    "arretee_codex": "commercialisée à la BDPM, arrêtée au Codex",
    "jamais_codex": "commercialisée à la BDPM, sans commercialisation au Codex",
    "absente_codex": "commercialisée à la BDPM, absente du Codex",
    "arretee_bdpm": "commercialisée au Codex, plus à la BDPM",
    "absente_bdpm": "commercialisée au Codex, absente de la BDPM",
}
_COUNTS = (("stopped_in_codex", "arretee_codex"), ("never_in_codex", "jamais_codex"), ("absent_from_codex", "absente_codex"),
           ("unmarketed_in_bdpm", "arretee_bdpm"), ("absent_from_bdpm", "absente_bdpm"))  # fmt: skip
_TWIN = {"denomination": "Spécialité", "cis": "CIS", "dci": "DCI", "exploitant": "Exploitant", "holder": "Titulaire",
         "is_mitm": "MITM", "codex": "Au Codex", "marketed_on": "Commercialisée le", "stopped_on": "Arrêtée le",
         "marketed_presentations": "Présentations commercialisées (BDPM)", "gap": "Écart", "stop_no": "Dossier d'arrêt",
         "extracted_on": "Extraction du"}  # fmt: skip

Row = Mapping[str, Any]


def draw() -> None:
    """Nothing where no extract was ever received."""
    check = _check()
    if check is None:
        return
    silent.show()
    if not session.load(codex.is_visible):
        return
    context = {
        "Données au": fr.day(session.load(referential.snapshot)["as_of"]),
        "Réserve": "dates non toujours à jour au Codex",
    }
    for count, name, label, load in (
        (check["silent_stops"], "arrets-silencieux", "Arrêts silencieux", codex.silent_stops),
        (
            check["mitm_unmarketed"],
            "mitm-non-commercialises",
            "MITM non commercialisés selon le Codex",
            codex.mitm_unmarketed,
        ),
        (sum(check[name] for name, _ in _COUNTS), "ecarts-codex", "Écarts entre la BDPM et le Codex", codex.gaps),
    ):
        if count:
            tables.table_twin(partial(_lines, load), _TWIN, name, context, source="codex_speciality",
                              label=f"{label} : table et téléchargement")  # fmt: skip


@kept
def _check() -> dict[str, Any] | None:
    return session.load(codex.check)


def _lines(load: codex.Lines) -> pd.DataFrame:
    found = session.load(load)
    return found.assign(codex=found["codex_state"].map(STATES), gap=found["market_gap"].map(GAPS))


@block
def silent() -> Markup:
    """The count, the first lines for who may see laboratories, then how the two bases compare."""
    check = _check()
    if check is None:
        return Markup()
    shown, cut = lists.cut(figures.records(session.load(codex.silent_stops)), MOST, MOST)
    return render(
        "anticiper/silent_stops",
        state=states.of("codex_speciality"),
        sentence=sentence(check),
        rows=shown,
        cut=cut,
        denominators=denominators(check),
        gaps=[(GAPS[code], check[name]) for name, code in _COUNTS if check[name]],
    )


def sentence(check: Row) -> str:
    """« 9 arrêts écrits au Codex n'ont pas de dossier, dont 7 de MITM »."""
    if not check["silent_stops"]:
        return "Aucun arrêt du Codex ne manque au registre, depuis son premier dossier."
    count = fr.plural(check["silent_stops"], "arrêt écrit au Codex n'a", "arrêts écrits au Codex n'ont")
    mitm = check["silent_mitm_stops"]
    return f"{count} pas de dossier dans le registre{f', dont {fr.number(mitm)} de MITM' if mitm else ''}."


def denominators(check: Row) -> str:
    """Both counts, and the one that indicators use."""
    mitm = f"{fr.number(check['bdpm_mitm_marketed'])} selon la BDPM, {fr.number(check['codex_mitm_marketed'])} selon le Codex"
    unsold = fr.plural(check["mitm_unmarketed"], "MITM n'est pas commercialisé", "MITM ne sont pas commercialisés")
    return f"MITM commercialisés : {mitm} (extrait du {fr.day(check['extracted_on'])}), où {unsold}. Les indicateurs comptent ceux de la BDPM."

"""Why a declaration has its score: the thirteen lines, the two typed by the evaluator, what contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from connectors.language.rounding import downward
from connectors.language.typography import french
from data.access.roles import SEES_LABORATORIES
from data.journal import JournalUnavailable
from metrics.evaluation import queries as evaluation
from pages.components import format as fr
from pages.components import markup, risk, tables
from pages.components.access import identity
from pages.components.access.identity import NoAccess
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.risk import Awaited
from pages.components.shell import errors, session
from pages.components.templating import render

_COLUMNS = {
    "criterion": "Critère",
    "title": "Intitulé",
    "value": "Valeur lue",
    "unit": "Unité",
    "band_label": "Bande",
    "detail": "Détail",
    "points": "Points",
    "most_points": "Maximum",
}
_WITHOUT_VALUE = ("D", "E", "L", "M")  # the band says it all

Row = Mapping[str, Any]


@st.fragment
def draw(number: str, as_of: Any) -> None:
    """Section of the page of one declaration; alone it runs again when points are typed, and shows them at once."""
    try:
        identity.identity()
    except NoAccess:
        st.rerun(scope="app")
    session.begin()
    errors.contained(partial(_section, number, as_of))


@dataclass(frozen=True)
class Known:
    """What the snapshot says of one score: its criteria as a table, those that an evaluator types, their choices."""

    score: Row
    criteria: pd.DataFrame
    typed: list[dict[str, Any]]
    labels: dict[str, dict[int, str]]


@kept
def known(number: str) -> Known | None:
    """None for a declaration that has no score."""
    score = session.load(evaluation.score, number)
    if score is None:
        return None
    criteria = session.load(evaluation.criteria, number)
    typed = [row for row in figures.records(criteria) if row["is_typed"]]
    bands = {str(line["criterion"]): session.load(evaluation.bands, str(line["criterion"])) for line in typed}
    labels = {code: {int(band["points"]): str(band["label"]) for band in found} for code, found in bands.items()}
    return Known(score, criteria, typed, labels)


def _section(number: str, as_of: Any) -> None:
    found = known(number)
    if found is None:
        return
    place = st.container()
    context = {"Déclaration": number, "Données au": fr.day(as_of)}
    tables.table_twin(found.criteria, _COLUMNS, f"score-{number}", context, source="declaration_criterion")
    if identity.identity().role in SEES_LABORATORIES:
        label = french("Coter « Patients » et « Environnement »")
        box = st.expander(label, key=f"coter-{number}", on_change="rerun")
        if box.open:
            with box:
                _forms(number, found)
    with place:
        explained.show(number, dict(risk.awaiting([found.score])).get(number))


@block
def explained(number: str, awaited: Awaited | None) -> Markup:
    """Level, thirteen lines, contradictions. awaited: points and level of the next refresh, when something was typed."""
    lines = figures.records(session.load(evaluation.criteria, number))
    score = session.load(evaluation.score, number) or {}
    found = risk.before_and_after(session.load(evaluation.inconsistencies, number))
    return render(
        "declarations/score",
        score=score,
        awaited=awaited,
        again=_again(score),
        lines=[(line, reading(line)) for line in lines],
        contradictions=figures.records(found),
    )


def reading(line: Row) -> str:
    """The value with its unit, then the band it falls in."""
    band = str(line["band_label"])
    if not line["is_known"] or line["criterion"] in _WITHOUT_VALUE:
        return band
    digits = 0 if float(line["value"]).is_integer() else 1
    unit = str(line["unit"])
    if float(line["value"]) < 2 and unit.endswith("s") and unit != "jours":
        unit = unit.removesuffix("s")
    # Bands start at their bound: rounded downwards, the value is never written in the band above its own.
    return f"{fr.number(downward(line['value'], digits), digits)} {unit} : {band}"


def _again(score: Row) -> str:
    if fr.missing(score["ask_again_on"]):
        return "dossier clos, coté sur sa dernière version"
    words = "dormant depuis le" if score["is_dormant"] else "à redemander le"
    return f"{words} {fr.day(score['ask_again_on'])}, sans nouvelle depuis {fr.number(score['quiet_days'])} j"


def _forms(number: str, found: Known) -> None:
    for column, line in zip(st.columns(len(found.typed)), found.typed, strict=True):
        with column:
            _form(number, found, line)
    try:
        noted = identity.journal().evaluation_history(number)
    except JournalUnavailable:
        return
    markup.show(render("declarations/noted", noted=noted))


def _form(number: str, found: Known, line: Row) -> None:
    """Points and their reason go to the journal; the score shows at once what they will change."""
    code = str(line["criterion"])
    labels = found.labels[code]
    with st.form(f"coter-{number}-{code}", border=False, clear_on_submit=True):
        points = st.selectbox(
            f"{code} {line['title']}",
            list(labels),
            format_func=lambda value: f"{value} : {labels[value]}",
            placeholder="Choisir…",
        )
        reason = st.text_input("Motif (obligatoire)", max_chars=400)
        sent = st.form_submit_button(f"Enregistrer {code}")
    if sent:
        _evaluate(found.score, code, points, reason)


def _evaluate(score: Row, criterion: str, points: int, reason: str) -> None:
    try:
        identity.journal().evaluate(identity.identity(), str(score["declaration_no"]), criterion, points, reason)
    except ValueError as error:
        st.warning(f"{error} Rien n'a été enregistré.")
    except JournalUnavailable as error:
        st.error(str(error))
    else:
        st.success(french(f"Cotation enregistrée. {_followed(score)}"))


def _followed(score: Row) -> str:
    """What the points just typed change: « Score 18 → 21, en attente du prochain rafraîchissement »."""
    awaited = dict(risk.awaiting([score])).get(str(score["declaration_no"]))
    if awaited is None:
        return "Le score n'en est pas changé."
    return f"Score {fr.number(score['points'])} → {fr.number(awaited[0])}, en attente du prochain rafraîchissement."

"""Why a declaration has its score: the thirteen lines, the two typed by the evaluator, what contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from connectors.language.rounding import downward
from connectors.language.typography import french
from data.access.roles import SEES_LABORATORIES
from data.journal import JournalUnavailable
from metrics.evaluation import queries as evaluation
from pages.components import format as fr
from pages.components import markup, risk, tables, tokens
from pages.components.access import identity
from pages.components.charts import figures
from pages.components.shell import frame, session

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
_STYLE = f"""<style>
table.vs-score {{ border-collapse: collapse; width: 100%; font-size: .9375rem; }}
table.vs-score th {{ text-align: left; color: {tokens.SECONDARY}; font-weight: 600; font-size: .875rem; border-bottom: 1px solid {tokens.INK}; }}
table.vs-score td, table.vs-score th {{ padding: .3rem .8rem .3rem 0; vertical-align: top; border-bottom: 1px solid {tokens.LINES}; }}
table.vs-score .vs-right {{ text-align: right; white-space: nowrap; }}
</style>"""


def draw(number: str, as_of: Any) -> None:
    """Section of the page of one declaration; the level first, in words."""
    score = session.load(evaluation.score, number)
    if score is None:
        return
    table = session.load(evaluation.criteria, number)
    lines = figures.records(table)
    frame.section(
        "Score de risque",
        f"grille {score['grid_version']}, points et bornes à valider par l'ANSM ; chaque point avec la valeur lue",
    )
    markup.show(f'<p style="margin:0">{risk.level(score)} {_again(score)}</p>{html(lines)}')
    tables.table_twin(
        table,
        _COLUMNS,
        f"score-{number}",
        {"Déclaration": number, "Données au": fr.day(as_of)},
        source="declaration_criterion",
    )
    contradictions = session.load(evaluation.inconsistencies, number)
    if not contradictions.empty:
        markup.show(
            "".join(
                f'<p style="margin:.2rem 0">{_contradiction(row)}</p>'
                for row in figures.records(risk.before_and_after(contradictions))
            )
        )
    if identity.identity().role in SEES_LABORATORIES:
        with st.expander(french("Coter « Patients » et « Environnement »")):
            typed = [line for line in lines if line["is_typed"]]
            for column, line in zip(st.columns(len(typed)), typed, strict=True):
                with column:
                    _form(number, line)
            _history(number)


def html(lines: Sequence[Mapping[str, Any]]) -> str:
    """Thirteen rows: criterion, what was read, points over the maximum."""
    head = "".join(
        f"<th{' class=vs-right' if name == 'Points' else ''}>{name}</th>"
        for name in ("Critère", "Valeur lue", "Points")
    )
    return f'{_STYLE}<table class="vs-score"><thead><tr>{head}</tr></thead><tbody>{"".join(map(_row, lines))}</tbody></table>'


def _row(line: Mapping[str, Any]) -> str:
    detail = "" if fr.missing(line["detail"]) else f'<br><span class="vs-note">{escape(str(line["detail"]))}</span>'
    points = f"<b>{fr.number(line['points'])}</b> / {fr.number(line['most_points'])}"
    return (
        f"<tr><td><b>{line['criterion']}</b> {escape(str(line['title']))}</td><td>{_reading(line)}{detail}</td>"
        f'<td class="vs-right vs-num">{points}</td></tr>'
    )


def _reading(line: Mapping[str, Any]) -> str:
    """The value with its unit, then the band it falls in."""
    band = escape(str(line["band_label"]))
    if not line["is_known"] or line["criterion"] in ("D", "E", "L", "M"):
        return band
    digits = 0 if float(line["value"]).is_integer() else 1
    unit = str(line["unit"])
    if float(line["value"]) < 2 and unit.endswith("s") and unit != "jours":
        unit = unit.removesuffix("s")
    # Bands start at their bound: rounded downwards, the value is never written in the band above its own.
    return f"{fr.number(downward(line['value'], digits), digits)} {escape(unit)} : {band}"


def _again(score: Mapping[str, Any]) -> str:
    if fr.missing(score["ask_again_on"]):
        return '<span class="vs-note">dossier clos, coté sur sa dernière version</span>'
    words = "dormant depuis le" if score["is_dormant"] else "à redemander le"
    return f'<span class="vs-note">{words} {fr.day(score["ask_again_on"])}, sans nouvelle depuis {fr.number(score["quiet_days"])} j</span>'


def _contradiction(row: Mapping[str, Any]) -> str:
    return (
        f"<b>Incohérence</b>, version {fr.number(row['version_no'])} du {fr.day(row['version_on'])} : "
        f"{escape(str(row['field']))}, {escape(str(row['before_text']))} → {escape(str(row['after_text']))}."
    )


def _form(number: str, line: Mapping[str, Any]) -> None:
    """Points and their reason go to the journal; the score follows at the next refresh."""
    code = str(line["criterion"])
    labels = {int(band["points"]): str(band["label"]) for band in session.load(evaluation.bands, code)}
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
        _evaluate(number, code, points, reason)


def _evaluate(number: str, criterion: str, points: int, reason: str) -> None:
    try:
        identity.journal().evaluate(identity.identity(), number, criterion, points, reason)
    except ValueError as error:
        st.warning(f"{error} Rien n'a été enregistré.")
    except JournalUnavailable as error:
        st.error(str(error))
    else:
        st.success(french("Cotation enregistrée : le score en tiendra compte au prochain rafraîchissement."))


def _history(number: str) -> None:
    try:
        known = identity.journal().evaluation_history(number)
    except JournalUnavailable:
        return
    lines = [
        f'<p class="vs-note" style="margin:.15rem 0">{item.criterion} : {item.points} point(s), {escape(item.reason)} '
        f"({escape(item.login)}, {fr.moment(item.at)})</p>"
        for item in known
    ]
    markup.show("".join(lines) or '<p class="vs-note">Aucune cotation enregistrée.</p>')

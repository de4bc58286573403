"""Préparations magistrales of the subject: the weeks counted beside its sales, unknown weeks left unknown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.coverage import queries as coverage
from metrics.preparations import queries as preparations
from pages.components import format as fr
from pages.components import tables, tokens
from pages.components.blocks import Drawn, block, chart, kept
from pages.components.charts import figures, legend
from pages.components.charts import preparations as panels
from pages.components.charts.legend import Legend, Mark
from pages.components.shell import frame, session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.view import View

ORIGINS = {"saisie": "saisie de l'ANSM", "fichier": "fichier des semaines passées"}
_WEEKS = 8  # in the block; the table has them all
_TWIN = {"week": "Semaine du", "preparations": "Préparations magistrales", "pharmacies": "Officines",
         "recommendation_on": "Recommandation du", "origin_label": "Source", "state_label": "État"}  # fmt: skip
_REASON = {"reason": "Motif"}
_KINDS = {"openhealth": "sold", "exploitants": "measured", "officines": "legal"}


def draw(seen: View) -> None:
    """What was published; nothing at all for a subject that has no week counted, itself or beside it."""
    counted.show(seen.id)
    if _is_counted(seen.id):
        drawing.show("preparations", seen.id, frame.scale())
        twin(seen)


@block
def counted(subject_id: str) -> Markup:
    """Last week with its date and state, the weeks before it, where else the DCI is counted."""
    rows = figures.records(session.load(preparations.weekly, subject_id))
    elsewhere = session.load(preparations.elsewhere, subject_id)
    if not rows and not elsewhere:
        return Markup()
    return render(
        "molecules/preparations",
        last=rows[-1] if rows else None,
        sentence=sentence(rows[-1]) if rows else "",
        rows=[row | {"origin_label": ORIGINS[row["origin"]]} for row in reversed(rows[-_WEEKS:])],
        more=max(len(rows) - _WEEKS, 0),
        elsewhere=elsewhere,
    )


def sentence(row: Mapping[str, Any]) -> str:
    """« 120 préparations dans 35 officines en S46 2026, recommandées le 02/11/2026 »."""
    words = fr.plural(row["preparations"], "préparation", "préparations")
    if not fr.missing(row["pharmacies"]):
        words += f" dans {fr.plural(row['pharmacies'], 'officine', 'officines')}"
    words += f" en {fr.week(row['week'], year=True)}"
    if not fr.missing(row["recommendation_on"]):
        words += f", recommandation du {fr.day(row['recommendation_on'])}"
    return words


@kept
def _is_counted(subject_id: str) -> bool:
    return bool(len(session.load(preparations.weekly, subject_id)))


@kept
def sales_beside(subject_id: str) -> dict[str, pd.DataFrame]:
    """Curves of sales that this artefact holds: week, boxes."""
    weekly = session.load(coverage.weekly, subject_id)
    curves = {"openhealth": session.load(coverage.sales, subject_id)}
    for link in ("exploitants", "officines"):
        curves[link] = weekly[weekly["link"] == link].rename(columns={"sales_boxes": "boxes"})
    return {name: table[["week", "boxes"]] for name, table in curves.items()}


@chart
def drawing(subject_id: str, scale: float) -> Drawn:
    """Sales above, preparations below."""
    seen = view.known(subject_id)
    rows = session.load(preparations.weekly, subject_id)
    figure = panels.preparations_panels(rows, sales_beside(subject_id), as_of=seen.as_of, scale=scale)
    drawn = {str(trace.name) for trace in figure.data}
    lines = [Mark(_KINDS[name], title) for name, (title, _) in panels.SALES.items() if title in drawn]
    areas = legend.areas([(f"{panels.COUNTED} (sans barre : inconnu)", tokens.RAMP[4])])
    words = f"Préparations magistrales et ventes : {sentence(figures.records(rows)[-1])}"
    return figure, words, Legend("boîtes, puis préparations, par semaine", (*lines, *areas, *legend.on(figure)))


def twin(seen: View) -> None:
    """Every week counted; the reason is for who may see laboratories: an agent wrote it freely."""
    columns = _TWIN | (_REASON if seen.may_see else {})
    context = {"Sujet": str(seen.facts["label"]), "Données au": fr.day(seen.as_of)}
    tables.table_twin(partial(_rows, seen.id), columns, f"preparations-{seen.key}", context, source="preparation_weekly",
                      label="Préparations magistrales : table et téléchargement")  # fmt: skip


def _rows(subject_id: str) -> pd.DataFrame:
    table = session.load(preparations.weekly, subject_id).sort_values("week", ascending=False)
    states = ["en retard" if state == "en_retard" else "à jour" for state in table["figure_state"]]
    return table.assign(origin_label=table["origin"].map(ORIGINS), state_label=states)

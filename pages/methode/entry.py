"""Parts of *Méthode* as HTML: an indicator's entry, its thresholds, the bands of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from data.sqlfiles import SqlFile
from pages.components import badges, tokens
from pages.components import format as fr

# Key of the query's header → what the reader sees, in the order of reading.
LABELS = {
    "formule": "Formule",
    "unité": "Unité",
    "grain": "Une valeur par",
    "absence": "Ce que veut dire une case vide",
    "source": "Source",
    "règle": "Règle",
}

STYLE = f"""<style>
h3.vs-family {{ font-size: 1rem; font-weight: 650; margin: .9rem 0 .15rem; padding: 0; }}
p.vs-here {{ margin: 0; padding: .3rem .6rem; border-left: 3px solid {tokens.ACCENT}; font-weight: 600;
  background: {tokens.SURFACE}; }}
.st-key-methode-sommaire [data-testid="stPageLink"] a {{ background: none; }}
.st-key-methode-sommaire [data-testid="stPageLink"] p {{ white-space: normal; line-height: 1.3; }}
</style>"""


def html(indicator: SqlFile, thresholds: pd.DataFrame, columns: Sequence[Mapping[str, Any]] = ()) -> str:
    """Question, then each part of the method, the thresholds it rests on, resolved, and the columns of its table."""
    parts = [(label, _sentence(indicator.method.get(key, ""))) for key, label in LABELS.items()]
    rows = [(f"<b>{label}</b>", escape(text)) for label, text in parts if text]
    return (
        f'<h2 class="vs-section">{escape(indicator.question)}</h2>{table((), rows)}{_rests_on(indicator, thresholds)}'
        f'{_columns(columns)}<p class="vs-note">Requête : {escape(indicator.name)}</p>'
    )


def _columns(columns: Sequence[Mapping[str, Any]]) -> str:
    """Name, unit, description and meaning of an empty cell of each column; nothing without a table."""
    if not columns:
        return ""
    rows = [
        (
            f"<code>{escape(row['column_name'])}</code>",
            escape(row["description"]),
            escape(row["unit"] or ""),
            escape(row["empty"] or "jamais vide"),
        )
        for row in columns
    ]
    found = table(("Colonne", "Ce qu'elle dit", "Unité", "Case vide"), rows)
    return f"<details><summary>Colonnes de la table ({len(columns)})</summary>{found}</details>"


def _sentence(text: str) -> str:
    """A dash in the header means that the part does not apply."""
    return "" if text in ("", "–") else text[0].upper() + text[1:]


def _rests_on(indicator: SqlFile, thresholds: pd.DataFrame) -> str:
    names = [name.strip() for name in indicator.method.get("seuils", "").split(",") if name.strip()]
    if not names or thresholds.empty:
        return ""
    rows = thresholds.set_index("name").loc[[n for n in names if n in set(thresholds["name"])]].to_dict("records")
    found = table(("Seuil", "Valeur", "Origine", ""), [threshold_row(row) for row in rows])
    return f'<h3 class="vs-section" style="font-size:1rem">Seuils employés</h3>{found}'


def threshold_row(row: Mapping[Any, Any]) -> tuple[str, str, str, str]:
    """Cells of one threshold: label, value with its unit, origin, mark."""
    value = f"{fr.number(row['value'], 0 if float(row['value']).is_integer() else 1)} {row['unit']}"
    return (
        escape(row["label"]),
        f"<b>{escape(value)}</b>",
        escape(row["origin"]),
        mark(to_validate=row["to_validate"]),
    )


def mark(*, to_validate: bool) -> str:
    """The mark of a value that nothing public fixes."""
    return badges.chip("à valider", strong=True) if to_validate else ""


def plan_html(plan: Mapping[str, Any], bands: Iterable[Mapping[str, Any]]) -> str:
    """Title and origin of a plan, then its links against their bounds."""
    head = (
        f"<b>{escape(plan['title'])}</b>, saison {escape(str(plan['season']))} {mark(to_validate=plan['to_validate'])}"
    )
    origin = f'<span class="vs-note">Liste : {escape(plan["origin"])}</span>'
    rows = [
        (
            escape(row["label"]),
            f"{bound(row['satisfactory_days'])} et plus",
            f"de {fr.number(row['acceptable_days'])} à moins de {bound(row['satisfactory_days'])}",
            f"moins de {bound(row['acceptable_days'])}",
            escape(row["origin"]),
            mark(to_validate=row["to_validate"]),
        )
        for row in bands
    ]
    heads = ("Maillon", "Satisfaisante", "Acceptable", "Insatisfaisante", "Origine", "")
    return f'<p style="margin:.5rem 0">{head}<br>{origin}</p>{table(heads, rows)}'


def bound(days: float) -> str:
    """A bound as it is written in its plan: whole days when they are whole."""
    return f"{fr.number(days, 0 if float(days).is_integer() else 1)} j"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Table of cells already escaped."""
    head = f"<thead><tr>{''.join(f'<th>{escape(name)}</th>' for name in heads)}</tr></thead>" if heads else ""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<table class="vs-table">{head}<tbody>{body}</tbody></table>'

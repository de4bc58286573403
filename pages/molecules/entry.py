"""Entry of the molecules: what plans follow, with its weakest link; what is most declared. The frame's box finds the others."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from markupsafe import Markup

from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from metrics.review import queries as review
from pages.components import format as fr
from pages.components import lists, tension
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.search import index
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules.view import shorten

QUESTION = "Quelle molécule ouvrir ?"


@block
def page(unknown: str, here: Here, most: int) -> Markup:
    """The page without a subject; ``unknown`` is a subject asked for that does not exist."""
    subjects = session.load(referential.subjects)
    groups = int((subjects["kind"] == "groupe").sum())
    followed = [displayed(row) for row in figures.records(session.load(review.followed))]
    declared = [row for row in figures.records(session.load(declarations.summary)) if row["open_declarations"] > 0]
    return render(
        "molecules/entry",
        question=QUESTION,
        groups=groups,
        others=len(subjects) - groups,
        unknown=shorten(unknown, 60),
        plans=[
            (title, sorted(rows, key=_gravity)) for title, rows in groupby(followed, key=lambda row: str(row["title"]))
        ],
        declared=lists.cut(declared, most),
        here=here,
    )


_GRAVEST = ("insatisfaisante", "acceptable", "satisfaisante")


def _gravity(row: dict[str, Any]) -> int:
    """The gravest first, in the order of the plan; what nobody measured, last."""
    return _GRAVEST.index(row["weakest_status"]) if row["weakest_status"] in _GRAVEST else len(_GRAVEST)


def displayed(row: dict[str, Any]) -> dict[str, Any]:
    """A followed group with its weakest link, and the links of which nothing is known."""
    names = [] if fr.missing(row["weakest_status"]) else [str(row["weakest_label"]), tension.unknown(row)]
    return {**row, "names": ", ".join(filter(None, names))}


@block
def results(typed: str, here: Here, most: int) -> Markup:
    """Subjects that answer what the address asks for (« ?q=J01CA »): groups first, then DCI."""
    known = {str(row["subject_id"]): row for row in figures.records(session.load(referential.subjects))}
    order, found = index.subjects(typed)
    rows, cut = lists.cut([known[key] for key in order], most)
    return render("molecules/results", typed=typed, corrected=found.corrected, rows=rows, cut=cut, here=here)

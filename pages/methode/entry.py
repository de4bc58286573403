"""Parts of *Méthode*: answer and tabs, an indicator's entry, the thresholds, the bands of plans, the signs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from data.sqlfiles import SqlFile
from metrics import methods
from metrics.plans import queries as plans
from pages.components import format as fr
from pages.components import lists
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.shell import session
from pages.components.templating import render
from pages.methode import signs as glossary

QUESTION = "Que mesure chaque indicateur, et comment ?"
# Key of the query's header → what the reader sees, in the order of reading.
LABELS = {
    "formule": "Formule",
    "unité": "Unité",
    "grain": "Une valeur par",
    "absence": "Ce que veut dire une case vide",
    "source": "Source",
    "règle": "Règle",
}
INDICATORS, THRESHOLDS, BANDS, SIGNS = "", "seuils", "bornes", "signes"
VIEWS = {INDICATORS: "Indicateurs", THRESHOLDS: "Seuils", BANDS: "Bornes des plans", SIGNS: "Signes"}

Row = Mapping[str, Any]


@block
def head(here: Here, view: str) -> Markup:
    """Answer, then the tabs with what each holds."""
    known = _thresholds()
    followed = figures.records(session.load(plans.plans))
    counts = {INDICATORS: len(methods.methods()), THRESHOLDS: len(known), BANDS: len(followed), SIGNS: glossary.COUNT}
    return render(
        "methode/head",
        here=here,
        question=QUESTION,
        answer=sentence(len(methods.methods()), [row["to_validate"] for row in known]),
        tabs=[(key, words, counts[key]) for key, words in VIEWS.items()],
        view=view,
    )


def sentence(indicators: int, to_validate: list[bool]) -> str:
    """How many indicators, and how much of what they rest on is still to be validated."""
    waiting = fr.plural(sum(map(bool, to_validate)), "seuil", "seuils")
    verb = "reste" if sum(map(bool, to_validate)) < 2 else "restent"
    return f"{fr.plural(indicators, 'indicateur défini', 'indicateurs définis')} ; {waiting} sur {len(to_validate)}, sans source publique, {verb} à valider."


def opened(asked: str) -> str:
    """Indicator of the address, else the first one of the list."""
    known = methods.methods()
    return asked if asked in known else next(name for names in methods.families().values() for name in names)


def question_of(asked: str) -> str:
    """Of the indicator that the address names; nothing while it names none."""
    known = methods.methods()
    return known[asked].question if asked in known else ""


@block
def indicator(name: str) -> Markup:
    """The list of all by family; beside it the question, each part of the method, thresholds resolved, columns."""
    known = methods.methods()
    return render(
        "methode/indicator",
        families=[(family, [known[key] for key in names]) for family, names in methods.families().items()],
        chosen=known[name],
        method=[(label, text) for key, label in LABELS.items() if (text := _sentence(known[name].method.get(key, "")))],
        rests_on=_rests_on(known[name]),
        columns=session.load(methods.columns, name),
    )


@block
def thresholds(here: Here, most: int) -> Markup:
    """Thresholds, from one table."""
    rows, cut = lists.cut(_thresholds(), most)
    return render("methode/thresholds", here=here, rows=rows, cut=cut)


@block
def bands() -> Markup:
    """Links of each plan against their bounds."""
    followed = figures.records(session.load(plans.plans))
    return render("methode/bands", plans=[(row, _bands(str(row["plan"]))) for row in followed])


@block
def signs() -> Markup:
    """What the word, the symbol and the outline of a figure say."""
    return glossary.html()


def _sentence(text: str) -> str:
    """A dash in the header means that the part does not apply."""
    return "" if text in ("", "–") else text[0].upper() + text[1:]


def _rests_on(chosen: SqlFile) -> list[Row]:
    known = {row["name"]: row for row in _thresholds()}
    names = [name.strip() for name in chosen.method.get("seuils", "").split(",")]
    return [known[name] for name in names if name in known]


def _thresholds() -> list[dict[str, Any]]:
    rows = figures.records(session.load(methods.thresholds))
    return [row | {"written": f"{_whole(row['value'])} {unit(row['value'], str(row['unit']))}"} for row in rows]


def unit(value: float, words: str) -> str:
    """« 1 jour après la date »: French counts in the plural from two on."""
    name, space, rest = words.partition(" ")
    return f"{name.removesuffix('s')}{space}{rest}" if abs(value) < 2 and name != "mois" else words


def _bands(plan: str) -> list[dict[str, Any]]:
    rows = figures.records(session.load(plans.bands, plan))
    return [row | {"high": bound(row["satisfactory_days"]), "low": bound(row["acceptable_days"]),
                   "from_low": fr.number(row["acceptable_days"])} for row in rows]  # fmt: skip


def bound(days: float) -> str:
    """A bound as it is written in its plan: whole days when they are whole."""
    return f"{_whole(days)} j"


def _whole(value: float) -> str:
    return fr.number(value, 0 if float(value).is_integer() else 1)

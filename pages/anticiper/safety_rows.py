"""Safety stocks on screen: the answer, by duty and by company, then one row per speciality."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from markupsafe import Markup

from metrics.referential import queries as referential
from pages.anticiper import safety_choice
from pages.anticiper import safety_words as words
from pages.anticiper.safety_choice import EVERY, Choice, Row
from pages.components import badges, lists, states, tokens
from pages.components import format as fr
from pages.components.blocks import block
from pages.components.links import Here
from pages.components.shell import session
from pages.components.templating import render

QUESTION = "Les stocks de sécurité sont-ils tenus ?"
MOST_LABORATORIES = 15
MOST_CURVES = 60  # a year of weeks is half the weight of a row
FURTHEST = "manque"
ORDERS = {FURTHEST: "place", "specialite": "folded_name", "laboratoire": "folded_laboratory", "du": "duty_months",
          "detenu": "months", "jours": "days_under"}  # fmt: skip


def order(wanted: str) -> str:
    """The order of the address, when the list knows it."""
    return wanted if wanted.removeprefix("-") in ORDERS else FURTHEST


@block
def answer(chosen: Choice) -> Markup:
    """Question and answer, which says what the filters keep; what the figures are not; by duty and by company."""
    base = safety_choice.base(chosen)
    lead, rest = words.sentence(base, chosen.crossing, is_filtered=chosen.is_filtered)
    return render(
        "anticiper/safety_head",
        question=QUESTION,
        lead=lead,
        rest=rest,
        as_of=session.load(referential.snapshot)["as_of"],
        state=states.of("safety_stock"),
        short=words.SHORT_CAUTION,
        caution=words.CAUTION,
        groups=list(words.GROUPS.values()),
        duties=duties(base),
        laboratories=laboratories(base)[:MOST_LABORATORIES],
        more=max(len(laboratories(base)) - MOST_LABORATORIES, 0),
    )


@block
def board(chosen: Choice, here: Here, wanted: str, most: int, opened: str) -> Markup:
    """States and crossings with their counts, then the first lines in the order asked for; ``opened``: a CIS."""
    ordered, current = lists.sorted_by(safety_choice.rows(chosen), wanted, ORDERS, FURTHEST)
    shown, cut = lists.cut(ordered, most, lists.HEAVIEST)
    base = safety_choice.base(chosen)
    return render(
        "anticiper/safety",
        here=here,
        chosen=chosen,
        groups=[
            (key, label, sum(safety_choice.is_in(row, key) for row in base))
            for key, label in (*words.GROUPS.items(), (EVERY, "Toutes"))
        ],
        crossings=[
            (key, label, sum(safety_choice.is_in(row, EVERY, key) for row in base))
            for key, label in words.SHORT_CROSSINGS.items()
        ],
        duties=[("", "Toutes obligations"), *words.DUTIES.items()],
        order=current,
        with_curves=most <= MOST_CURVES,
        rows=[displayed(row, opened, with_curve=most <= MOST_CURVES) for row in shown],
        cut=cut,
    )


def displayed(row: Row, opened: str = "", *, with_curve: bool = True) -> Row:
    """A line with its duty, its stock and what stands beside in words; its boxes when it is opened."""
    look = tokens.STATUS["insatisfaisante" if row["group"] == "dessous" or row["is_under"] is True else "satisfaisante"]
    is_known = row["group"] != "inconnu"
    is_opened = bool(opened) and row["cis"] == opened
    key = (str(row["cis"]), str(row["laboratory"]))
    return {
        **row,
        "owed": words.owed(row["duty_months"]),
        "duty_words": words.DUTIES[str(row["duty_origin"])],
        "counted": _counted(row),
        "held": words.months(row["months"]) if is_known else "",
        "look": look,
        "word": "Sous le seuil" if look is tokens.STATUS["insatisfaisante"] else "Tenu",
        "line": badges.sparkline(list(row["spark"]), look.colour, words.months)
        if is_known and with_curve
        else Markup(),
        "since": _since(row),
        "remarks": _remarks(row),
        "is_opened": is_opened,
        "boxes_listed": [_box(box) for box in safety_choice.boxes_by_line().get(key, [])] if is_opened else [],
    }


def _counted(row: Row) -> str:
    """« 2 des 3 présentations, en comprimés »: what the figure adds up, and in what."""
    counted, marketed = int(row["boxes"]), int(row["boxes_marketed"])
    count = (
        fr.plural(counted, "présentation", "présentations")
        if counted == marketed
        else f"{counted} des {marketed} présentations"
    )
    known = not fr.missing(row["unit_word"]) and row["unit_word"] != "boîte"
    return f"{count}, en {row['unit_word']}" if counted and known else count


def _since(row: Row) -> str:
    if not row["days_known"] or fr.missing(row["under_since_on"]):
        return ""
    whole = row["days_under"] == row["days_known"]
    return "toute la période connue" if whole else f"sans retour depuis le {fr.day(row['under_since_on'])}"


def _remarks(row: Row) -> list[str]:
    """What does not change the line: excluded weeks, a reference decided by hand, a reading not received."""
    parts = []
    if not fr.missing(row["back_nos"]):
        weeks = fr.plural(row["back_weeks"], "semaine", "semaines")
        parts.append(f"{row['back_nos']} : stock revenu depuis {weeks}, déclaration à clore ?")
    if row["is_candidate"]:
        months = fr.plural(row["declared_months"], "mois déclaré", "mois déclarés")
        parts.append(f"Candidate à quatre mois : {months} sur les deux années civiles précédentes")
    if not fr.missing(row["excluded_weeks"]) and row["excluded_weeks"]:
        parts.append(fr.plural(row["excluded_weeks"], "semaine exclue", "semaines exclues") + " de la référence")
    if not fr.missing(row["manual_reason"]):
        parts.append("Référence manuelle du sujet, non appliquée ici")
    return parts + ([] if fr.missing(row["state_reason"]) else [str(row["state_reason"])])


def _box(box: Row) -> Row:
    return {**box, "held": words.months(box["months"])}


def duties(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """One line per duty, then the whole: how many owe it, and what is known of them."""
    lines = []
    for origin, label in words.DUTIES.items():
        mine = [row for row in rows if row["duty_origin"] == origin]
        if mine:
            lines.append(_duty(f"{label}{_months_of(mine)}", mine))
    return [*lines, _duty("Ensemble", rows)]


def _months_of(mine: Sequence[Row]) -> str:
    owed = sorted({float(row["duty_months"]) for row in mine})
    return f" : {' ou '.join(words.owed(value) for value in owed)}" if len(owed) < 3 else ""


def _duty(label: str, mine: Sequence[Row]) -> dict[str, Any]:
    counts = [len(mine), *(sum(row["group"] == group for row in mine) for group in words.GROUPS)]
    known = [float(row["months"]) for row in mine if row["group"] in ("dessous", "tenu")]
    return {"label": label, "counts": counts, "median": words.months(median(known) if known else None)}


def laboratories(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Companies with specialities under their duty, those with the most first: under, of how many known."""
    found: dict[str, list[int]] = {}
    for row in rows:
        counts = found.setdefault(str(row["laboratory"]), [0, 0, 0])
        counts[0] += row["group"] == "dessous"
        counts[1] += row["group"] in ("dessous", "tenu")
        counts[2] += 1
    ordered = sorted(found.items(), key=lambda item: (-item[1][0], item[1][2], item[0]))
    return [{"laboratory": name, "under": under, "known": known} for name, (under, known, _) in ordered if under]

"""Management plans on screen: the answer, then one row per speciality that owes one."""

from __future__ import annotations

from markupsafe import Markup

from metrics.referential import queries as referential
from pages.anticiper import pgp_choice
from pages.anticiper import pgp_words as words
from pages.anticiper.pgp_choice import Choice, Row
from pages.components import format as fr
from pages.components import lists, states
from pages.components.blocks import block
from pages.components.links import Here
from pages.components.shell import session
from pages.components.templating import render

QUESTION = "Qui n'a pas de plan de gestion, et que promettent les autres ?"
POOREST = "plan"
ORDERS = {POOREST: "place", "specialite": "folded_name", "laboratoire": "folded_laboratory",
          "promis": "safety_stock_months", "du": "duty_months", "declarations": "open_declarations"}  # fmt: skip
MOST_WORDS, MOST_NUMBERS = 110, 3
ALARMING = ("aucun", "illisible", "insuffisant")


def order(wanted: str) -> str:
    """The order of the address, when the list knows it."""
    return wanted if wanted.removeprefix("-") in ORDERS else POOREST


@block
def answer(chosen: Choice) -> Markup:
    """Question and answer, which says what the words keep."""
    lead, rest = words.sentence(pgp_choice.base(chosen), is_filtered=bool(chosen.typed))
    others = pgp_choice.others()
    more = (
        f" {fr.plural(others, 'fiche porte', 'fiches portent')} sur une spécialité qui n'en doit pas." if others else ""
    )
    return render(
        "anticiper/sites_head",
        question=QUESTION,
        lead=lead,
        rest=rest,
        as_of=session.load(referential.snapshot)["as_of"],
        state=states.of("management_plan"),
        caution=words.CAUTION + more,
    )


@block
def board(chosen: Choice, here: Here, wanted: str, most: int) -> Markup:
    """States and gaps with their counts, then the first lines in the order asked for."""
    ordered, current = lists.sorted_by(pgp_choice.rows(chosen), wanted, ORDERS, POOREST)
    shown, cut = lists.cut(ordered, most, lists.HEAVY)
    base = pgp_choice.base(chosen)
    return render(
        "anticiper/pgp",
        here=here,
        chosen=chosen,
        groups=[
            (key, label, sum(pgp_choice.is_in(row, key) for row in base))
            for key, label in (("", "Toutes"), *words.GROUPS.items())
        ],
        crossings=[
            (key, label, sum(pgp_choice.is_in(row, "", key) for row in base))
            for key, (_, label) in words.CROSSINGS.items()
        ],
        order=current,
        rows=[displayed(row) for row in shown],
        cut=cut,
    )


def displayed(row: Row) -> Row:
    """A line with its plan, its stock and its measures in words."""
    measures = [("Prévention", row["prevention_measures"]), ("Pénurie", row["shortage_measures"])]
    numbers = [] if fr.missing(row["declaration_nos"]) else str(row["declaration_nos"]).split(", ")
    return {
        **row,
        "is_alarming": row["plan_state"] in ALARMING,
        "stock": words.stock(row),
        "is_under": row["is_under_duty"] is True,
        "said": words.SAID.get(str(row["has_risk_by_step"]), ""),
        "measures": [(name, shortened(str(text))) for name, text in measures if not fr.missing(text)],
        "declared": numbers[:MOST_NUMBERS],
        "undrawn": len(numbers[MOST_NUMBERS:]),
    }


def shortened(text: str) -> str:
    """A cell may hold a page: the whole is in the file, and on the declaration."""
    return text if len(text) <= MOST_WORDS else f"{text[:MOST_WORDS].rsplit(' ', 1)[0]} […]"

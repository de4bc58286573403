"""Sites on screen: the list, what depends on one of them, where laboratories and the public list of MITM differ."""

from __future__ import annotations

from markupsafe import Markup

from metrics.referential import queries as referential
from metrics.sites import queries as sites
from pages.anticiper import site_choice
from pages.anticiper import site_words as words
from pages.anticiper.site_choice import Choice, Row
from pages.components import format as fr
from pages.components import lists, states
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.shell import session
from pages.components.templating import render

QUESTION = "De quels sites dépendent nos médicaments ?"
WHAT_IF = "Que ferait manquer l'arrêt de ce site ?"
MOST_GAPS = 10
MOST_NUMBERS = 3
HEAVIEST = "-dci"
ORDERS = {"dci": "dcis", "site": "folded_name", "pays": "folded_country", "specialites": "specialities",
          "mitm": "mitm_specialities", "unique": "only_specialities", "declarations": "open_declarations"}  # fmt: skip


def order(wanted: str) -> str:
    """The order of the address, when the list knows it."""
    return wanted if wanted.removeprefix("-") in ORDERS else HEAVIEST


@block
def answer(chosen: Choice) -> Markup:
    """Question and answer, which says what the filters keep."""
    lead, rest = words.sentence(site_choice.rows(chosen), session.load(sites.counts), is_filtered=chosen.is_filtered)
    return render(
        "anticiper/sites_head",
        question=QUESTION,
        lead=lead,
        rest=rest,
        as_of=session.load(referential.snapshot)["as_of"],
        state=states.of("production_site"),
        caution=words.CAUTION,
    )


@block
def board(chosen: Choice, here: Here, wanted: str, most: int) -> Markup:
    """Places and steps as links, then the first sites in the order asked for."""
    ordered, current = lists.sorted_by(site_choice.rows(chosen), wanted, ORDERS, HEAVIEST)
    shown, cut = lists.cut(ordered, most, lists.HEAVY)
    return render(
        "anticiper/sites",
        here=here,
        chosen=chosen,
        places=site_choice.places(chosen),
        steps=[("", "Toutes étapes"), *((step, fr.capital(step)) for step in sites.STEPS)],
        only=[("", "Tous les sites"), ("oui", fr.capital(words.ONLY))],
        order=current,
        rows=[displayed(row) for row in shown],
        cut=cut,
        is_declared=site_choice.is_declared(),
    )


def displayed(row: Row) -> Row:
    return {**row, "where": words.where(row), "is_known": not fr.missing(row["country"])}


@block
def gaps() -> Markup:
    """MITM said by a laboratory and absent from the list, then the contrary."""
    found = figures.records(session.load(sites.mitm_gaps))
    shown, cut = lists.cut(found, MOST_GAPS, MOST_GAPS)
    return render(
        "anticiper/site_gaps",
        sentence=words.gaps(session.load(sites.counts)),
        rows=[{**row, "gap": words.GAPS[str(row["mitm_gap"])]} for row in shown],
        cut=cut,
    )


@block
def one(site_key: str, here: Here, most: int) -> Markup:
    """What depends on one site: way back, answer, its specialities; ``LookupError`` for an unknown one."""
    row = site_choice.one(site_key)
    if row is None:
        raise LookupError(site_key)
    depending = site_choice.depending(site_key)
    shown, cut = lists.cut(depending, most, lists.HEAVY)
    is_declared = site_choice.is_declared()
    lead, rest = words.dependence(row, depending, is_declared=is_declared)
    return render(
        "anticiper/site",
        question=WHAT_IF,
        lead=lead,
        rest=rest,
        as_of=session.load(referential.snapshot)["as_of"],
        state=states.of("production_site"),
        here=here,
        row=displayed(row),
        name=words.named(row),
        beside=words.BESIDE,
        rows=[_speciality(line) for line in shown],
        cut=cut,
        is_declared=is_declared,
    )


def _speciality(line: Row) -> Row:
    gap = "" if fr.missing(line["mitm_gap"]) else words.GAPS[str(line["mitm_gap"])]
    listed = "" if fr.missing(line["lists"]) else str(line["lists"])
    numbers = [] if fr.missing(line["declaration_nos"]) else str(line["declaration_nos"]).split(", ")
    return {
        **line,
        "gap": gap,
        "listed": listed,
        "is_only": not fr.missing(line["only_steps"]),
        "declared": numbers[:MOST_NUMBERS],
        "undrawn": len(numbers[MOST_NUMBERS:]),
    }

"""Déclarations : which ones are open, found by DCI, class, list, kind, cause, laboratory or words."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from metrics.sources import queries as sources
from pages.components import declaration_rows
from pages.components import format as fr
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.shell import frame, session
from pages.components.templating import render
from pages.declarations import european, listing, open_view, return_link, summary

QUESTION = "Quelles déclarations sont ouvertes ?"
METHODS = (("Déclarations", "declaration"), ("Plateforme européenne", "european_dci"))


def main() -> None:
    """The full list, or its counts by DCI where laboratories may not be seen."""
    if session.is_open():
        open_view.draw()
        return
    return_link.remember()
    as_of = fr.as_date(session.load(referential.snapshot)["as_of"]) or date.max
    if session.load(declarations.summary).empty:
        nothing.show()
    elif session.load(declarations.is_visible):
        listing.draw(QUESTION, as_of)
    else:
        summary.draw(QUESTION, as_of)
    european.draw(as_of)
    frame.sources_footer(("trustmed", "bdpm", *((european.SOURCE,) if european.is_received() else ())), METHODS)


@block
def nothing() -> Markup:
    """Nothing was received: what to deposit, and what the public list says."""
    seen = figures.records(session.load(sources.photographs))
    return render("declarations/nothing", question=QUESTION, public=seen[0] if seen else None,
                  reserve=declaration_rows.ONLY_WITHOUT_ALTERNATIVE)  # fmt: skip


main()

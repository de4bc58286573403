"""What every part of the page knows of its subject: a followed group or a whole DCI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from metrics.coverage import queries as coverage
from metrics.declarations import queries as declarations
from metrics.plans import queries as plans
from metrics.referential import queries as referential
from metrics.review import queries as review
from pages.components import format as fr
from pages.components import links
from pages.components.blocks import kept
from pages.components.charts import figures
from pages.components.shell import session

PAGE = "molecules/molecule"
LABEL_MOST = 90


@dataclass(frozen=True)
class View:
    """``facts``: row of *subject* with its DCI's counts. ``status``: row of *plan_status* for a group, None for a DCI.

    ``groups``: followed groups of the same DCI. ``links``: *link_status*. ``may_see``: laboratories may be named.
    """

    facts: Mapping[str, Any]
    status: Mapping[str, Any] | None
    plan: Mapping[str, Any] | None
    groups: pd.DataFrame
    links: pd.DataFrame
    as_of: date
    may_see: bool

    @property
    def id(self) -> str:
        return str(self.facts["subject_id"])

    @property
    def dci_key(self) -> str:
        return str(self.facts["dci_key"])

    @property
    def is_group(self) -> bool:
        return str(self.facts["kind"]) == "groupe"

    @property
    def short(self) -> str:
        """Label that fits a title: some associations name thirty substances."""
        return shorten(self.facts["label"])

    @property
    def of_subject(self) -> str:
        """« des ventes … »: what a share of sales is the share of."""
        return "du groupe" if self.is_group else "de la DCI"

    @property
    def key(self) -> str:
        """Identifier for the name of a file."""
        return self.id.replace(":", "-")

    @property
    def surveillance(self) -> str | None:
        return str(self.plan["surveillance"]) if self.plan else None

    @property
    def is_measured(self) -> bool:
        """Some link of the chain was measured at least once."""
        return bool((self.links["figure_state"] != "absent").any()) if not self.links.empty else False

    def weakest(self) -> dict[str, Any] | None:
        """Link in the gravest status, then the furthest below its bound (*link_status*); None when none has a status."""
        return next((row for row in figures.records(self.links) if row["weakness_rank"] == 1), None)

    def unknown(self) -> list[str]:
        """Links without a figure, in the order of the chain."""
        return [str(row["label"]) for row in figures.records(self.links) if fr.missing(row["weakness_rank"])]

    def crumbs(self) -> tuple[tuple[str, str], ...]:
        """Plan of a group, entry of the molecules, and the DCI above a group."""
        above = [("Molécules", links.path(PAGE))]
        if self.plan and self.is_group and session.has_page(str(self.plan["plan"])):
            above = [(str(self.plan["title"]), links.path("plans/plan", str(self.plan["plan"])))]
        if self.is_group:
            dci = links.href(PAGE, sujet=f"dci:{self.dci_key}")
            above.append((fr.capital(shorten(self.facts["dci"], 40)), dci))
        return tuple(above)


@kept
def opened(subject_id: str) -> View | None:
    """A subject, read once for all sessions; None when it is not known."""
    facts = session.load(referential.subject, subject_id)
    if facts is None:
        return None
    followed = session.load(review.followed)
    groups = followed[followed["dci_key"] == facts["dci_key"]]
    mine = figures.records(groups[groups["group_id"] == subject_id])
    plan_id = facts["plan"] or (str(groups.iloc[0]["plan"]) if len(groups) else None)
    return View(
        facts=facts,
        status=mine[0] if mine else None,
        plan=session.load(plans.plan, plan_id) if plan_id else None,
        groups=groups,
        links=session.load(coverage.links, subject_id),
        as_of=fr.as_date(session.load(referential.snapshot)["as_of"]) or date.max,
        may_see=session.load(declarations.is_visible),
    )


def shorten(text: object, most: int = LABEL_MOST) -> str:
    """At most ``most`` characters, cut at a word."""
    written = str(text)
    return written if len(written) <= most else written[: most - 1].rsplit(" ", 1)[0].rstrip(" /,") + "…"


def known(subject_id: str) -> View:
    """The subject of a block, which the page has opened."""
    found = opened(subject_id)
    if found is None:
        raise LookupError(subject_id)
    return found

"""Every reference file read once, before a snapshot is built on them."""

from __future__ import annotations

from data.departments import departments
from data.reference.alert_rules import rules
from data.reference.dci_synonyms import synonyms
from data.reference.firms import firms
from data.reference.grid import grid
from data.reference.maps import department_map
from data.reference.plans import plans
from data.reference.published import published_totals
from data.reference.ranking import open_ranking, ranking
from data.reference.salts import words
from data.reference.stops import stop_rules
from data.reference.thresholds import plausibility, thresholds
from data.strict import BrokenReference

READERS = (
    *(plans, grid, ranking, open_ranking, rules, thresholds, plausibility, firms),
    *(stop_rules, words, synonyms, departments, published_totals, department_map),
)


def check() -> None:
    """Raises BrokenReference with one sentence per file that cannot be used."""
    broken = []
    for read in READERS:
        try:
            read()
        except BrokenReference as error:
            broken.append(str(error))
    if broken:
        raise BrokenReference(" ".join(broken))

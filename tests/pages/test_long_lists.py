"""Lists of a real agency have thousands of rows: each stays a light page, and « Afficher plus » goes on to 200 lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pandas as pd
import pytest
from sqlalchemy import create_engine, insert
from streamlit.testing.v1 import AppTest

from bench.pages import MOST_ELEMENTS, MOST_KB, weight
from data.journal import Journal
from data.journal.models import AccessRow
from metrics.anticipation import queries as anticipation
from metrics.declarations import queries as declarations
from metrics.evaluation import queries as evaluation
from metrics.management_plans import queries as management_plans
from metrics.referential import matching
from metrics.referential import queries as referential
from metrics.risk import queries as risk
from metrics.safety_stock import queries as safety
from metrics.sites import queries as sites
from metrics.sources import queries as sources
from metrics.stops import queries as stops
from pages.components import lists
from pages.components.search import index
from tests.conftest import Home
from tests.pages.conftest import Opener, bodies, links, words

MANY = 5_000
NARROW = "\u202f"


class Long(NamedTuple):
    """A list of a page: the query it comes from, what tells a row from another, and the columns to set."""

    script: str
    module: ModuleType
    query: str
    key: str
    fixed: dict[str, Any]
    parameters: dict[str, str]


LISTS = {
    "queue": Long("pages/evaluation/evaluation.py", evaluation, "queue", "declaration_no", {}, {}),
    "declarations": Long("pages/declarations/declarations.py", declarations, "listing", "declaration_no", {}, {}),
    "stocks": Long(
        "pages/anticiper/stocks_de_securite.py", safety, "lines", "cis", {}, {"etat": "toutes"}
    ),
    "plans": Long("pages/anticiper/plans_de_gestion.py", management_plans, "plans", "cis", {"is_due": True}, {}),
    "sites": Long("pages/anticiper/sites.py", sites, "sites", "site_key", {}, {}),
    "stops": Long("pages/anticiper/arrets.py", stops, "register", "stop_no", {}, {"quand": "tous"}),
    "ranking": Long("pages/anticiper/classement.py", anticipation, "ranking", "dci_key", {}, {"liste": "MITM"}),
    "dates": Long("pages/risque/dates_promises.py", risk, "reminders", "declaration_no", {"days_left": -3},
                  {"vue": "passees"}),
    "tipping": Long("pages/risque/basculement.py", risk, "tipping", "dci_key", {"declarations": 2}, {}),
    "measures": Long("pages/risque/mesures.py", risk, "measures", "declaration_no", {}, {"vue": "toutes"}),
}  # fmt: skip
MOST = {
    "stocks": lists.HEAVIEST,
    **dict.fromkeys(
        ("queue", "declarations", "plans", "sites", "stops", "ranking", "tipping", "measures"), lists.HEAVY
    ),
}


def multiplied(found: pd.DataFrame, long: Long) -> pd.DataFrame:
    """The same rows again and again, each with a key of its own."""
    many = pd.concat([found] * (MANY // len(found) + 1), ignore_index=True).head(MANY)
    own = (
        range(MANY)
        if pd.api.types.is_numeric_dtype(many[long.key])
        else [f"{key}-{n}" for n, key in enumerate(many[long.key])]
    )
    return many.assign(**{long.key: own}, **long.fixed)


def drawn(at: AppTest) -> int:
    """Rows of the list that is cut short, heads left out."""
    (cut,) = (body for body in bodies(at) if f"sur 5{NARROW}00" in body)
    return cut.count("<tr>") + cut.count("<tr ") - cut.count("<thead>")


def following(at: AppTest) -> str | None:
    """Where « Afficher plus » leads."""
    return next((target for label, target in links(at) if label == "Afficher plus"), None)


@pytest.mark.parametrize("name", LISTS)
def test_five_thousand_rows_stay_a_light_page(
    name: str, demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = LISTS[name]
    read: Callable[..., pd.DataFrame] = getattr(long.module, long.query)
    monkeypatch.setattr(long.module, long.query, lambda *args, **more: multiplied(read(*args, **more), long))
    at = open_page(long.script, **long.parameters)
    most = MOST.get(name, lists.STEPS[-1])
    for lines in (*(step for step in lists.STEPS if step < most), most):
        assert not at.exception
        assert drawn(at) == lines
        assert f"{lines} sur 5 000" in words(at)
        assert weight(at)[1] <= MOST_KB
        assert weight(at)[0] <= MOST_ELEMENTS
        more = following(at)
        if lines == most:
            assert more is None
            break
        asked = re.search(r"lignes=(\d+)", more or "")
        assert asked is not None
        at = open_page(long.script, **long.parameters, lignes=asked[1])


def test_five_thousand_subjects_found_stay_a_light_page(
    demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the search of the frame finds, listed on its page."""
    long = Long("pages/molecules/molecule.py", referential, "subjects", "subject_id", {}, {"q": "mol"})
    many = multiplied(referential.subjects(demo_home.reader()), long)
    monkeypatch.setattr(referential, "subjects", lambda _reader: many)
    monkeypatch.setattr(index, "subjects", lambda _typed: (list(many["subject_id"]), matching.Found()))
    for lines in (15, 200):
        at = open_page(long.script, **long.parameters, lignes=str(lines))
        assert not at.exception
        assert f"{lines} sur 5 000" in words(at)
        assert weight(at)[1] <= MOST_KB
        assert weight(at)[0] <= MOST_ELEMENTS


def test_five_thousand_quarantined_rows_stay_a_light_page(
    demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table with its files shows its first rows and says how many there are."""
    long = Long("pages/sources/sources.py", sources, "quarantine", "line", {}, {"source": "trustmed"})
    read = sources.quarantine
    monkeypatch.setattr(sources, "quarantine", lambda reader, key: multiplied(read(reader, key), long))
    at = open_page(long.script, **long.parameters)
    assert not at.exception
    assert "5 000" in words(at)
    assert weight(at)[1] <= MOST_KB
    assert weight(at)[0] <= MOST_ELEMENTS


def test_five_thousand_accesses_stay_a_light_page(
    demo_home: Home, open_page: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"sqlite:///{tmp_path / 'journal.db'}"
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", address)
    opened = Journal(address)
    opened.migrate()
    opened.close()
    begun = datetime(2026, 11, 22, 6, tzinfo=UTC)
    line = {"login": "alice", "role": "ansm", "action": "page", "target": "Revue du jour", "detail": ""}
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(insert(AccessRow), [line | {"at": begun + timedelta(seconds=n)} for n in range(MANY)])
    engine.dispose()
    for lines in (15, 60, 200):
        at = open_page("pages/acces/acces.py", lignes=str(lines))
        assert not at.exception
        assert drawn(at) == lines
        assert f"{lines} sur 5 00" in words(at)  # and the openings of this very test
        assert weight(at)[1] <= MOST_KB
        assert weight(at)[0] <= MOST_ELEMENTS

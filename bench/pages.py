"""What a warm run of each page costs: processor of its script, elements and bytes sent. The budgets are those of the screen."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from streamlit import config
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from data.settings import PROJECT
from pages.components.shell import errors

PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "Revue du jour": ("pages/revue/revue_du_jour.py", {}),
    "Molécule": ("pages/molecules/molecule.py", {"sujet": "amoxicilline-susp-500"}),
    "Territoires": ("pages/territoires/territoires.py", {"sujet": "amoxicilline-susp-500"}),
    "Un département": ("pages/territoires/territoires.py", {"sujet": "amoxicilline-susp-500", "departement": "29"}),
    "Déclarations": ("pages/declarations/declarations.py", {}),
    "Évaluation": ("pages/evaluation/evaluation.py", {}),
    "Basculement": ("pages/risque/basculement.py", {}),
    "Dates promises": ("pages/risque/dates_promises.py", {}),
    "Mesures": ("pages/risque/mesures.py", {}),
    "Tableau mensuel": ("pages/mensuel/tableau_mensuel.py", {}),
    "Stocks de sécurité": ("pages/anticiper/stocks_de_securite.py", {}),
    "Plans de gestion": ("pages/anticiper/plans_de_gestion.py", {}),
    "Sites": ("pages/anticiper/sites.py", {}),
    "Arrêts": ("pages/anticiper/arrets.py", {}),
    "Classement": ("pages/anticiper/classement.py", {}),
    "Sources": ("pages/sources/sources.py", {}),
    "Méthode": ("pages/methode/methode.py", {}),
    "Plan": ("pages/plans/plan.py", {}),
}
_GROUP = {"sujet": "amoxicilline-susp-500"}
_MOLECULE, _TERRITORIES = "pages/molecules/molecule.py", "pages/territoires/territoires.py"
_SEVERAL = {"lignes": "200"}
# The most that an address asks of the pages that hold most: every series over three seasons, the longest lists.
EXTREMES: dict[str, tuple[str, dict[str, str]]] = {
    "Tout, 3 saisons": (_MOLECULE, {**_GROUP, "maillon": "tout", "periode": "3s"}),
    "… canicule": (_MOLECULE, {"sujet": "furosemide-40", "maillon": "tout", "periode": "3s"}),
    "… projeté": (_MOLECULE, {**_GROUP, "maillon": "tout", "periode": "3s", "projection": "1"}),
    "Tous les départements": (_TERRITORIES, {**_GROUP, **_SEVERAL}),
    "Un département, liste": (_TERRITORIES, {**_GROUP, **_SEVERAL, "departement": "29", "projection": "1"}),
    **{f"{name}, liste": (script, {**given, **_SEVERAL}) for name, (script, given) in PAGES.items()
       if name not in ("Molécule", "Territoires", "Un département")},
}  # fmt: skip
RUNS = 15
MOST_MS, MOST_ELEMENTS, MOST_KB = 25.0, 40, 120.0


@dataclass(frozen=True)
class Cost:
    """Of one page: processor of a warm run (median, ms), elements, kilobytes a run sends when all its parts have changed."""

    processor_ms: float
    elements: int
    kilobytes: float

    @property
    def is_within(self) -> bool:
        return self.processor_ms <= MOST_MS and self.elements <= MOST_ELEMENTS and self.kilobytes <= MOST_KB


def cost(script: str, parameters: dict[str, str], runs: int = RUNS) -> Cost:
    """Open a page inside its frame, then run it again as a click would."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    if "projection" in parameters:
        app.query_params["projection"] = parameters["projection"]
    app.run()
    app.switch_page(script)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    app.run()
    with _timed() as spent:
        for _ in range(runs):
            app.run()
    return Cost(statistics.median(spent.times), *weight(app))


def weight(app: AppTest) -> tuple[int, float]:
    """Elements of a page, and kilobytes of them; but for the scripts, which cross once a session as the style sheet does."""
    drawn = [element.proto for element in (*_elements(app.main), *_elements(app.sidebar))]
    sizes = [proto.ByteSize() for proto in drawn if hasattr(proto, "ByteSize") and not _is_sent_once(proto)]
    return len(drawn), sum(sizes) / 1000


def _is_sent_once(proto: Any) -> bool:
    is_kept = proto.ByteSize() >= config.get_option("global.minCachedMessageSize")
    return is_kept and str(getattr(proto, "body", "")).startswith("<script>")


def measure() -> int:
    """Print one line per page; how many are over a budget."""
    over = 0
    print(
        f"{'page':26} {'ms':>7} {'éléments':>9} {'ko':>7}   budgets: {MOST_MS:.0f} ms, {MOST_ELEMENTS}, {MOST_KB:.0f} ko"
    )
    for name, (script, parameters) in {**PAGES, **EXTREMES}.items():
        found = cost(script, parameters)
        over += not found.is_within
        mark = "" if found.is_within else "   over"
        print(f"{name:26} {found.processor_ms:7.1f} {found.elements:9} {found.kilobytes:7.0f}{mark}")
    return over


def _elements(block: Any) -> Iterator[Any]:
    for child in block.children.values():
        if isinstance(child, Block):
            yield from _elements(child)
        else:
            yield child


class _timed:  # noqa: N801 – read as a word: with _timed() as spent
    """Processor of the scripts run meanwhile, without what the test runner adds around them."""

    def __enter__(self) -> Self:
        self.times: list[float] = []
        self._contained = errors.contained

        def contained(run: Callable[[], None]) -> None:
            begun = time.thread_time()
            self._contained(run)
            self.times.append(1000 * (time.thread_time() - begun))

        errors.contained = contained
        return self

    def __exit__(self, *_: object) -> None:
        errors.contained = self._contained

"""The same attacker on all the shared artefacts that the demo has published: every laboratory keeps its figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from data.reference.thresholds import thresholds
from tests.metrics.attacker import Attack, Published, equations, laboratories_of, secrets
from tests.metrics.demo_artefacts import shared_artefacts

LEAST = int(thresholds()["secrecy_min_laboratories"].value)
LARGEST_PCT = float(thresholds()["secrecy_max_share_pct"].value)


@pytest.fixture(scope="module")
def artefacts(built_demo: Path) -> list[Published]:
    return shared_artefacts(built_demo, timedelta(weeks=12))


def test_every_shared_artefact_is_attacked_and_some_figures_are_shown(artefacts: list[Published]) -> None:
    assert len(artefacts) == 2
    shown = [row for row in artefacts[-1].coverage if row["link"] == "exploitants"]
    published = {row["subject_id"] for row in shown if row["stock_boxes"] is not None}
    hidden = {row["subject_id"] for row in shown if row["figure_state"] == "masque"}
    assert len(published) > 10
    assert len(hidden) > 2


@pytest.mark.long
def test_no_figure_of_a_laboratory_is_found(artefacts: list[Published]) -> None:
    assert learned(artefacts, artefacts[-1].components()) == []


def test_no_figure_of_a_laboratory_is_found_in_markets_of_one_subject(artefacts: list[Published]) -> None:
    """The seed: the least to combine, and the fewest laboratories to hide behind."""
    alone = [last for last in artefacts[-1].components() if len(last.subjects) == 1]
    assert len(alone) > 2
    assert learned(artefacts, alone) == []


def learned(artefacts: list[Published], components: Iterable[Published]) -> list[str]:
    """What the attacker would know that it should not."""
    learned = []
    for number, last in enumerate(components):
        each = [shown.only(last.subjects) for shown in artefacts]
        attack, exact = Attack(each), Attack(each, ratios=False)
        learned += [name for name, sums in secrets(last) if attack.recovered(last, sums) is not None]
        learned += [str(sums) for sums in attack.dominated(LEAST, LARGEST_PCT)]
        pairs = combinations(laboratories_of(last), LEAST - 1)
        learned += [f"{who} seuls, {number}" for who in pairs if exact.isolates(who)]
    return learned


def test_published_totals_are_true(artefacts: list[Published]) -> None:
    """The equations are those of the files: an attack on wrong ones would prove nothing."""
    totals = Attack(artefacts[-1:]).totals
    wrong = [each for shown, each in totals if abs(sum(shown.truth[key] for key in each.sums) - each.value) > 0.5]
    assert len(totals) > 100
    assert wrong == []


def test_the_method_that_is_supposed_is_the_one_of_the_figures(artefacts: list[Published]) -> None:
    """Windows and quotients too, months left out included: two equations that contradict each other would find noughts."""
    read, wrong = 0, []
    for shown in artefacts:
        whole = replace(shown, coverage=[row for row in shown.coverage if row["figure_state"] == "a_jour"], links=())
        for each in equations(whole):
            terms = [shown.truth[key] * factor for key, factor in each.sums.items()]
            read += 1
            if abs(sum(terms) - each.value) > 1e-6 * max(1.0, sum(map(abs, terms))):
                wrong.append(each)
    assert read > 1000
    assert wrong == []

"""Nobody finds a hidden figure by computing with the others: an attacker solves all that is shared, week after week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from data.reference.thresholds import thresholds
from tests.examples import examples
from tests.metrics.attacker import Attack, Published, Sums, equations, laboratories_of, secrets, stands_on_few
from tests.metrics.secrecy_bench import Bench, Box, Market, Memory, apart, side_by_side
from tests.seeds import seeded

LEAST = int(thresholds()["secrecy_min_laboratories"].value)
LARGEST_PCT = float(thresholds()["secrecy_max_share_pct"].value)
BENCH = Bench()
LABORATORIES = ("LABO A", "LABO B", "LABO C", "LABO D", "LABO E")


def findings(attack: Attack) -> list[str]:
    """What the attacker learns that nobody may know, in words; empty when nothing."""
    shown = attack.artefacts[-1]
    values = ((name, sums, attack.recovered(shown, sums)) for name, sums in secrets(shown))
    finding = [f"{name} = {value:.1f}" for name, sums, value in values if value is not None and _is_secret(shown, sums)]
    finding += [f"repose sur trop peu : {sums}" for sums in attack.dominated(LEAST, LARGEST_PCT)]
    names = laboratories_of(shown)
    exact = Attack(attack.artefacts, ratios=False)
    finding += [f"{who} seuls" for size in range(1, LEAST) for who in combinations(names, size) if exact.isolates(who)]
    return finding


def _is_secret(shown: Published, sums: Sums) -> bool:
    """A hidden total that other totals make up is one only if they should be hidden too: a group may span two DCI."""
    dcis = [boxes for name, boxes in shown.subjects.items() if "dci:" in name]
    spanning = any(not any(boxes <= dci for dci in dcis) for boxes in shown.subjects.values())
    return not spanning or stands_on_few(shown, sums, LEAST, LARGEST_PCT)


# Without shrinking: a market is small enough to be read, and an example takes a second.
def drawn(fast: int, long: int) -> settings:
    return settings(examples(fast, long), phases=(Phase.explicit, Phase.reuse, Phase.generate))


few = drawn(5, 150)
# Even enough for totals to be shared, with laboratories out of stock and others that hold nearly all.
AMOUNTS = st.sampled_from([40.0, 50.0, 51.0, 63.0, 80.0, 20.0, 5.0, 30.0, 75.0, 0.0, 900.0])
BOXES = st.builds(Box, AMOUNTS, AMOUNTS, AMOUNTS)


# The same laboratory, as hands and spreadsheets type it; the last ones are read by nobody but the steward.
SAME = (
    *("{}", "{}.", "{} SA", "{} S.A.S.", "{} S A", "  {}  ", "{}\u200b", "\ufeff{}", "{}, Inc.", "SOCIÉTÉ {}"),
    *("{} - FRANCE", "\u00a0{}\u2060"),
)
WAYS = (*SAME, "CYRILLIQUE", "MINUSCULES", "INCONNU {}")
CYRILLIC = str.maketrans("ABCE", "АВСЕ")


def typed_as(way: str, name: str) -> str:
    match way:
        case "CYRILLIQUE":
            return name.translate(CYRILLIC)
        case "MINUSCULES":
            return name.casefold()
    return way.format(name)


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """One or two DCI, groups that overlap, nest or span them, laboratories that come, go, run out and change name."""
    size = draw(st.integers(4, 10))
    turn = draw(st.permutations(LABORATORIES))
    names = [turn[n % len(turn)] if n < len(turn) else draw(st.sampled_from(turn)) for n in range(size)]
    owner = {f"34009{n:08d}": name for n, name in enumerate(names)}
    cut = draw(st.sampled_from([size, size, size // 2]))
    boxes = list(owner)
    dcis = {"dci:un": frozenset(boxes[:cut]), "dci:deux": frozenset(boxes[cut:])}
    some = st.frozensets(st.sampled_from(boxes), min_size=min(3, size))
    groups = {f"groupe-{n}": part for n, part in enumerate(draw(st.lists(some, max_size=3)))}
    weeks = draw(st.integers(1, 5))
    finding = {(back, cip13): draw(BOXES) for back in range(weeks) for cip13 in boxes if draw(st.integers(0, 19))}
    ways = {cip13: draw(st.sampled_from([*["{}"] * len(WAYS), *WAYS])) for cip13 in boxes}
    typed = {cip13: typed_as(way, owner[cip13]) for cip13, way in ways.items()}
    return Market(owner, {name: part for name, part in {**dcis, **groups}.items() if part}, finding, typed)


@few
@given(st.lists(markets(), min_size=1, max_size=12))
def test_no_hidden_figure_is_found_by_computing(many: list[Market]) -> None:
    shown, _ = BENCH.publish(side_by_side(many))
    assert [finding for each in apart(shown, len(many)) for finding in findings(Attack([each]))] == []


@st.composite
def changes(draw: st.DrawFn) -> tuple[Market, Market]:
    """The same market a day later: late and corrected reports, presentations that join or leave a subject."""
    first = draw(markets())
    keys = sorted(first.boxes)
    late = draw(st.sets(st.sampled_from(keys), max_size=2)) if keys else set()
    corrected = draw(st.sets(st.sampled_from(keys), max_size=3)) if keys else set()
    before = {k: replace(box, carried=True) if k in late else box for k, box in first.boxes.items()}
    after = {k: draw(BOXES) if k in corrected | late else box for k, box in first.boxes.items()}
    subjects = dict(first.subjects)
    for name in draw(st.sets(st.sampled_from(sorted(subjects)), max_size=2)):
        changed = subjects[name] ^ {draw(st.sampled_from(sorted(first.owner)))}
        subjects[name] = changed or subjects[name]
    return replace(first, boxes=before), Market(first.owner, subjects, after, first.typed)


@drawn(2, 60)
@given(st.lists(changes(), min_size=1, max_size=8))
def test_no_laboratory_is_found_between_snapshots(many: list[tuple[Market, Market]]) -> None:
    """Before, after, and back again as it was."""
    first, last = (side_by_side([pair[moment] for pair in many]) for moment in (0, 1))
    shown, memory = [], Memory()
    for market in (first, last, first):
        each, memory = BENCH.publish(market, memory)
        shown.append(apart(each, len(many)))
    for published in zip(*shown, strict=True):
        attack = Attack(published, ratios=False)
        names = laboratories_of(published[0])
        assert [who for size in range(1, LEAST) for who in combinations(names, size) if attack.isolates(who)] == []


@drawn(1, 30)
@given(st.lists(markets(), min_size=4, max_size=4))
def test_no_laboratory_is_known_within_a_tenth(many: list[Market]) -> None:
    """The least and the most a laboratory can have, given all that is shared and that no box is negative."""
    for shown in apart(BENCH.publish(side_by_side(many))[0], len(many)):
        attack = Attack([shown])
        for name, sums in secrets(shown):
            truth = sum(shown.truth[key] for key in sums)
            if truth > 0 and _is_secret(shown, sums):
                low, high = attack.interval(shown, sums)
                assert high - low > 0.2 * truth, f"{name} entre {low} et {high}"


# Weaker rules, one by one: the same attacker must break each of them, or it proves nothing of the rule in force.
A, B, C, D, E = LABORATORIES
EVEN = Box(60.0, 40.0, 30.0)
ALL_HIDDEN = "UPDATE share_verdict SET hidden_for = NULL WHERE hidden_for = '{}'"
WHOLESALERS_OF = "UPDATE secrecy_link_week SET {} WHERE link = 'grossistes' AND subject_id IN ('dci:un', 'groupe')"
LINK = "UPDATE secrecy_link_week SET {} WHERE link = 'exploitants'"


def market(
    owners: dict[str, str], group: str, boxes: dict[tuple[int, str], Box] | None = None, weeks: int = 1
) -> Market:
    """A DCI of presentations ``a``, ``b``… and one followed group of some of them."""
    even = {(back, cip13): EVEN for back in range(weeks) for cip13 in owners}
    return Market(owners, {"dci:un": frozenset(owners), "groupe": frozenset(group)}, even | (boxes or {}))


THREE = dict(zip("abc", (A, B, C), strict=True))
FOUR = {**THREE, "d": D}
# Three laboratories report both weeks, a fourth the last one only: its mean is of one week, those of others of two.
JOINED = market(FOUR, "abcd", weeks=2)
JOINED = replace(JOINED, boxes={key: box for key, box in JOINED.boxes.items() if key != (1, "d")})
# A laboratory under two names, one of them in Cyrillic letters: two firms hold the market.
TWICE = replace(market({"a": A, "b": B, "c": A}, "abc"), typed={"c": typed_as("CYRILLIQUE", A)})
ONE_FIRM_A_NAME = "UPDATE contribution SET firm = laboratory; UPDATE box_owner SET firm = laboratory"
WEAKER = {
    # Rule given up: market, step after which it is given up, what is done there, what the attacker then tells.
    "deux laboratoires suffisent": (
        market({"a": A, "b": B}, "ab"), "72_secrecy_memory", ALL_HIDDEN.format("peu"), f"('{A}', '{B}') seuls"
    ),
    "un nom, une firme": (TWICE, "70_secrecy_rule", ONE_FIRM_A_NAME, f"('{A}', '{B}') seuls"),
    "un laboratoire tient tout": (
        market(THREE, "abc", {(0, "a"): Box(900.0, 900.0, 900.0)}), "72_secrecy_memory", ALL_HIDDEN.format("peu"),
        "repose sur trop peu",
    ),
    "une DCI et son groupe": (
        market(FOUR, "abc"), "72_secrecy_memory", ALL_HIDDEN.format("difference"), f"stock dci:un 2026-11-09 {D} = 60.0"
    ),
    "une somme sur quatre semaines": (
        market(THREE, "abc", {(1, "a"): Box(60.0, 7.0, 30.0), (1, "b"): Box(60.0, 0.0, 30.0)}, weeks=4),
        "secrecy_link_week",
        LINK.format("hides_current_demand = FALSE"),
        "ventes groupe 2026-11-02 = 47.0",
    ),
    "la moyenne de qui vient d'arriver": (
        JOINED, "70_secrecy_rule", "UPDATE steady_window SET is_current_steady = TRUE",
        f"ventes groupe 2026-11-09 {D} = 40.0",
    ),
    "des jours et leur demande": (
        market(THREE, "abc", {(0, "a"): Box(900.0, 40.0, 30.0)}), "secrecy_link_week",
        LINK.format("hides_current_days = FALSE, hides_days = FALSE"), "stock groupe 2026-11-09 = 1020.0",
    ),
    "les boîtes des grossistes d'un groupe": (
        # Days of all, boxes of a group of four laboratories and of its DCI: the fifth one's are what is left.
        market({**FOUR, "e": E}, "abcd", {(0, "e"): Box(77.0, 11.0, 9.0)}), "secrecy_link_week",
        WHOLESALERS_OF.format("hides_stock = FALSE, hides_sales = FALSE"),
        f"stock grossistes dci:un 2026-11-09 {E} = 77.0",
    ),
}  # fmt: skip


@seeded((0, 3, 6), "weakness", sorted(WEAKER))
def test_the_attacker_breaks_a_weaker_rule(weakness: str) -> None:
    place, step, spoil, finding = WEAKER[weakness]
    strict, _ = BENCH.publish(place)
    assert findings(Attack([strict])) == []
    weak, _ = BENCH.publish(place, spoil={step: spoil})
    assert any(finding in each for each in findings(Attack([weak])))


def test_days_of_wholesalers_and_the_boxes_of_a_part_give_the_rest() -> None:
    """Why wholesalers' boxes are never shared, even those of a group that stands on four laboratories."""
    owners = {**FOUR, "e": E}
    subjects = {"dci:un": frozenset(owners), "groupe": frozenset("abcd"), "reste": frozenset("e")}
    place = Market(owners, subjects, {(0, c): EVEN for c in "abcd"} | {(0, "e"): Box(77.0, 11.0, 9.0)})
    boxes = "hides_stock = FALSE, hides_sales = FALSE, hides_current_demand = FALSE"
    spoil = f"UPDATE secrecy_link_week SET {boxes} WHERE link = 'grossistes' AND subject_id = 'groupe'"
    assert findings(Attack([BENCH.publish(place)[0]])) == []
    weak, _ = BENCH.publish(place, spoil={"secrecy_link_week": spoil})
    assert f"stock grossistes dci:un 2026-11-09 {E} = 77.0" in findings(Attack([weak]))


def late(place: Market) -> Market:
    """The same, before a laboratory has sent its week."""
    return replace(place, boxes={k: replace(v, stock=99.0, carried=k[1] == "d") for k, v in place.boxes.items()})


BETWEEN = {
    "un relevé corrigé": (market(FOUR, "abcd"), market(FOUR, "abcd", {(0, "d"): Box(71.0, 40.0, 30.0)})),
    "une présentation qui rejoint un groupe": (market({**FOUR, "e": E}, "abc"), market({**FOUR, "e": E}, "abcd")),
    "une présentation qui quitte un groupe": (market({**FOUR, "e": E}, "abcd"), market({**FOUR, "e": E}, "abc")),
}


@seeded(1, "change", sorted(BETWEEN))
def test_the_attacker_breaks_a_rule_without_memory(change: str) -> None:
    before, after = BETWEEN[change]
    first, memory = BENCH.publish(before)
    assert "groupe" in {row["subject_id"] for row in first.coverage if row["stock_boxes"] is not None}
    remembered, _ = BENCH.publish(after, memory)
    assert not Attack([first, remembered], ratios=False).isolates([D])
    forgotten, _ = BENCH.publish(after)
    assert Attack([first, forgotten], ratios=False).isolates([D])


def test_a_week_waits_for_the_last_report() -> None:
    """Shared before a laboratory has spoken, it could not be shared after."""
    place = market(FOUR, "abcd")
    first, memory = BENCH.publish(late(place))
    assert {row["stock_boxes"] for row in first.coverage} == {None}
    assert {row["figure_state"] for row in first.coverage if row["link"] == "exploitants"} == {"masque"}
    second, _ = BENCH.publish(place, memory)
    assert {row["stock_boxes"] for row in second.coverage if row["link"] == "exploitants"} == {240.0}


def test_what_was_shared_is_repeated_and_nothing_else() -> None:
    place = market(FOUR, "abcd")
    first, memory = BENCH.publish(place)
    again, kept = BENCH.publish(place, memory)
    assert again == first
    assert kept == memory


def test_enough_laboratories_are_shared() -> None:
    """The rule does not win by hiding everything: four even laboratories, and the DCI whose rest stands on three."""
    owners = {**FOUR, "e": A, "f": B, "g": C}
    shown, _ = BENCH.publish(market(owners, "abcd"))
    finding = {(row["subject_id"], row["link"]): row for row in shown.coverage}
    assert finding["groupe", "exploitants"]["stock_boxes"] == 240.0
    assert finding["dci:un", "exploitants"]["stock_boxes"] == 420.0
    assert finding["dci:un", "grossistes"]["coverage_days"] == pytest.approx(10.5)
    assert {row["boxes"] for row in shown.sales} == {120.0, 210.0}


@seeded(1, "key", ["groupe", "*"])
def test_a_week_left_out_of_the_yearly_demand_is_left_out_of_its_equation(key: str) -> None:
    """Ten boxes a week but a hundred in the week left out: counted, it would contradict what the artefact says."""
    weeks = [date(2026, 1, 5) + timedelta(weeks=number) for number in range(3)]
    truth = {("ventes", week, "1"): 100.0 if week == weeks[1] else 10.0 for week in weeks}
    row = {"subject_id": "groupe", "link": "exploitants", "legal_origin": "ventes des 12 mois glissants"}
    coverage = [{**row, "week": week, "legal_daily_boxes": 10 / 7} for week in weeks]
    shown = Published(
        {"groupe": frozenset({"1"})}, {"1": "A"}, coverage, [], truth, excluded={key: frozenset({weeks[1]})}
    )
    findings = [each for each in equations(shown) if each.sums]
    assert len(findings) == len(weeks)
    assert all(
        sum(truth[key] * factor for key, factor in each.sums.items()) == pytest.approx(each.value) for each in findings
    )


def cells(shown: Published) -> set[tuple[str, ...]]:
    """Cells that hold something: subject, link, week, column."""
    rows = [*shown.coverage, *({**row, "link": "dispensation"} for row in shown.sales)]
    return {
        (row["subject_id"], row["link"], str(row["week"]), name)
        for row in rows
        for name, value in row.items()
        if value is not None and (name.endswith(("_boxes", "_days")) or name in ("status", "participants"))
    }


@few
@given(st.lists(markets(), min_size=1, max_size=12))
def test_no_way_to_type_a_name_unmasks_anything(many: list[Market]) -> None:
    """As typed, less is shown than with everybody under their own name; never a cell more."""
    place = side_by_side(many)
    named, _ = BENCH.publish(replace(place, typed={}))
    typed, _ = BENCH.publish(place)
    assert cells(typed) - cells(named) == set()


@seeded(4, "way", WAYS)
def test_a_market_of_two_stays_masked_however_one_of_them_is_typed(way: str) -> None:
    place = market({"a": A, "b": B, "c": A, "d": B}, "abcd")
    shown, _ = BENCH.publish(replace(place, typed={"c": typed_as(way, A)}))
    assert {row["stock_boxes"] for row in shown.coverage} == {None}
    assert {row["boxes"] for row in shown.sales} == {None}


@seeded(2, "way", SAME)
def test_a_market_of_three_stays_shown_under_another_spelling(way: str) -> None:
    """Folding loses nothing: a stop or « SA » does not wait for anybody."""
    shown, _ = BENCH.publish(replace(market(THREE, "abc"), typed={"c": typed_as(way, C)}))
    assert {row["stock_boxes"] for row in shown.coverage if row["link"] == "exploitants"} == {180.0}


def test_boxes_of_nobody_may_be_those_of_the_largest() -> None:
    """A 300, B 40, C 40 and 100 of a name that nobody knows: A would hold (300 + 100) of 480, 83 %; of 170, 86 %."""
    owners = {"a": A, "b": B, "c": C, "d": "LABO D"}
    for unknown, stock in ((100.0, 480.0), (170.0, None)):
        boxes = {(0, c): Box(n, n, n) for c, n in zip("abcd", (300.0, 40.0, 40.0, unknown), strict=True)}
        place = replace(market(owners, "abcd", boxes), typed={"d": "ZORGLUB"})
        shown, _ = BENCH.publish(place)
        assert {row["stock_boxes"] for row in shown.coverage if row["link"] == "exploitants"} == {stock}
        assert {row["boxes"] for row in shown.sales} == {None if stock is None else stock}


def test_a_figure_on_too_few_firms_stops_the_publication() -> None:
    """The checks count firms too: what a broken rule would share of two firms under three names is refused."""
    nothing: dict[str, str] = {}
    assert BENCH.refused(TWICE, nothing) == set()
    assert BENCH.refused(TWICE, {"72_secrecy_memory": ALL_HIDDEN.format("peu")}) == {"secrecy_few"}
    rest = replace(market({**FOUR, "e": E, "f": E}, "abc"), typed={"e": f"{D} SA", "f": "ZORGLUB"})
    assert BENCH.refused(rest, nothing) == set()
    assert BENCH.refused(rest, {"72_secrecy_memory": ALL_HIDDEN.format("difference")}) == {"secrecy_difference"}

"""Strengths read as exact numbers, on denominations as the public referential writes them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reference.strengths import Strength, UnreadableStrength, strength, strengths


def _keys(written: tuple[Strength, ...]) -> set[str]:
    return {key for one in written for key in one.keys}


def _same(rule: str, denomination: str, *, is_association: bool = False) -> bool:
    written = _keys(strengths(denomination, is_association=is_association))
    return bool(strength(rule, is_association=is_association).keys & written)


@pytest.mark.parametrize(
    ("rule", "denomination"),
    [
        ("1 mg/ml", "ADRENALINE A 1 mg/mL SANS SULFITE, solution injectable"),
        ("30 mg/ml", "B 60 mg/2 ml, solution buvable en flacon"),  # 60 / 2 = 30
        ("3 %", "B 60 mg/2 ml, solution buvable en flacon"),  # 3 g in 100 ml = 30 mg/ml
        ("2,4 %", "C 2,4 POUR CENT, suspension buvable"),
        ("24 mg/ml", "C 2,4 POUR CENT, suspension buvable"),
        ("250 mg/5 ml", "AMOXICILLINE A 250 mg / 5 ml, poudre pour suspension buvable"),
        ("250 mg/5 ml", "AMOXICILLINE A 50 mg/mL, poudre pour suspension buvable"),  # 250 / 5 = 50
        ("1 g", "AMOXICILLINE A 1 000 mg, comprimé"),
        ("1 g", "D 1000 mg, comprimé"),
        ("1 g", "D 1 g, comprimé sécable"),
        ("50 µg", "F 50 microgrammes/dose, suspension pour inhalation"),
        ("50 mcg", "F 0,05 mg par dose, suspension pour inhalation"),
        ("50 μg", "F 50 µg/pulvérisation, suspension nasale"),  # both micro signs
        ("100 UI/ml", "G 100 unités/ml, solution injectable"),
        ("100 UI/ml", "G 100 unités internationales/ml, solution injectable"),
        ("100 UI/ml", "H 30 100 UI/mL, suspension injectable en cartouche"),  # 30 % of rapid insulin, 100 UI/ml
        ("1,5 MUI", "I 1,5 M.U.I., comprimé pelliculé"),
        ("1 500 000 UI", "I 1,5 MUI, comprimé pelliculé"),
        ("1 000 000 UI", "J 1 million d'unités internationales (UI) poudre pour solution"),
        ("9 500 UI/ml", "K 1 900 U.I. Axa/0,2 ml, solution injectable"),  # 1 900 / 0,2
        ("750 000 UI", "L 750.000 UI, comprimé pelliculé"),
        ("350 mg/ml", "M 350 (350 mg d'Iode/mL), solution injectable"),
        ("0,5 mmol/ml", "N 0,5 mmol/mL, solution injectable"),
        ("4,6 mg/24 h", "O 4,6 mg/24 heures, dispositif transdermique"),
        ("50 mg/g", "P 5 g/100 g, solution"),  # 5 000 / 100
        ("0,5 mg/3 g", "Q 0,5 mg/3 g, gel vaginal"),
        ("1,6 GBq/ml", "R 1600 MBq/mL, solution injectable"),
        ("100 mg", "S 10 000 UI (100 mg), poudre"),
        ("100 mg/ml", "T 8 000 UI (80 mg)/0,8 mL, solution injectable"),  # 80 / 0,8
        ("10 000 UI/ml", "T 8 000 UI (80 mg) dans 0,8 mL, solution injectable"),
        ("10 mg/ml", "U 1 % (10 mg/ml), émulsion injectable"),
    ],
)
def test_the_same_strength_written_otherwise(rule: str, denomination: str) -> None:
    assert _same(rule, denomination)


@pytest.mark.parametrize(
    ("rule", "denomination"),
    [
        ("1 mg/ml", "ADRENALINE A 0,1 mg/mL, solution injectable"),
        ("1 mg/ml", "ADRENALINE A 1 mg, poudre"),
        ("5 mg", "PREDNISOLONE A 2,5 mg, comprimé"),
        ("5 mg", "B 15 mg, comprimé"),
        ("250 mg", "C 250 mg/5 ml, suspension buvable"),
        ("1 g", "D 1 g/5 ml, poudre et solution"),
        ("100 mg", "E3 100 000 mg, comprimé"),
        ("24 mg/g", "F 24 mg/ml, suspension"),
        ("100 UI", "G 100 unités Speywood, poudre"),
        ("100 unités Allergan", "G 100 unités Speywood, poudre"),
        ("50 mg", "H degré de dilution compris entre 2CH et 30CH"),
        ("100 mg", "I flacon de 100 ml"),
    ],
)
def test_another_strength_is_not_taken_for_it(rule: str, denomination: str) -> None:
    assert not _same(rule, denomination)


@pytest.mark.parametrize(
    ("rule", "denomination"),
    [
        (
            "100 mg/12,5 mg par ml",
            "A/B 100 mg/12,50 mg par mL ENFANTS, poudre pour suspension buvable (rapport A/B : 8/1)",
        ),
        ("1 g/125 mg", "A/B TEVA 1 g/ 125 mg ADULTES, poudre"),
        ("1 000 mg/125 mg", "A/B 1 g/125 mg, poudre"),
        ("2 g/0,25 g", "C/D 2 g/250 mg, poudre pour solution pour perfusion"),
        ("100 µg/6 µg", "E/F 100/6 microgrammes/dose, solution pour inhalation"),
        ("40 µg/ml + 5 mg/ml", "G/H 40 microgrammes/mL + 5 mg/mL, collyre"),
        ("70 mg/2 800 UI", "I/J 70 mg/2800 UI, comprimé"),
        ("0,3 %/0,9 %", "K 0,3 % ET CHLORURE DE SODIUM 0,9 %, solution"),
        ("12 mg/18 mg par ml", "L/M 12 mg/18 mg/par mL, solution"),
        ("50 µg/0,5 mg par g", "N/O 50 microgrammes/0,5 mg/g, pommade"),
    ],
)
def test_an_association_has_an_amount_for_each_substance(rule: str, denomination: str) -> None:
    assert _same(rule, denomination, is_association=True)


def test_the_order_of_an_association_counts() -> None:
    """5 mg of one and 10 mg of the other is another medicine than 10 and 5."""
    assert not _same("5 mg/10 mg", "A/B 10 mg/5 mg, comprimé", is_association=True)


def test_a_volume_written_is_kept_beside_the_concentration() -> None:
    """2 000 UI/0,2 ml and 4 000 UI/0,4 ml: 10 000 UI/ml both, two syringes."""
    small, large = strength("2 000 UI/0,2 ml"), strength("4 000 UI/0,4 ml")
    assert small.keys == large.keys == strength("10 000 UI/ml").keys
    assert small.written_key != large.written_key
    assert (small.is_sized, strength("10 000 UI/ml").is_sized, strength("0,5 mg/1 ml").is_sized) == (True, False, False)


def test_a_thousandth_is_exact() -> None:
    """0,1 + 0,2 is 0,3 here: nothing is a binary fraction."""
    (amount,) = strength("0,3 mg/ml").amounts
    assert amount.value == Fraction(1, 10) + Fraction(2, 10)
    assert strength("1 µg/3 ml").amounts[0].value == Fraction(1, 3000)


@pytest.mark.parametrize("text", ["", "250", "250 mq", "mg", "cinq mg", "250 mg environ", "-5 mg", "250 mg/5"])
def test_a_strength_that_cannot_be_read_is_refused_in_french(text: str) -> None:
    with pytest.raises(UnreadableStrength, match=f"dosage illisible, « {text} » : écrire une quantité et son unité"):
        strength(text)


@given(st.integers(1, 9999), st.integers(1, 99), st.sampled_from(["ml", "mL"]))
def test_a_concentration_is_the_amount_over_the_volume(amount: int, volume: int, unit: str) -> None:
    (read,) = strength(f"{amount} mg/{volume} {unit}").amounts
    assert read.value * volume == amount
    assert strength(f"{amount * 1000} µg/{volume} ml").keys == strength(f"{amount} mg/{volume} ml").keys


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(text: str) -> None:
    for written in strengths(text):
        assert written.keys
        assert written.label

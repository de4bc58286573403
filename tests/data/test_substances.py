"""From the substances of the BDPM to their DCI."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.building.substances import LONGEST_KEY, dci_key, dci_label, dci_name, names_a_dci
from data.reference import dci_synonyms
from data.strict import BrokenReference, reference_file


@pytest.mark.parametrize(
    ("substance", "dci"),
    [
        ("AMOXICILLINE", "amoxicilline"),
        ("AMOXICILLINE TRIHYDRATÉE", "amoxicilline"),
        ("AMOXICILLINE BASE", "amoxicilline"),
        ("AMOXICILLINE ANHYDRE", "amoxicilline"),
        ("AMOXICILLINE SODIQUE", "amoxicilline"),
        ("CLAVULANIQUE (ACIDE)", "acide clavulanique"),
        ("CLAVULANATE DE POTASSIUM", "acide clavulanique"),
        ("POTASSIUM (CLAVULANATE DE)", "acide clavulanique"),
        ("CHLORHYDRATE DE NICARDIPINE", "nicardipine"),
        ("NICARDIPINE (CHLORHYDRATE DE)", "nicardipine"),
        ("ALVÉRINE (CITRATE D')", "alvérine"),
        ("CHLORHYDRATE D’ALFUZOSINE", "alfuzosine"),
        ("PROPIONATE DE FLUTICASONE", "fluticasone"),
        ("FUROATE DE FLUTICASONE", "fluticasone"),
        ("SULFATE DE SALBUTAMOL", "salbutamol"),
        ("CHLORHYDRATE DE LIDOCAÏNE MONOHYDRATÉ", "lidocaïne"),
        ("BISOPROLOL (FUMARATE ACIDE DE)", "bisoprolol"),
        ("PHOSPHATE SODIQUE DE DEXAMÉTHASONE", "dexaméthasone"),
        ("BÉCLOMÉTASONE DIPROPIONATE", "béclométasone"),
        ("DABIGATRAN ÉTEXILATE BASE", "dabigatran"),
        ("CHLORHYDRATE DE L'ACIDE 5-AMINOLÉVULINIQUE", "acide 5-aminolévulinique"),
        ("CHLORHYDRATE DE L-ORNITHINE", "ornithine"),
        ("CHOLÉCALCIFÉROL", "colécalciférol"),
    ],
)
def test_salts_hydrates_and_spellings_are_one_dci(substance: str, dci: str) -> None:
    assert dci_name(substance) == dci


@pytest.mark.parametrize(
    ("substance", "dci"),
    [
        ("CHLORURE DE SODIUM", "chlorure de sodium"),
        ("SODIUM (CHLORURE DE)", "chlorure de sodium"),
        ("MAGNÉSIUM (CHLORURE DE) HEXAHYDRATÉ", "chlorure de magnésium"),
        ("PHOSPHATE DISODIQUE DIHYDRATÉ", "phosphate disodique"),
        ("CITRATE TRISODIQUE ANHYDRE", "citrate trisodique"),
        ("SODIUM (LACTATE DE), SOLUTION CONCENTRÉE DE", "lactate de sodium"),
        ("CHLORURE DE GALLIUM (68GA)", "chlorure de gallium (68ga)"),
        ("BENZOATE DE BENZYLE", "benzoate de benzyle"),
        ("BÉTAÏNE (CITRATE DE) MONOHYDRATÉ", "citrate de bétaïne"),
        ("SULFADIAZINE ARGENTIQUE", "sulfadiazine argentique"),
        ("EAU POUR PRÉPARATIONS INJECTABLES", "eau pour préparations injectables"),
        ("TÉNOFOVIR DISOPROXIL", "ténofovir disoproxil"),
        ("BUTYLBROMURE DE SCOPOLAMINE", "butylbromure de scopolamine"),
        ("ACTAEA RACEMOSA POUR PRÉPARATIONS HOMÉOPATHIQUES", "actaea racemosa pour préparations homéopathiques"),
        ("CHLORURE DE SODIUM POUR PRÉPARATIONS HOMÉOPATHIQUES", "chlorure de sodium pour préparations homéopathiques"),
    ],
)
def test_what_would_change_the_medicine_is_kept(substance: str, dci: str) -> None:
    assert dci_name(substance) == dci


def test_inverted_plant_names_are_straightened() -> None:
    assert dci_name("AUBÉPINE (SOMMITÉ FLEURIE D') (EXTRAIT SEC DE)") == "extrait sec de sommité fleurie d'aubépine"
    assert dci_name("OLIVIER (EXTRAIT SEC DE)") == "extrait sec d'olivier"


def test_strains_and_serotypes_of_vaccines_are_one_dci() -> None:
    strains = ("VIRUS DE LA GRIPPE FRAGMENTÉ, SOUCHE B/FICTIVE/1/2020", "ANTIGÈNES DE SURFACE DU VIRUS DE LA GRIPPE, X")
    assert {dci_name(strain) for strain in strains} == {"virus de la grippe inactivé"}
    assert dci_name("STREPTOCOCCUS PNEUMONIAE SÉROTYPE 3 (POLYOSIDES DE)") == "polyosides pneumococciques"


@pytest.mark.parametrize("substance", ["IODE", "GADOLINIUM", "CALCIUM ÉLÉMENT"])
def test_a_shared_fraction_names_no_dci(substance: str) -> None:
    assert not names_a_dci(substance)


@pytest.mark.parametrize("substance", ["LITHIUM", "FER", "AMOXICILLINE ANHYDRE", "ACIDE CLAVULANIQUE"])
def test_other_fractions_name_a_dci(substance: str) -> None:
    assert names_a_dci(substance)


def test_an_association_is_a_sorted_set() -> None:
    assert dci_label(["amoxicilline", "acide clavulanique", "amoxicilline"]) == "acide clavulanique / amoxicilline"
    assert dci_label(["zinc", "éthinylestradiol", "estradiol"]) == "estradiol / éthinylestradiol / zinc"


def test_keys_are_ascii_and_join_the_parts() -> None:
    assert dci_key("acide clavulanique / amoxicilline") == "acide-clavulanique--amoxicilline"
    assert dci_key("chlorure de sodium") == "chlorure-de-sodium"
    assert dci_key("dérivé d'œuf [18F]") == "derive-d-oeuf-18f"


def test_the_key_of_an_association_is_made_of_those_of_its_parts() -> None:
    names = [f"antigène fictif {'très ' * 20} long {end}" for end in "ba"]
    assert dci_key(dci_label(names)) == "--".join(sorted(dci_key(name) for name in names))


def test_long_keys_are_shortened_but_stay_apart() -> None:
    first, second = (dci_key(f"antigène fictif {'très ' * 20} long {end}") for end in "ab")
    assert len(first) <= LONGEST_KEY
    assert len(second) <= LONGEST_KEY
    assert first != second


@given(st.text(max_size=80))
def test_any_text_gives_a_stable_name(text: str) -> None:
    assert dci_name(dci_name(text)) == dci_name(text)


@given(st.lists(st.sampled_from(["zinc", "éosine", "acide folique", "fer"]), max_size=6))
def test_order_and_repetition_do_not_count(names: list[str]) -> None:
    assert dci_label(names) == dci_label([*reversed(names), *names])


def test_rules_are_written_once() -> None:
    with reference_file("salts.csv").open(encoding="utf-8", newline="") as handle:
        lines = [(line["kind"], line["name"]) for line in csv.DictReader(handle)]
    assert len(lines) == len(set(lines))
    assert {kind for kind, _ in lines} == {
        *("salt", "counter_ion", "qualifier", "carrier", "synonym", "beginning", "moiety"),
    }


@pytest.mark.parametrize(
    ("substance", "dci"),
    [
        ("INSULINE HUMAINE RECOMBINANTE SOLUBLE", "insuline humaine recombinante"),
        ("INSULINE HUMAINE RECOMBINANTE NEUTRE", "insuline humaine recombinante"),
        (
            "INSULINE HUMAINE RECOMBINANTE ISOPHANE",
            "insuline humaine recombinante isophane",
        ),  # slower: another medicine
        ("CALCITONINE SALMINE SYNTHÉTIQUE", "calcitonine de saumon"),
        ("HYDROXYÉTHYLAMIDON 130/0,4", "hydroxyéthylamidon"),
        ("HYDROXYÉTHYLAMIDON 130 000", "hydroxyéthylamidon"),
        ("OMÉGA-3 (ESTERS ÉTHYLIQUES 90 D'ACIDES)", "esters éthyliques d'acides oméga-3"),
        ("VIRUS DE LA RAGE, SOUCHE FICTIVE", "virus de la rage inactivé"),
        ("VIRUS DE L'HÉPATITE A SOUCHE FICTIVE INACTIVÉ ADSORBÉ", "virus de l'hépatite a inactivé"),
        ("VIRUS RUBÉOLEUX (SOUCHE FICTIVE) ATTÉNUÉ", "virus de la rubéole vivant atténué"),
        ("ANTIGÈNE PERTUSSIQUE : PERTACTINE", "antigènes coquelucheux acellulaires"),
        ("FAMTOZINAMÉRAN", "tozinaméran"),
        ("PANCRÉAS (POUDRE DE) (PORCINE)", "pancréatine"),
    ],
)
def test_names_that_split_a_dci_without_reason_are_joined(substance: str, dci: str) -> None:
    assert dci_name(substance) == dci


@pytest.mark.parametrize(
    "substance",
    [
        "IMMUNOGLOBULINE DE LAPIN ANTI-LYMPHOCYTE T HUMAIN",
        "IMMUNOGLOBULINE ÉQUINE ANTI-LYMPHOCYTE T HUMAIN",
        "CRISANTASPASE",
        "ASPARAGINASE",
        "ÉPOÉTINE ALFA",
        "ÉPOÉTINE BÊTA",
        "ACIDE MYCOPHÉNOLIQUE",
        "MYCOPHÉNOLATE MOFÉTIL",
        "LYMÉCYCLINE",
        "INSULINE ASPARTE",
        "INSULINE ASPARTE ISOPHANE BIPHASIQUE",
    ],
)
def test_species_and_origins_that_change_the_medicine_stay_apart(substance: str) -> None:
    assert dci_name(substance) == substance.lower()


def test_every_synonym_stands_by_itself() -> None:
    """Its result is a name that nothing renames again, and its reason is written."""
    for line in dci_synonyms.synonyms():
        assert dci_name(line.dci) == line.dci
        assert dci_name(line.name) == line.dci
        assert len(line.reason) > 10


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("exact,calcitonine de saumon,calcitonine,espèce,non", r"« calcitonine de saumon », nom que la ligne"),
        ("exact,a,a,rien,non", "« a » se remplace par lui-même"),
        ("exact,a,b,espèce,peut-être", "valeur « peut-être » refusée"),
        ("exact,a,b,,non", "reason"),
        ("exact,calcitonine salmine,b,espèce,non", "déjà donné"),
        ("souche,a,b,espèce,non", "match"),
    ],
)
def test_a_wrong_synonym_is_refused_with_its_line(
    line: str, mistake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "dci_synonyms.csv"
    path.write_text(reference_file("dci_synonyms.csv").read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    monkeypatch.setattr(dci_synonyms, "reference_file", lambda _: path)
    with pytest.raises(BrokenReference, match=mistake) as refusal:
        dci_synonyms.synonyms()
    assert "Synonymes de DCI" in str(refusal.value)

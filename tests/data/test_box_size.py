"""Units in a box, read in labels written as those of the BDPM; sizes decided by hand; what is not read is not guessed."""

from __future__ import annotations

import pytest

from data.building.box_size import box_size
from tests.conftest import Home
from tests.referential import files, simple


@pytest.mark.parametrize(
    ("label", "units", "word"),
    [
        # Without a number before the container, what is written is the whole box.
        ("plaquette(s) thermoformée(s) PVC-Aluminium de 30 comprimé(s)", 30, "comprimé"),
        ("plaquettesPVC PVDC aluminium de 28 comprimés", 28, "comprimé"),
        ("plaquette(s) PVC-Aluminium de28 comprimés pelliculés (24 actifs et 4 placebos)", 28, "comprimé"),
        ("flacon(s) polyéthylène haute densité (PEHD) avec fermeture de sécurité enfant de 90 gélule(s)", 90, "gélule"),
        ("film(s) thermosoudé(s) aluminium de 16 comprimé(s)", 16, "comprimé"),
        # With one, each container holds it.
        ("2 plaquettes de 15 comprimés", 30, "comprimé"),
        ("2 film(s) thermosoudé(s) polyéthylène aluminium de 5 suppositoire(s)", 10, "suppositoire"),
        ("84 plaquette(s) PVC-Aluminium de 1 gélule(s)", 84, "gélule"),
        ("3 tube(s) polypropylène de 20 comprimé(s)", 60, "comprimé"),
        ("1 Plaquette(s) PVC PVDC aluminium de 21 COMPRIMÉ(S)", 21, "comprimé"),
        # Multiple packs, whose product is written.
        ("100 (10 x 10) comprimés", 100, "comprimé"),
        ("plaquettes PVC PVDC aluminium de 112 (4 x 28) gélules (conditionnement multiple)", 112, "gélule"),
        ("plaquettes OPA : polyamide orienté aluminium PVC de 90 (2 boites de 45) comprimés", 90, "comprimé"),
        ("plaquettes PVC polyamide aluminium de 30 x 1 capsules (conditionnement unitaire)", 30, "capsule"),
        ("14 plaquettes aluminium de 8 comprimés (emballage multiple : 2 x 56)", 112, "comprimé"),
        ("6 (3 x 2) stylos préremplis en verre de 0,4 mL (multipack)", 2.4, "ml"),
        ("Conditionnement multiple (3 x 2,5 ml) : 3 boîtes de 1 flacon en polypropylène de 2,5 ml", 7.5, "ml"),
        # One plate that holds 14 does not make 4 × 56.
        ("4 plaquettes et opercule (Aluminium) de 56 comprimés, chaque plaquette contient 14 comprimés", 56, "comprimé"),
        ("56 comprimés sous plaquettes (Alu/PVC) de 4 x 14 comprimés (7 de 45 mg et 7 de 15 mg)", 56, "comprimé"),
        ("3 plaquettes PVC de 21 comprimés roses et de 7 comprimés blancs", 84, "comprimé"),
        ("plaquette(s) de 12 comprimé(s) bleus, 10 comprimé(s) blancs et 6 comprimé(s) rouges", 28, "comprimé"),
        # Volumes and weights, of all containers.
        ("1 flacon de 100 ml", 100, "ml"),
        ("10 ampoules de 5 ml", 50, "ml"),
        ("10 ampoule(s) en verre de 1 000 ml", 10_000, "ml"),
        ("1 bouteille(s) polypropylène de 1,5 l", 1500, "ml"),
        ("30 sachet(s)-dose(s) papier aluminium polyéthylène de 153,45 mg", 4.6035, "g"),
        ("1 flacon en verre brun de 60 ml avec cuillère-mesure polypropylène de 5 ml", 60, "ml"),
        ("1 seringue préremplie en verre avec aiguille(s) de 0,5 mL (Distributeur parallèle : X)", 0.5, "ml"),
        ("20 récipient(s) unidose(s) polyéthylène de 2 ml suremballée(s) par plaquette de 5 récipients", 40, "ml"),
        ("boîte de 5 stylos jetables contenant une cartouche en verre de 3 ml", 15, "ml"),
        ("poche(s) (EASYFLEX) + polyoléfine suremballée(s)/surpochée(s) de 250 ml", 250, "ml"),
        # Doses of a device.
        ("2 flacons pressurisés de 120 dose(s)", 240, "dose"),
        ("10 flacons multidoses en verre de 6 doses", 60, "dose"),
        # Nothing written about the content: containers are counted.
        ("28 sachet-dose(s)", 28, "sachet"),
        ("12 sachet(s)-dose(s)", 12, "sachet"),
        ("1 flacon(s) en verre", 1, "flacon"),
        # A powder and its solvent: the first is counted.
        ("5 flacon(s) en verre de 500 mg - 5 ampoule(s) en verre de 5 ml", 5, "flacon"),
        ("1 flacon en verre de 1500 UI + 1 flacon en verre de 5 ml (300 UI/ml) + 1 seringue + 2 tampons", 1, "flacon"),
        ("1 cartouche en verre de 3 mL dans stylo pré-rempli jetable + 4 aiguilles", 3, "ml"),
        ("1 plaquette(s) aluminium de 3 comprimé(s) - 1 plaquette(s) aluminium de 28 comprimé(s)", 31, "comprimé"),
        ("boîte(s) de 20 pansements adhésifs cutanés", 20, "pansement"),
    ],
)  # fmt: skip
def test_a_label_says_how_much_the_box_holds(label: str, units: float, word: str) -> None:
    size = box_size(label)
    assert size is not None
    assert size.unit_word == word
    assert size.units == pytest.approx(units)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "plaquette(s) PVC PVDC aluminium de 30",  # thirty what?
        "28 plaquette(s) thermoformée(s) aluminium pour délivrance à l'unité",
        "1 ou plusieurs flacons de 1,5 mL à 20 mL",
        "poche(s) EVA - maximum de 50 ml en fonction du patient - 1 ou plusieurs poches",
        "générateur(s) pour élution de 2 - 50 GBq de technétium-99 m",
        "flacon(s) en verre brun avec cuillère-mesure polypropylène de 5 g",  # the spoon, or the bottle?
        "plaquettes aluminium de 90 comprimés (2 x 56)",  # two quantities that disagree
        "présentation hospitalière",
    ],
)
def test_a_label_without_a_sure_quantity_has_no_size(label: str) -> None:
    assert box_size(label) is None


def sizes(home: Home, labels: list[str], manual: list[list[object]] | None = None) -> list[dict[str, object]]:
    medicines = [simple(f"9000000{rank}", "FICTIVIR 100 mg", "FICTIVIR") for rank in range(1, len(labels) + 1)]
    folder = home.path / "inbox" / "bdpm"
    folder.mkdir(parents=True)
    for name, content in files(medicines).items():
        text = content.decode("utf-8") if name == "CIS_CIP_bdpm.txt" else ""
        for label in labels if text else ():
            text = text.replace("\t1 flacon\t", f"\t{label}\t", 1)
        (folder / name).write_bytes(text.encode() if text else content)
    if manual:
        rows = [[medicines[0].cip13, *row] for row in manual]
        home.drop("references", "tailles.xlsx", {"references_size": rows})
    assert home.refresh().published
    return home.reader().rows("SELECT * FROM presentation_size ORDER BY cip13")


def test_every_presentation_has_a_row_read_or_not(home: Home) -> None:
    read, unread = sizes(home, ["10 ampoule(s) en verre de 5 ml", "plaquette(s) de 30"])
    kept = ("units", "unit_word", "origin", "containers", "container_word", "content")
    assert [read[name] for name in kept] == [50, "ml", "libellé", 10, "ampoule", 5]
    assert [unread[name] for name in kept] == [None, None, "non lue", None, None, None]


def test_a_size_decided_by_hand_replaces_the_label_and_says_who(home: Home) -> None:
    """Thirty tablets typed for a label read as twenty-eight; the plural and the capital are the same unit."""
    (row,) = sizes(home, ["plaquette(s) de 28 comprimé(s)"], [[30, "Comprimés", "Libellé erroné", "Équipe"]])
    assert (row["units"], row["unit_word"], row["origin"]) == (30, "comprimé", "saisie manuelle")
    assert (row["size_reason"], row["size_author"], row["containers"]) == ("Libellé erroné", "Équipe", None)


def test_an_unknown_unit_is_quarantined_with_those_accepted(home: Home) -> None:
    (row,) = sizes(home, ["plaquette(s) de 28 comprimé(s)"], [[30, "palettes", "Essai", "Équipe"]])
    assert row["origin"] == "libellé"
    (reason,) = home.reader().rows("SELECT reason FROM quarantine")
    assert "valeur inconnue" in reason["reason"]
    assert "comprimé" in reason["reason"]

"""What a followed group takes in the referential, through the production build."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.language.typography import ordinary
from data.building import group_report, snapshot
from data.reference.plans import plans
from tests.conftest import Home
from tests.data.test_plans import SIXTH, _folder
from tests.referential import Medicine, files, simple

pytestmark = pytest.mark.computes("group_candidate")

ORAL, INJECTED = "suspension buvable", "solution injectable"
MEDICINES = [
    simple("60000001", "DIX 60 mg/2 ml, solution buvable en flacon", "DIXINE", form=ORAL),
    simple("60000002", "DIX 30 mg/ml, solution buvable", "DIXINE", form=ORAL),
    simple("60000003", "DIX 3 POUR CENT, suspension buvable", "DIXINE", form=ORAL),
    simple("60000004", "DIX 0,30 mg/ml, solution buvable", "DIXINE", form=ORAL),
    simple("60000005", "DIX 60 mg/2 ml, solution buvable en ampoule", "DIXINE", form=ORAL),
    simple("60000006", "DIX BUVABLE, solution buvable", "DIXINE", form=ORAL),
    simple("60000007", "DIX 30 mg/ml, solution injectable", "DIXINE", form=INJECTED),
    simple(
        "60000008", "HEP 2 000 UI (20 mg)/0,2 mL, solution injectable en seringue préremplie", "HEPINE", form=INJECTED
    ),
    simple(
        "60000009", "HEP 4 000 UI (40 mg)/0,4 mL, solution injectable en seringue préremplie", "HEPINE", form=INJECTED
    ),
    simple("60000010", "HEP 4000 UI/0,4 ml, solution injectable en stylo prérempli", "HEPINE", form=INJECTED),
    Medicine(
        "60000011", "DIX PLUS 30 mg/ml, suspension buvable", [("SA", "1", "DIXINE"), ("SA", "2", "AUTRE")], form=ORAL
    ),
]
RULES = """
[[groups]]
id = "dix-buvable"
label = "Dixine buvable 30 mg/ml"
dci = "dixine"
form = "buvable"
strengths = ["{}"]

[[groups]]
id = "hep-4000"
label = "Hépine 4 000 UI"
dci = "hepine"
form_out = "stylo"
strengths = ["4 000 UI/0,4 ml"]
cis_in = {}
cis_out = {}
"""


def _built(
    home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    strength: str = "30 mg/ml",
    cis_in: tuple[str, ...] = (),
    cis_out: tuple[str, ...] = (),
) -> dict[str, dict[str, str | None]]:
    """By group, the reason of each speciality by the last digits of its CIS: None when taken by the rule."""
    head = SIXTH[: SIXTH.index("[[groups]]")]
    rules = RULES.format(strength, *(str(list(codes)).replace("'", '"') for codes in (cis_in, cis_out)))
    folder = _folder(tmp_path, essai=head + rules)
    monkeypatch.setattr(snapshot, "plans", lambda: plans(folder))
    for name, content in files(MEDICINES).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert home.refresh().error == ""
    found: dict[str, dict[str, str | None]] = {"dix-buvable": {}, "hep-4000": {}}
    for row in home.reader().rows("SELECT * FROM group_candidate"):
        assert row["is_taken"] is (row["reason"] in (None, "ajoutée à la main"))
        found[row["group_id"]][row["cis"][-2:]] = row["reason"]
    taken = home.reader().rows("SELECT group_id, cip13 FROM group_presentation")
    listed = home.reader().rows("SELECT group_id, cis FROM group_candidate WHERE is_taken")
    assert len(taken) == len(listed)  # one box each
    return found


def test_a_concentration_takes_every_way_of_writing_it(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _built(home, tmp_path, monkeypatch)["dix-buvable"] == {
        "01": None,  # 60 / 2 = 30
        "02": None,
        "03": None,  # 3 g/100 ml
        "04": "autre dosage",  # 0,30
        "05": None,  # the rule is a concentration: an ampoule of it too
        "06": "dosage absent de la dénomination",
        "07": "autre forme",
        "11": "autre DCI",  # an association of it, same form, same strength
    }


def test_a_volume_in_the_rule_is_a_concentration_for_bottles_only(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """« 150 mg/5 ml » is 30 mg/ml in a bottle; the ampoule of 60 mg/2 ml holds another amount."""
    found = _built(home, tmp_path, monkeypatch, strength="150 mg/5 ml")
    assert sorted(cis for cis, reason in found["dix-buvable"].items() if reason is None) == ["01", "02", "03"]
    assert found["dix-buvable"]["05"] == "autre dosage"
    assert found["hep-4000"] == {"08": "autre dosage", "09": None, "10": "forme exclue"}


def test_codes_added_by_hand_win_over_everything(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _built(
        home, tmp_path, monkeypatch, cis_in=("60000010", "60000004", "60000009"), cis_out=("60000009", "60000008")
    )
    assert found["hep-4000"] == {
        "04": "ajoutée à la main",
        "08": "autre dosage, retirée à la main",
        "09": "ajoutée à la main",
        "10": "ajoutée à la main",
    }


def test_the_report_names_what_is_taken_and_what_is_left(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert group_report.main([]) == 1
    assert "Aucun instantané publié." in capsys.readouterr().err
    _built(home, tmp_path, monkeypatch)
    assert group_report.main(["--groupe", "dix-buvable"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("PREND 4 spécialités, 4 présentations" in ordinary(line) for line in lines)
    assert "    60000001 DIX 60 mg/2 ml, solution buvable en flacon [30 mg/ml]" in lines
    assert any("LAISSE 1 : dosage absent de la dénomination" in ordinary(line) for line in lines)
    assert not any("Hépine" in line for line in lines)
    assert group_report.main(["--groupe", "inconnu"]) == 1

"""Plans: one file each; a wrong one is reported with its field."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from data.building import snapshot
from data.reference.plans import Plan, plans
from data.strict import BrokenReference, reference_file
from tests.conftest import Home
from tests.metrics.test_coverage import LAST, _coverage, _referential, _status, _wholesalers

WINTER = reference_file("plans/hivernal.toml").read_text(encoding="utf-8")


def _folder(tmp_path: Path, **files: str) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("original", "written", "field"),
    [
        ("level = 1 ", "# ", "level"),
        (
            "satisfactory_days = 30",
            'satisfactory_days = "trente"',
            r"links n° 1 « exploitants », clé « satisfactory_days » \(ligne 24\)",
        ),
        ('link = "officines"', 'link = "pharmacies"', "links n° 3 « pharmacies », clé « link »"),
        ('id = "amoxicilline-susp-500"', 'id = "Amoxicilline 500"', "groups n° 2 « Amoxicilline 500 », clé « id »"),
        ('denominator = "current"', 'denominator = "courante"', "denominator"),
        ('starts = "10-01"', 'starts = "1er octobre"', "starts"),
        ("order = 1", "ordre = 1", "ordre"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, original: str, written: str, field: str) -> None:
    assert original in WINTER
    folder = _folder(tmp_path, hivernal=WINTER.replace(original, written, 1))
    with pytest.raises(ValueError, match=field):
        plans(folder)


def test_a_file_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ligne 1"):
        plans(_folder(tmp_path, brouillon="id = \n"))


def test_plans_come_in_the_order_of_the_menu(tmp_path: Path) -> None:
    late = re.sub(r'id = "(\w)', r'id = "b-\1', WINTER).replace("order = 1", "order = 9")
    original = plans(_folder(tmp_path, a=late, b=WINTER))
    assert [plan.id for plan in original] == ["hivernal", "b-hivernal"]


def test_a_group_in_two_plans_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenReference, match=r"b\.toml.*« amoxicilline-susp-500 » déjà dans a\.toml"):
        plans(_folder(tmp_path, a=WINTER.replace('id = "hivernal"', 'id = "avant"'), b=WINTER))


@pytest.mark.parametrize(
    ("original", "written", "message"),
    [
        ("acceptable_days = 15", "acceptable_days = 45", "moins que la borne « satisfaisante »"),
        ('link = "officines"', 'link = "grossistes"', "deux fois : grossistes"),
        ('form = "comprime"', 'form = "(comprime"', "expression régulière"),
        (
            '"250 mg/5 ml"',
            '"250 mq/5 ml"',
            "« amoxicilline-susp-250 ».*dosage illisible, « 250 mq/5 ml » : écrire une",
        ),
        ('"250 mg/5 ml"', '"250 mg/5 ml environ"', "dosage illisible"),
        ('"100 mg/12,5 mg par ml"', '"100 mg/12,5 mg/25 mg"', r"« 100 mg/12,5 mg/25 mg » compte 3 dosages"),
        ('strengths = ["250 mg/5 ml"]', "strength = '250 ?mg'", "« strength »"),
        ('starts = "10-01"', 'starts = "13-45"', "starts"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(tmp_path: Path, original: str, written: str, message: str) -> None:
    assert original in WINTER
    with pytest.raises(BrokenReference, match=message) as refusal:
        plans(_folder(tmp_path, hivernal=WINTER.replace(original, written, 1)))
    assert "hivernal.toml" in str(refusal.value)


def test_the_winter_list() -> None:
    winter = next(plan for plan in plans() if plan.id == "hivernal")
    assert len(winter.groups) == 14
    bands = {link.link: (link.satisfactory_days, link.acceptable_days, link.to_validate) for link in winter.links}
    assert bands == {"exploitants": (30, 15, True), "grossistes": (10, 3, False), "officines": (7, 3, False)}


def test_what_no_text_fixes_is_marked() -> None:
    summer = next(plan for plan in plans() if plan.id == "canicule")
    assert summer.to_validate
    assert all(link.to_validate for link in summer.links)


@pytest.mark.parametrize("plan", plans(), ids=lambda plan: plan.id)
def test_every_rule_can_be_evaluated_and_bands_are_in_order(plan: Plan) -> None:
    for group in plan.groups:
        re.compile(group.form)
        re.compile(group.form_out)
        assert all(found.amounts for found in group.amounts)
    assert all(0 < link.acceptable_days < link.satisfactory_days for link in plan.links)
    assert len({link.link for link in plan.links}) == len(plan.links) == (4 if plan.id == "canicule" else 3)


def test_a_group_belongs_to_one_plan() -> None:
    names = [group.id for plan in plans() for group in plan.groups]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("day", "winter", "summer"),
    [
        (date(2026, 10, 1), True, False),
        (date(2026, 12, 31), True, False),
        (date(2027, 4, 30), True, False),
        (date(2027, 5, 1), False, False),
        (date(2026, 6, 1), False, True),
        (date(2026, 9, 15), False, True),
        (date(2026, 9, 30), False, False),
    ],
)
def test_a_season_may_cross_the_new_year(day: date, winter: bool, summer: bool) -> None:
    original = {plan.id: plan.in_season(day) for plan in plans()}
    assert (original["hivernal"], original["canicule"]) == (winter, summer)


SIXTH = """
id = "psychotropes"
title = "Plan psychotropes"
question = "Les psychotropes sont-ils disponibles ?"
order = 3
season = "toute l'année"
starts = "01-01"
ends = "12-31"
level = 1
levels = ["Anticipation", "Niveau 1"]
denominator = "legal"
pressure = "none"
origin = "Essai"
to_validate = true

[[links]]
link = "grossistes"
label = "Grossistes-répartiteurs"
satisfactory_days = 100
acceptable_days = 50
origin = "Essai"
to_validate = true

[[groups]]
id = "amoxicilline-essai"
label = "Amoxicilline, autre règle"
dci = "Amoxicilline"
strengths = ["500 mg/5 ml"]
cis_out = ["90000002"]
"""


def test_another_plan_needs_no_code(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own bands, its own denominator, a rule that leaves a speciality out."""
    folder = _folder(tmp_path, hivernal=WINTER, psychotropes=SIXTH)
    monkeypatch.setattr(snapshot, "plans", lambda: plans(folder))
    _referential(home)
    _wholesalers(home, {"GROSSISTE A": [(back, 900, 70 if back else 140) for back in range(52)]})
    assert home.refresh().error == ""
    rows = home.reader().rows("SELECT plan, title, pressure FROM plan ORDER BY order_no")
    assert [row["plan"] for row in rows] == ["hivernal", "psychotropes"]
    shown = home.reader().row("SELECT * FROM link_status WHERE subject_id = 'amoxicilline-essai'")
    assert shown is not None
    assert shown["coverage_days"] == pytest.approx(900 / ((51 * 70 + 140) / (52 * 7)))  # the legal reference
    assert (shown["status"], shown["denominator"]) == ("acceptable", "legal")
    assert _status(home)["status"] == "satisfaisante"  # the same boxes against the bands of winter
    own = home.reader().rows("SELECT cip13 FROM group_presentation WHERE group_id = 'amoxicilline-essai'")
    assert len(own) == 1
    assert LAST in _coverage(home, "amoxicilline-essai")

"""Plans: one file each; a wrong one is reported with its field."""

from __future__ import annotations

import ast
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from data.building import snapshot
from data.reference import tables
from data.reference.plans import Plan, plans
from data.settings import PROJECT
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
        ("level = 1 ", 'level = "un" # ', "level"),
        (
            "on = 2026-10-01",
            'on = "1er octobre"',
            r"changes n° 1, clé « on » \(ligne \d+\).*une date, comme 2026-11-25",
        ),
        ('season = "2026-2027"', "", "clé « season » obligatoire absente"),
        (
            "satisfactory_days = 30",
            'satisfactory_days = "trente"',
            r"links n° 1 « exploitants », clé « satisfactory_days » \(ligne 31\)",
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
        ('starts = "10-01" ', "# ", "clé « starts » obligatoire quand « ends » est donnée .*plan permanent"),
        ('ends = "04-30"', "", "clé « ends » obligatoire quand « starts » est donnée"),
        (
            'surveillance = "epidemic" ',
            "# ",
            "clé « indicators » : sans effet, la surveillance du plan n'est pas « epidemic »",
        ),
        ("level = 1 ", "level = 2 ", "clé « level » : valeur 2 refusée .*1, niveau du dernier changement"),
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


@pytest.mark.parametrize("plan", [plan for plan in plans() if plan.id != "hivernal"], ids=lambda plan: plan.id)
def test_what_no_text_fixes_is_marked(plan: Plan) -> None:
    assert plan.to_validate
    assert plan.origin.startswith("Liste de travail de Vigistock : aucune liste publique")
    assert all(link.to_validate for link in plan.links)


@pytest.mark.parametrize("plan", plans(), ids=lambda plan: plan.id)
def test_every_rule_can_be_evaluated_and_bands_are_in_order(plan: Plan) -> None:
    for group in plan.groups:
        re.compile(group.form)
        re.compile(group.form_out)
        assert all(found.amounts for found in group.amounts)
    assert all(0 < link.acceptable_days < link.satisfactory_days for link in plan.links)
    assert len({link.link for link in plan.links}) == len(plan.links)


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


def _changes(*lines: str) -> str:
    """The winter plan, its dated levels being these: « 2026-10-01 1 »."""
    written = "".join(
        f'[[changes]]\non = {day}\nlevel = {level}\nreason = "Essai"\n'
        for day, level in (line.split() for line in lines)
    )
    head, rest = WINTER.split("[[changes]]", 1)
    return head.replace("level = 1 ", "# ", 1) + written + rest[rest.index("[[links]]") :]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("2026-10-01 1", "2026-10-01 2"), "changes n° 2, clé « on » .*01/10/2026.*après le changement précédent"),
        (("2026-11-02 1", "2026-10-01 2"), "changes n° 2, clé « on » .*après le changement précédent, 02/11/2026"),
        (("2026-10-01 1", "2026-11-02 1"), "changes n° 2, clé « level » .*un autre niveau que le précédent"),
        (("2026-10-01 4",), "changes n° 1, clé « level » .*de 0 à 3, rang dans « levels »"),
        (("2026-09-30 1",), "changes n° 1, clé « on » .*30/09/2026.*un jour de la saison, du 10-01 au 04-30"),
        (("2026-10-01 1", "2027-05-01 2"), "changes n° 2, clé « on » .*un jour de la saison"),
        ((), "clé « level » obligatoire absente"),
    ],
)
def test_changes_out_of_order_or_of_season_are_refused(tmp_path: Path, lines: tuple[str, ...], message: str) -> None:
    with pytest.raises(BrokenReference, match=message) as refusal:
        plans(_folder(tmp_path, hivernal=_changes(*lines)))
    assert "hivernal.toml" in str(refusal.value)


LIFE = ("2026-09-01 0", "2026-10-01 1", "2026-11-02 2", "2027-02-01 1", "2027-05-15 3")


@pytest.mark.parametrize(
    ("day", "level", "since"),
    [
        (date(2026, 8, 31), 0, None),  # before any change: the first level
        (date(2026, 9, 1), 0, date(2026, 9, 1)),
        (date(2026, 11, 1), 1, date(2026, 10, 1)),
        (date(2026, 11, 2), 2, date(2026, 11, 2)),
        (date(2027, 5, 14), 1, date(2027, 2, 1)),  # a change written ahead does not apply before its day
        (date(2028, 1, 1), 3, date(2027, 5, 15)),
    ],
)
def test_the_level_is_that_of_the_last_change(tmp_path: Path, day: date, level: int, since: date | None) -> None:
    plan = plans(_folder(tmp_path, hivernal=_changes(*LIFE)))[0]
    row = tables.plan_table([plan], day).to_pylist()[0]
    assert (row["level"], row["level_label"], row["level_since"]) == (level, plan.levels[level], since)


def test_a_file_without_dated_changes_reads_as_before(tmp_path: Path) -> None:
    head, rest = WINTER.split("[[changes]]", 1)
    plan = plans(_folder(tmp_path, hivernal=head + rest[rest.index("[[links]]") :]))[0]
    row = tables.plan_table([plan], date(2026, 11, 29)).to_pylist()[0]
    assert (row["level"], row["level_since"], row["level_reason"]) == (1, None, None)


def test_a_change_belongs_to_the_season_that_it_announces_or_ends(tmp_path: Path) -> None:
    """Anticipation of September is of the winter to come; the lessons of May are of the winter before."""
    plan = plans(_folder(tmp_path, hivernal=_changes(*LIFE, "2027-09-01 0", "2027-10-01 1")))[0]
    found = tables.plan_change_table([plan], date(2027, 11, 1)).to_pylist()
    assert [row["season"] for row in found] == ["2026-2027"] * 5 + ["2027-2028"] * 2
    assert len(tables.plan_change_table([plan], date(2026, 11, 29)).to_pylist()) == 3, "later ones are not there yet"


def test_seasons_of_a_plan_begin_once_a_year(tmp_path: Path) -> None:
    """On 29/11/2026 the third winter runs; on 01/09/2026 it has not begun."""
    plan = plans(_folder(tmp_path, hivernal=WINTER))[0]
    found = tables.plan_season_table([plan], date(2026, 11, 29)).to_pylist()
    assert [(row["season"], row["is_running"]) for row in found] == [
        ("2026-2027", True),
        ("2025-2026", False),
        ("2024-2025", False),
    ]
    assert (found[0]["starts_on"], found[0]["ends_on"], found[0]["through_on"]) == (
        date(2026, 10, 1),
        date(2027, 4, 30),
        date(2026, 11, 29),
    )
    assert found[1]["through_on"] == date(2026, 4, 30)
    assert plan.seasons(date(2026, 9, 1))[0].name == "2025-2026"


PERMANENT = re.sub(r"(?m)^(starts|ends|season) = .*\n", "", WINTER)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (PERMANENT, date(2026, 1, 1)),  # no season at all: the civil year
        (WINTER.replace('"10-01" ', '"01-01" ', 1).replace('"04-30"', '"12-31"'), date(2026, 1, 1)),
        (WINTER.replace('"10-01" ', '"07-01" ', 1).replace('"04-30"', '"06-30"'), date(2026, 7, 1)),
        (WINTER.replace('"10-01" ', '"03-01" ', 1).replace('"04-30"', '"02-28"'), date(2026, 3, 1)),
    ],
)
def test_a_permanent_plan_is_in_season_every_day(tmp_path: Path, text: str, first: date) -> None:
    """Without days, or with days that go round the year; its seasons are the years that begin on its first day."""
    plan = plans(_folder(tmp_path, hivernal=text))[0]
    assert plan.is_permanent
    assert all(plan.in_season(date(2027, 1, 1) + timedelta(days=k)) for k in range(366))
    season = plan.seasons(date(2026, 12, 31))[0]
    assert (season.starts_on, season.ends_on) == (first, date(first.year + 1, first.month, 1) - timedelta(days=1))


def test_a_permanent_plan_needs_no_name_of_season(tmp_path: Path) -> None:
    row = tables.plan_table(plans(_folder(tmp_path, hivernal=PERMANENT)), date(2026, 7, 14)).to_pylist()[0]
    assert (row["season"], row["is_permanent"], row["in_season"]) == ("toute l'année", True, True)


def test_a_season_that_ends_on_29_february_ends_on_the_28th_of_other_years(tmp_path: Path) -> None:
    plan = plans(_folder(tmp_path, hivernal=WINTER.replace('"04-30"', '"02-29"')))[0]
    assert [season.ends_on for season in plan.seasons(date(2027, 12, 1))[:2]] == [date(2028, 2, 29), date(2027, 2, 28)]


def test_no_python_and_no_query_names_a_plan() -> None:
    """A plan is a file: what the product does with it follows from its keys."""
    names = {plan.id for plan in plans()}
    for folder in ("connectors", "data", "metrics", "pages"):
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.suffix == ".py":
                tree = ast.parse(path.read_text(encoding="utf-8"))
                found = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
                texts = {text.removeprefix("plan-") for text in found if isinstance(text, str)}
            elif path.suffix in {".sql", ".j2"}:
                texts = set(re.findall(r"['\"](?:plan-)?([a-z-]+)['\"]", path.read_text(encoding="utf-8")))
            else:
                continue
            assert not names & texts, f"{path} : {names & texts}"


SIXTH = """
id = "essai"
title = "Plan d'essai"
question = "Les médicaments d'essai sont-ils disponibles ?"
order = 3
level = 1
levels = ["Anticipation", "Niveau 1"]
denominator = "legal"
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
    folder = _folder(tmp_path, hivernal=WINTER, essai=SIXTH)
    monkeypatch.setattr(snapshot, "plans", lambda: plans(folder))
    _referential(home)
    _wholesalers(home, {"GROSSISTE A": [(back, 900, 70 if back else 140) for back in range(52)]})
    assert home.refresh().error == ""
    rows = home.reader().rows("SELECT plan, title, surveillance FROM plan ORDER BY order_no")
    assert [row["plan"] for row in rows] == ["hivernal", "essai"]
    shown = home.reader().row("SELECT * FROM link_status WHERE subject_id = 'amoxicilline-essai'")
    assert shown is not None
    assert shown["coverage_days"] == pytest.approx(900 / ((51 * 70 + 140) / (52 * 7)))  # the legal reference
    assert (shown["status"], shown["denominator"]) == ("acceptable", "legal")
    assert _status(home)["status"] == "satisfaisante"  # the same boxes against the bands of winter
    own = home.reader().rows("SELECT cip13 FROM group_presentation WHERE group_id = 'amoxicilline-essai'")
    assert len(own) == 1
    assert LAST in _coverage(home, "amoxicilline-essai")

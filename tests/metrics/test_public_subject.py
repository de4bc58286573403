"""What the public list and public files say of one medicine: by hand, then computed again the plain way."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from metrics.public_list import subject as public
from tests.conftest import Home
from tests.referential import Medicine, files, simple

pytestmark = pytest.mark.computes(
    "public_subject", "public_photograph", "presentation_price", "generic_member", "past_cause", "regional_alert",
    "has_opinion", "public_spell", "public_gap", "public_shortage_history", "past_dci",
)  # fmt: skip
LABEL = {"1": "Rupture de stock", "2": "Tension d'approvisionnement", "3": "Arrêt de commercialisation", "4": "Remise à disposition"}  # fmt: skip
ONE = simple("60000001", "ALPHA 5 mg, comprimé", "ALPHACINE", "LABO UN")
TWO = simple("60000002", "BETA 5 mg, comprimé", "ALPHACINE", "LABO DEUX")
OUT = simple("60000003", "GAMMA 5 mg, comprimé", "GAMMACINE", "LABO UN")
SECOND_BOX = "3400936666665"  # another presentation of ONE


def drop_referential(home: Home, medicines: Sequence[Medicine], more: str = "") -> None:
    for name, content in files(medicines).items():
        text = content.decode("cp1252" if name != "CIS_CIP_bdpm.txt" else "utf-8")
        home.drop_text("bdpm", name, text + (more if name == "CIS_CIP_bdpm.txt" else ""))


def listed(cis: str, code: str, started: str = "", returned: str = "", cip13: str = "") -> str:
    """A line of the public list, in its published format."""
    return (
        "\t".join([cis, cip13, code, LABEL[code], started, "20/11/2026", returned, "https://exemple.invalid"]) + "\r\n"
    )


def presentation(cis: str, cip13: str, state: str, price: str = "1,00\t2,02\t1,02", rate: str = "65%") -> str:
    return (
        f"{cis}\t{cip13[5:12]}\t2 flacons\tPrésentation active\t{state}\t01/01/2020\t{cip13}\toui\t{rate}\t{price}\t\n"
    )


SOLD, STOPPED = "Déclaration de commercialisation", "Déclaration d'arrêt de commercialisation"


def counts(home: Home, subject: str = "dci:alphacine") -> dict[str, Any]:
    found = public.counts(home.reader(), subject)
    assert found is not None
    return found


def test_a_line_that_names_a_presentation_wins_over_that_of_the_speciality(home: Home) -> None:
    """ONE is in tension as a whole, but its second box is back: one presentation short, one back, of three marketed."""
    drop_referential(home, [ONE, TWO, OUT], presentation(ONE.cis, SECOND_BOX, SOLD))
    lines = listed(ONE.cis, "2", "01/08/2026", "15/12/2026") + listed(
        ONE.cis, "4", "01/11/2026", "05/11/2026", SECOND_BOX
    )
    home.drop_text("bdpm", "2026-11-20_CIS_CIP_Dispo_Spec.txt", lines, "cp1252")
    assert home.refresh().error == ""
    row = counts(home)
    assert [row[name] for name in ("marketed", "ruptures", "tensions", "stops", "returns", "short_specialities")] == [
        3,
        0,
        1,
        0,
        1,
        1,
    ]
    assert [f"{row[name]:%d/%m/%Y}" for name in ("since_on", "first_return_on", "last_return_on", "back_on")] == [
        "01/08/2026", "15/12/2026", "15/12/2026", "05/11/2026",
    ]  # fmt: skip
    none = counts(home, "dci:gammacine")
    assert (none["marketed"], none["ruptures"] + none["tensions"], none["since_on"]) == (1, 0, None)


def test_a_stopped_presentation_counts_only_if_the_list_says_it_short(home: Home) -> None:
    drop_referential(home, [TWO], presentation(TWO.cis, SECOND_BOX, STOPPED))
    assert home.refresh().error == ""
    assert counts(home)["marketed"] == 1
    home.drop_text("bdpm", "2026-11-20_CIS_CIP_Dispo_Spec.txt", listed(TWO.cis, "1", "", "", SECOND_BOX), "cp1252")
    assert home.refresh().error == ""
    row = counts(home)
    assert (row["marketed"], row["ruptures"], row["without_return"], row["since_on"]) == (2, 1, 1, None)


def test_only_the_last_photograph_says_what_is_short(home: Home) -> None:
    drop_referential(home, [ONE])
    home.drop_text("bdpm", "2026-10-01_CIS_CIP_Dispo_Spec.txt", listed(ONE.cis, "1"), "cp1252")
    home.drop_text("bdpm", "2026-11-20_CIS_CIP_Dispo_Spec.txt", listed(TWO.cis, "2"), "cp1252")
    assert home.refresh().error == ""
    assert counts(home)["ruptures"] == 0
    assert [row["left_on"] is not None for row in public.spells(home.reader(), "dci:alphacine").to_dict("records")] == [
        True
    ]


def test_counts_agree_with_the_photograph_read_line_by_line(home: Home) -> None:
    """Sixty specialities of four DCI, two presentations each, states drawn at random; counted again from the typed rows."""
    draw = Random(13)
    medicines = [simple(f"601000{rank:02d}", f"NOM {rank} 5 mg, comprimé", f"DCI{rank % 4}CINE") for rank in range(60)]
    second = {one.cis: simple(f"602000{rank:02d}", "", "").cip13 for rank, one in enumerate(medicines)}
    state = {one.cis: draw.choice((SOLD, SOLD, STOPPED)) for one in medicines}
    drop_referential(home, medicines, "".join(presentation(o.cis, second[o.cis], state[o.cis]) for o in medicines))
    lines = [
        (one.cis, draw.choice(("", "", one.cip13, second[one.cis])), draw.choice("1234"))
        for one in medicines
        if draw.random() < 0.6
    ]
    text = "".join(listed(cis, code, cip13=cip13) for cis, cip13, code in lines)
    home.drop_text("bdpm", "2026-11-20_CIS_CIP_Dispo_Spec.txt", text, "cp1252")
    assert home.refresh().error == ""
    expected: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for rank, one in enumerate(medicines):
        of = expected[f"dci:dci{rank % 4}cine"]
        for cip13, is_sold in ((one.cip13, True), (second[one.cis], state[one.cis] == SOLD)):
            named = [code for cis, box, code in lines if cis == one.cis and box == cip13]
            whole = [code for cis, box, code in lines if cis == one.cis and not box]
            code = (named or whole or [""])[0]
            of["marketed"] += is_sold or code in ("1", "2")
            for name, wanted in (("ruptures", "1"), ("tensions", "2"), ("stops", "3"), ("returns", "4")):
                of[name] += code == wanted
    found = {
        row["subject_id"]: row
        for row in home.reader().rows("SELECT * FROM public_subject")
        if row["subject_id"] in expected
    }
    assert len(found) == 4
    assert {key: {name: row[name] for name in expected[key]} for key, row in found.items()} == expected


def test_prices_are_those_published_and_an_unpriced_box_stays_unknown(home: Home) -> None:
    drop_referential(home, [ONE], presentation(ONE.cis, SECOND_BOX, SOLD, price="\t\t", rate=""))
    assert home.refresh().error == ""
    rows = public.prices(home.reader(), "dci:alphacine").to_dict("records")
    assert [(row["cip13"], row["price_with_fee_eur"], row["rate_pct"]) for row in rows[:1]] == [(ONE.cip13, 2.02, 65)]
    assert rows[1]["cip13"] == SECOND_BOX
    assert home.reader().rows(f"SELECT rate_pct, price_eur FROM presentation_price WHERE cip13 = '{SECOND_BOX}'") == [
        {"rate_pct": None, "price_eur": None}
    ]


def test_members_of_a_group_say_what_they_are_and_what_the_list_says(home: Home) -> None:
    drop_referential(home, [ONE, TWO, OUT])
    groups = "".join(f"1\tALPHACINE 5 mg - ALPHA 5 mg, comprimé.\t{cis}\t{kind}\t1\n" for cis, kind in
                     ((ONE.cis, "0"), (TWO.cis, "4"), ("69999999", "1")))  # fmt: skip
    home.drop_text("bdpm", "CIS_GENER_bdpm.txt", groups)
    home.drop_text("bdpm", "2026-11-20_CIS_CIP_Dispo_Spec.txt", listed(ONE.cis, "1"), "cp1252")
    assert home.refresh().error == ""
    rows = public.members(home.reader(), "dci:alphacine").to_dict("records")
    assert [(row["cis"], row["member_kind"], row["marketed"], str(row["public_code"])) for row in rows] == [
        (TWO.cis, "substituable", 1, "nan"),
        (ONE.cis, "princeps", 1, "1"),
        ("69999999", "générique", 0, "nan"),
    ]
    assert public.members(home.reader(), "dci:gammacine").empty


def test_an_opinion_without_a_page_is_kept(home: Home) -> None:
    drop_referential(home, [ONE, TWO])
    home.drop_text("bdpm", "CIS_HAS_SMR_bdpm.txt", f"{ONE.cis}\tCT-2\tInscription\t20240117\tImportant\tx\n"
                   f"{TWO.cis}\tCT-2\tInscription\t20240117\tFaible\ty\n{ONE.cis}\tCT-1\t\t20190305\t\t\n")  # fmt: skip
    home.drop_text("bdpm", "HAS_LiensPageCT_bdpm.txt", "CT-2\thttps://exemple.invalid/2\n")
    assert home.refresh().error == ""
    rows = public.opinions(home.reader(), "dci:alphacine")
    assert [
        (row["opinion_no"], f"{row['opinion_on']:%d/%m/%Y}", row["url"], row["smr"], row["specialities"])
        for row in rows
    ] == [
        ("CT-2", "17/01/2024", "https://exemple.invalid/2", "Faible, Important", 2),
        ("CT-1", "05/03/2019", None, None, 1),
    ]


def test_a_line_with_two_causes_counts_for_each(home: Home) -> None:
    drop_referential(home, [ONE])
    release = (
        "cis,nom_medicament,cause,classification,date_evenement,code_atc,molecule,laboratoire,nb_patients_ville\n"
        '60000001,alpha,"Autre, Augmentation du volume de vente",rupture,2021-03-02,J01AA01,Alphacine,labo un,100.0\n'
        "60000001,alpha,Autre,risque,2022-03-02,J01AA01,Alphacine,labo un,\n"
    )
    home.drop_text("historique", "declarations.csv", release)
    assert home.refresh().error == ""
    assert [(row["cause"], row["lines"], row["ruptures"]) for row in public.causes(home.reader(), "alphacine")] == [
        ("Autre", 2, 1), ("Augmentation du volume de vente", 1, 1),
    ]  # fmt: skip
    row = counts(home)
    assert (row["past_lines"], row["past_ruptures"], row["past_last_on"].year) == (2, 1, 2022)


def test_the_last_level_published_of_a_region_is_the_one_shown(home: Home) -> None:
    drop_referential(home, [ONE])
    lines = [("53", "2026-S45", 1), ("53", "2026-S46", 3), ("07", "2026-S46", 2)]
    records = [{"theme": "Grippe", "reg": reg, "date_lib": week, "valeur": level} for reg, week, level in lines]
    home.drop_text("spf", "ma_region_epidemies_hivernales_alertes.json", json.dumps(records))
    assert home.refresh().error == ""
    rows = public.alerts(home.reader()).to_dict("records")
    assert [(row["region"], str(row["region_name"]), row["alert_level"]) for row in rows] == [
        ("53", "Bretagne", 3),
        ("07", "nan", 2),  # Saint-Barthélemy is not a region of the referential
    ]

"""A home of public files only, in their published formats: one followed group short, one DCI never listed."""

from __future__ import annotations

import json
import math
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from data.demo.old_workbook import old_workbook
from tests.conftest import Home
from tests.connectors.partner_files import SAMPLES
from tests.connectors.test_medicam import MEASURES, zipped
from tests.metrics.test_public_subject import drop_referential, listed
from tests.referential import simple

TABLET = "comprimé dispersible"
ONE = simple("60000001", "AMOXICILLINE UN 1 g, comprimé dispersible", "AMOXICILLINE", "LABO UN", TABLET)
TWO = simple("60000002", "AMOXICILLINE DEUX 1 g, comprimé dispersible", "AMOXICILLINE", "LABO DEUX", TABLET)
OUT = simple("60000003", "GAMMA <5> mg, comprimé", "GAMMACINE", "LABO UN", "comprimé")
GROUP, DCI, UNLISTED = "amoxicilline-orale-1g", "dci:amoxicilline", "dci:gammacine"
DAY = date(2026, 11, 22)
RELEASE = """cis,nom_medicament,cause,classification,date_evenement,code_atc,molecule,laboratoire,nb_patients_ville
60000001,amoxicilline,"Autre, Augmentation du volume de vente",rupture,2021-03-02,J01CA04,Amoxicilline,labo un,100.0
60000002,amoxicilline,Augmentation du volume de vente,risque,2023-03-02,J01CA04,Amoxicilline,labo deux,
"""
REGIONS = {"11": 2000, "53": 100, "84": 500, "5": 40}
OPEN_MEDIC = (SAMPLES / "openmedic" / "OPEN_MEDIC_2024.CSV").read_bytes().decode("latin-1").splitlines()[0]


def write(home: Home) -> None:
    """Three photographs of the list: in tension, then in rupture, the other one back; everything else published."""
    write_list_only(home)
    home.drop_text("historique", "declarations.csv", RELEASE)
    _boxes(home)
    _surveillance(home)


def write_list_only(home: Home) -> None:
    """What is left when neither the health insurance nor anybody else was received."""
    drop_referential(home, [ONE, TWO, OUT])
    groups = "".join(f"1\tAMOXICILLINE 1 g - CLAMOXYL 1 g, comprimé dispersible.\t{cis}\t{kind}\t1\n"
                     for cis, kind in ((ONE.cis, "0"), (TWO.cis, "1")))  # fmt: skip
    home.drop_text("bdpm", "CIS_GENER_bdpm.txt", groups)
    home.drop_text("bdpm", "CIS_CPD_bdpm.txt", "60000001\tliste I\n60000002\tliste I\n")
    home.drop_text(
        "bdpm", "CIS_HAS_SMR_bdpm.txt", "60000001\tCT-1\tInscription (CT)\t20240117\tImportant\tLe SMR est important.\n"
    )
    home.drop_text("bdpm", "HAS_LiensPageCT_bdpm.txt", "CT-1\thttps://exemple.invalid/avis/1\n")
    photographs = {
        "2026-09-01": listed(ONE.cis, "2", "01/08/2026") + listed(TWO.cis, "2", "01/08/2026"),
        "2026-10-15": listed(ONE.cis, "1", "01/08/2026") + listed(TWO.cis, "4", "20/11/2026", "20/11/2026"),
        "2026-11-20": listed(ONE.cis, "1", "01/08/2026") + listed(TWO.cis, "4", "15/12/2026", "15/12/2026"),
    }
    for day, text in photographs.items():
        home.drop_text("bdpm", f"{day}_CIS_CIP_Dispo_Spec.txt", text, "cp1252")


def _boxes(home: Home) -> None:
    """Medic'AM of two years and a month, highest in January; Open Medic of one year."""
    folder = home.path / "inbox" / "medicam"
    folder.mkdir(parents=True)
    for year, months in ((2024, range(1, 13)), (2025, range(1, 13)), (2026, range(1, 2))):
        for half in sorted({(month - 1) // 6 for month in months}):
            mine = [date(year, month, 1) for month in months if (month - 1) // 6 == half]
            name = f"{year}-{mine[0]:%m}-a-{mine[-1]:%m}_medic-am-par-type-de-prescripteur_serie-mensuelle.zip"
            sheet = old_workbook({f"MedicAM_{year}mois_tous_presc": list(_months(mine))})
            (folder / name).write_bytes(zipped(Medic_AM_xls=sheet))
    atc = "J;ANTIINFECTIEUX;J01;ANTIBACTERIENS;J01C;PENICILLINES;J01CA;LARGE SPECTRE;J01CA04;AMOXICILLINE"
    lines = [OPEN_MEDIC, *(f"{atc};{one.cip13};X;1;34;{age};2;{region};1;{boxes};1,00;2,00"
             for one, share in ((ONE, 3), (TWO, 1)) for region, count in REGIONS.items()
             for age, boxes in (("0", 100 * count * share), ("60", 300 * count * share)))]  # fmt: skip
    home.drop_text("openmedic", "OPEN_MEDIC_2024.CSV", "\r\n".join(lines) + "\r\n", "latin-1")


def _months(months: list[date]) -> Iterator[list[str | float | int | None]]:
    yield ["CIP13", "NOM COURT", "Taux", *(f"{words}\n{month:%Y-%m}" for words in MEASURES for month in months)]
    for one, share in ((ONE, 3), (TWO, 1)):
        boxes = [share * round(1000 + 500 * math.cos((month.month - 1) * math.pi / 6)) for month in months]
        yield [
            float(one.cip13),
            "X",
            65.0,
            *boxes,
            *(2.0 * count for count in boxes),
            *(1.3 * count for count in boxes),
        ]
    yield ["Total", None, None, *[0.0] * (3 * len(months))]


def _surveillance(home: Home) -> None:
    shutil.copytree(SAMPLES / "sentinelles", home.path / "inbox" / "sentinelles")
    shutil.copytree(SAMPLES / "vigilance", home.path / "inbox" / "vigilance")
    monday = DAY - timedelta(days=DAY.weekday() + 7)
    for name, codes in (("departement", {"29": 480.0, "75": 120.0}), ("france", {"": 200.0})):
        for theme, field in (("grippe", "grippe"), ("gastro-enterite-aigue", "gea")):
            rows = [_rates(monday - timedelta(weeks=back), field, rate + back, code)
                    for back in range(3) for code, rate in codes.items()]  # fmt: skip
            home.drop_text("spf", f"{theme}-passages-aux-urgences-et-actes-sos-medecins-{name}.json", json.dumps(rows))
    week = f"{monday.isocalendar().year}-S{monday.isocalendar().week:02d}"
    alerts = [
        {"theme": "Grippe", "reg": reg, "date_lib": week, "valeur": level} for reg, level in (("53", 3), ("11", 1))
    ]
    home.drop_text("spf", "ma_region_epidemies_hivernales_alertes.json", json.dumps(alerts))


def _rates(week: date, field: str, rate: float, code: str) -> dict[str, object]:
    rates = {f"taux_passages_{field}_sau": rate, f"taux_hospit_{field}_sau": 1.0, f"taux_actes_{field}_sos": None}
    where = {"dep": code, "libgeo": code} if code else {}
    iso = week.isocalendar()
    return {
        "semaine": f"{iso.year}-S{iso.week:02d}",
        "date_complet": week.isoformat(),
        "sursaud_cl_age_gene": "Tous âges",
        **where,
        **rates,
    }


def build(folder: Path) -> None:
    home = Home(folder)
    write(home)
    report = home.refresh(DAY)
    assert (report.error, report.published) == ("", True)


def build_list_only(folder: Path) -> None:
    home = Home(folder)
    write_list_only(home)
    assert home.refresh(DAY).published


def plain(html: str) -> str:
    """Words of a page without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split()).replace(" ,", ",").replace(" .", ".")

"""Files of the public drug database: the referential, and dated photographs of the shortage list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from data.demo import stories
from data.demo.declared import Declaration
from data.demo.files import flat, french
from data.demo.registry import STOP_CAUSE
from data.demo.timeline import Span
from data.demo.world import Presentation, World

PUBLIC_URL = "https://exemple.invalid/disponibilites-des-produits-de-sante/medicaments/"
SHEET_URL = "https://exemple.invalid/extrait.php?specid="
LABELS = {
    1: "Rupture de stock",
    2: "Tension d'approvisionnement",
    3: "Arrêt de commercialisation",
    4: "Remise à disposition",
}
ORPHAN_CIS = "90099999"  # in the shortage list, not in the referential
PUBLISHED_DELAY = timedelta(days=3)  # between a declaration and its publication
RETURN_SHOWN = timedelta(days=120)
OPEN_SHARE, ONE_BOX_SHARE = 6, 25  # 6 declarations in 10 are published, 1 in 25 for one presentation only
# Photographs kept: every day of the last ten, every week of the last two months, every month of the year before.
PHOTOGRAPH_AGES = (*range(10), *range(14, 64, 7), *range(90, 390, 30))

# The same moiety goes by several names in the real files, under one substance code.
OTHER_NAMES = {"AMOXICILLINE": "AMOXICILLINE ANHYDRE", "ACIDE CLAVULANIQUE": "CLAVULANIQUE (ACIDE)"}
UNITS = {"comprimé": "un comprimé", "gélule": "une gélule", "solution": "1 ml de solution", "poudre": "un flacon"}


def write_bdpm(folder: Path, world: World, declarations: Sequence[Declaration], span: Span) -> list[Path]:
    """The referential once, then a photograph of the shortage list each day it changed."""
    written = _referential(folder, world) if span.previous is None else []
    last: list[str] = []
    for day in _photograph_days(span):
        lines = _shortages(declarations, day)
        if span.covers(day) and lines != last:
            path = folder / f"{day.isoformat()}_CIS_CIP_Dispo_Spec.txt"
            written.append(flat(path, lines, encoding="cp1252", end="\r\n"))
        last = lines
    return written


def _photograph_days(span: Span) -> list[date]:
    anchor = span.timeline.anchor
    days = {anchor - timedelta(days=age) for age in PHOTOGRAPH_AGES}
    days |= {anchor + timedelta(days=k) for k in range((span.day - anchor).days + 1)}
    return sorted(day for day in days if day <= span.day)


def _referential(folder: Path, world: World) -> list[Path]:
    specialities = list({item.cis: item for item in world.presentations}.values())
    windows = {
        "CIS_bdpm": [_speciality(item) for item in specialities],
        "CIS_COMPO_bdpm": list(_composition(world, specialities)),
        "CIS_GENER_bdpm": list(_generics(world, specialities)),
        "CIS_CPD_bdpm": [*(f"{item.cis}\tliste {_list(item)}" for item in specialities), ""],
        "CIS_HAS_SMR_bdpm": [line for number, item in enumerate(specialities) for line in _opinions(number, item)],
        "HAS_LiensPageCT_bdpm": [
            f"CT-{90_000 + number}\t{SHEET_URL}CT-{90_000 + number}" for number in range(len(specialities))
        ],
        "CIS_MITM": [
            f"{item.cis}\t{item.molecule.atc}\t{item.denomination}\t{SHEET_URL}{item.cis}"
            for item in specialities
            if item.molecule.mitm
        ],
    }
    boxes = [_box(number, item) for number, item in enumerate(world.presentations)]
    return [
        *(flat(folder / f"{name}.txt", lines, encoding="cp1252", end="\r\n") for name, lines in windows.items()),
        flat(folder / "CIS_CIP_bdpm.txt", boxes),
    ]


def _list(item: Presentation) -> str:
    return "II" if item.molecule.atc[0] in "AR" else "I"


def _opinions(number: int, item: Presentation) -> Iterator[str]:
    """One opinion a speciality, written as HAS does: a day without slashes."""
    smr = "Modéré" if item.molecule.atc[0] in "AR" else "Important"
    words = f"Le service médical rendu par {item.denomination} est {smr.lower()}."
    yield "\t".join((item.cis, f"CT-{90_000 + number}", "Renouvellement d'inscription (CT)", "20240117", smr, words))


def _speciality(item: Presentation) -> str:
    routes = ";".join(item.molecule.routes)
    state = ("Autorisation active", "Procédure nationale", "Commercialisée", "12/03/2009", "", "")
    return "\t".join((item.cis, item.denomination, item.molecule.form, routes, *state, f" {item.laboratory}", "Non"))


def _box(number: int, item: Presentation) -> str:
    """A presentation; rates and prices are written in the two ways the real file mixes."""
    stops = item.molecule.dci == stories.STOPPED_DCI and item.share == stories.SHARES[stories.STOPPED_DCI][0]
    state = "Déclaration d'arrêt de commercialisation" if stops else "Déclaration de commercialisation"
    price = 1464.21 if number % 97 == 5 else 1.2 + number * 7 % 60
    rate = "65 %" if number % 2 else "65%"
    amounts = (_price(price), _price(price + 1.02), "1,02")
    fixed = (item.cis, item.cip13[5:12], item.label, "Présentation active", state, "04/05/2010", item.cip13, "oui")
    return "\t".join((*fixed, rate, *amounts, ""))


def _price(value: float) -> str:
    """Thousands are separated by a comma too, as published: ``1,464,21``."""
    whole, cents = french(value, 2).split(",")
    return f"{int(whole):,},{cents}"


def _composition(world: World, specialities: list[Presentation]) -> Iterator[str]:
    codes: dict[str, str] = {}
    for molecule in world.molecules:
        for name in (name for pair in molecule.substances for name in pair if name):
            codes.setdefault(name, f"{99000 - len(codes):05d}")
    for rank, item in enumerate(specialities):
        element = item.molecule.form.split()[0]
        unit = UNITS.get(element, "une dose")
        doses = item.strength.split("/") if len(item.molecule.substances) > 1 else [item.strength]
        for link, (salt, moiety) in enumerate(item.molecule.substances, start=1):
            dose = doses[min(link, len(doses)) - 1].strip()
            if moiety:
                name = OTHER_NAMES.get(moiety, moiety) if rank % 4 == 3 else moiety
                yield f"{item.cis}\t{element}\t{codes[moiety]}\t{name}\t{dose}\t{unit}\tFT\t{link}"
                dose = unit = ""
            yield f"{item.cis}\t{element}\t{codes[salt]}\t{salt}\t{dose}\t{unit}\tSA\t{link}"
            unit = UNITS.get(element, "une dose")


def _generics(world: World, specialities: list[Presentation]) -> Iterator[str]:
    for number, molecule in enumerate(world.molecules, start=9001):
        mine = [item for item in specialities if item.molecule == molecule]
        for rank, item in enumerate(mine):
            label = f"{molecule.dci.upper()} {molecule.strengths[0]} - {mine[0].denomination}."
            yield f"{number}\t{label}\t{item.cis}\t{min(rank, 1)}\t{rank + 1}"


def _shortages(declarations: Sequence[Declaration], day: date) -> list[str]:
    """Lines of the shortage list as published on a day, the last updated first; one line per (CIS, CIP13)."""
    lines: dict[tuple[str, str], tuple[date, str]] = {}
    for item in declarations:
        line = _shortage(item, day)
        if line:
            key, updated, text = line
            lines[key] = max(lines.get(key, (date.min, "")), (updated, text))
    orphan = _line((ORPHAN_CIS, ""), 2, LABELS[2], (date(2026, 2, 3), date(2026, 2, 3), None), "specialite-retiree")
    ordered = sorted(lines.values(), key=lambda value: (value[0], value[1]), reverse=True)
    return [*(text for _, text in ordered), orphan]


def _shortage(item: Declaration, day: date) -> tuple[tuple[str, str], date, str] | None:
    versions = item.versions_on(day - PUBLISHED_DELAY)
    digit = int(item.item.cip13[10:12])
    if not versions or (digit % 10 >= OPEN_SHARE and not _is_in_a_story(item)):
        return None
    closed = versions[-1].on if versions[-1].status == "Clôturée" else None
    if closed and day - closed > RETURN_SHOWN:
        return None
    code = 4 if closed else 3 if STOP_CAUSE in item.causes else 1 if item.kind.startswith("Rupture") else 2
    label = LABELS[2].lower() if code == 4 and digit % 20 == 1 else LABELS[code]
    box = item.item.cip13 if digit % ONE_BOX_SHARE == 0 else ""
    updated = versions[-1].on + PUBLISHED_DELAY
    slug = f"{item.item.molecule.name.lower().replace('/', '-').replace(' ', '-')}-{item.item.cis}"
    text = _line((item.item.cis, box), code, label, (item.start_on, updated, closed), slug)
    return (item.item.cis, box), updated, text


def _is_in_a_story(item: Declaration) -> bool:
    return item.item.molecule.key in {stories.NATIONAL, stories.POSTPONING_GROUP, stories.STOPPED_DCI}


def _line(key: tuple[str, str], code: int, label: str, dates: tuple[date, date, date | None], slug: str) -> str:
    started, updated, available_again = (f"{day:%d/%m/%Y}" if day else "" for day in dates)
    return "\t".join((*key, str(code), label, started, updated, available_again, f"{PUBLIC_URL}{slug}"))

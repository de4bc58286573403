"""Followed groups and DCI found in the public files by loops: which boxes stand behind a figure, and its bands."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
# Names under which the demo's composition file writes two substances.
OTHER_NAMES = {"amoxicilline anhydre": "amoxicilline", "clavulanique (acide)": "acide clavulanique"}


@dataclass(frozen=True)
class Band:
    """A link of a plan, with its bounds in days."""

    link: str
    label: str
    order: int
    satisfactory: float
    acceptable: float
    denominator: str


@dataclass
class Subjects:
    """What figures may be about."""

    subjects: dict[str, set[str]] = field(default_factory=dict)  # subject → CIP13
    bands: dict[str, list[Band]] = field(default_factory=dict)  # subject → one a link
    groups: list[tuple[str, str]] = field(default_factory=list)  # plan, group
    dcis: dict[str, str] = field(default_factory=dict)  # subject of a whole DCI → its name


def referential(files: dict[str, Path]) -> tuple[dict[str, tuple[str, str]], dict[str, str], dict[str, str]]:
    """Denomination and form by CIS, CIS by CIP13, DCI label by CIS."""
    named = {line[0]: (line[1], line[2]) for line in _lines(files["CIS_bdpm.txt"], "cp1252")}
    boxes = {line[6]: line[0] for line in _lines(files["CIS_CIP_bdpm.txt"], "utf-8")}
    links: dict[tuple[str, str], dict[str, list[str]]] = {}
    for cis, _, _, substance, _, _, nature, link in _lines(files["CIS_COMPO_bdpm.txt"], "cp1252"):
        links.setdefault((cis, link), {}).setdefault(nature, []).append(substance.lower())
    substances: dict[str, set[str]] = {}
    for (cis, _), natures in links.items():
        names = natures.get("FT") or natures["SA"]
        substances.setdefault(cis, set()).update(OTHER_NAMES.get(name, name) for name in names)
    dcis = {cis: " / ".join(sorted(names, key=plain)) for cis, names in substances.items()}
    return named, boxes, dcis


def plan_files() -> list[dict[str, Any]]:
    documents = [tomllib.loads(path.read_text(encoding="utf-8")) for path in (REFERENCE / "plans").glob("*.toml")]
    return sorted(documents, key=lambda plan: (plan["order"], plan["id"]))


def _lines(path: Path, encoding: str) -> Iterator[list[str]]:
    for line in path.read_bytes().decode(encoding).splitlines():
        if line.strip():
            yield line.split("\t")


def plain(text: str) -> str:
    """Without case or accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def fill_subjects(
    inputs: Subjects, named: dict[str, tuple[str, str]], boxes: dict[str, str], dcis: dict[str, str]
) -> None:
    """Followed groups by their rules, then one subject a DCI; bands of a DCI are those of the first plan of each link."""
    plans = plan_files()
    for plan in plans:
        for group in plan["groups"]:
            members = {cis for cis in named if _is_in(group, cis, named[cis], dcis.get(cis, ""))}
            inputs.subjects[group["id"]] = {cip13 for cip13, its in boxes.items() if its in members}
            inputs.bands[group["id"]] = _bands(plan)
            inputs.groups.append((plan["id"], group["id"]))
    for cip13, cis in boxes.items():
        subject = "dci:" + "--".join(re.sub(r"[^a-z0-9]+", "-", plain(name)) for name in dcis[cis].split(" / "))
        inputs.subjects.setdefault(subject, set()).add(cip13)
        inputs.dcis[subject] = dcis[cis]
        inputs.bands[subject] = _first_bands(plans)


def _is_in(group: dict[str, Any], cis: str, names: tuple[str, str], dci: str) -> bool:
    if cis in group.get("cis_in", ()):
        return True
    return (
        plain(dci) == plain(group["dci"])
        and re.search(group.get("form", ""), plain(" ".join(names))) is not None
        and not (group.get("form_out") and re.search(group["form_out"], plain(" ".join(names))))
        and (not group.get("strengths") or any(_tells(names[0], text) for text in group["strengths"]))
        and cis not in group.get("cis_out", ())
    )


# Enough for the demo, which writes a strength as the plans do, but for these words.
WORDS = {"microgrammes": "ug", "μg": "ug", "unites": "ui", "pour cent": "%", "/dose": ""}


def _tells(denomination: str, strength: str) -> bool:
    """The strength as text, neither the end of a longer number nor the first part of a longer strength."""
    name, asked = (plain(text) for text in (denomination, strength))
    for word, short in WORDS.items():
        name, asked = name.replace(word, short), asked.replace(word, short)
    return re.search(rf"(?<![\d,.]){re.escape(asked)}(?![\w/])", name) is not None


def _first_bands(plans: list[dict[str, Any]]) -> list[Band]:
    """Of each link, that of the first plan that follows it."""
    found: dict[str, Band] = {}
    for plan in plans:
        for band in _bands(plan):
            found.setdefault(band.link, band)
    return list(found.values())


def _bands(plan: dict[str, Any]) -> list[Band]:
    return [
        Band(
            link["link"],
            link["label"],
            number,
            link["satisfactory_days"],
            link["acceptable_days"],
            plan.get("wholesalers_denominator" if link["link"] == "grossistes" else "", plan["denominator"]),
        )
        for number, link in enumerate(plan["links"])
    ]

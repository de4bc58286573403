"""The invented market: molecules (real substances), presentations, laboratories, wholesalers, departments."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np

from connectors.language.folding import unaccented
from data.demo import stories
from data.demo.catalogue import Molecule, read_molecules
from data.demo.timeline import Timeline
from data.departments import departments
from data.reference.plans import Group, plans

Scale = Literal["full", "small"]

LABORATORIES = tuple(f"LABORATOIRE {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWX")
WHOLESALERS = {f"GROSSISTE {letter}": share for letter, share in zip("ABCDEFG", (34, 24, 15, 11, 8, 5, 3), strict=True)}
MAYOTTE_POPULATION = 300_000  # absent from the reference table

SMALL_DCI = ("lévétiracétam", "flécaïnide", "antigène méningococcique fictif", "metformine")
SMALL_GROUPS = (
    "amoxicilline-susp-500",
    "clarithromycine-susp-50",
    "fluticasone-inh-50",
    "prednisolone-20",
    "salbutamol-inh-100",
    "dantrolene-inj",
)
SMALL_WEEKS = 60
MINOR_PRESENTATIONS = 5  # per DCI outside the plans: in the referential, too small for the stock files


@dataclass(frozen=True)
class Presentation:
    """A box. ``share`` is its part of the molecule's sales, 0–1; ``tracked``: present in the stock files."""

    cip13: str
    cis: str
    denomination: str
    label: str
    strength: str
    laboratory: str
    molecule: Molecule
    share: float
    tracked: bool

    @property
    def weekly_boxes(self) -> float:
        return self.molecule.weekly_boxes * self.share


@dataclass(frozen=True)
class Department:
    """A department and the region it belongs to."""

    code: str
    name: str
    region: str
    population: int


@dataclass(frozen=True)
class World:
    """Everything that does not change from one week to the next. Deterministic for (seed, anchor, scale)."""

    seed: int
    timeline: Timeline
    scale: Scale
    presentations: tuple[Presentation, ...]
    departments: tuple[Department, ...]

    def rng(self, name: str) -> np.random.Generator:
        """A separate generator per use, so that adding one does not change the others."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    @cached_property
    def tracked(self) -> tuple[Presentation, ...]:
        return tuple(item for item in self.presentations if item.tracked)

    @cached_property
    def molecules(self) -> tuple[Molecule, ...]:
        return tuple(dict.fromkeys(item.molecule for item in self.presentations))

    @cached_property
    def groups(self) -> tuple[Molecule, ...]:
        return tuple(molecule for molecule in self.molecules if molecule.group)

    @cached_property
    def dci_boxes(self) -> dict[str, float]:
        """Usual weekly boxes of each DCI, all groups together."""
        totals: dict[str, float] = {}
        for molecule in self.molecules:
            totals[molecule.dci] = totals.get(molecule.dci, 0.0) + molecule.weekly_boxes
        return totals

    def share_pct(self, item: Presentation) -> float:
        """Market share of a presentation in its DCI, in percent with one decimal."""
        return round(100 * item.weekly_boxes / self.dci_boxes[item.molecule.dci], 1)


def build_world(seed: int, anchor: date, scale: Scale) -> World:
    """The whole market, then the part of it a small world keeps: codes do not depend on the scale."""
    kept = [item for item in _presentations(seed) if scale == "full" or _in_small(item.molecule)]
    timeline = Timeline(anchor) if scale == "full" else Timeline(anchor, SMALL_WEEKS)
    return World(seed, timeline, scale, tuple(kept), tuple(_departments()))


def _in_small(molecule: Molecule) -> bool:
    return molecule.group in SMALL_GROUPS if molecule.group else molecule.dci in SMALL_DCI


def _departments() -> Iterator[Department]:
    for item in departments():
        yield Department(item.department, item.name, item.region, item.population or MAYOTTE_POPULATION)


def _presentations(seed: int) -> Iterator[Presentation]:
    rules = {group.id: group for plan in plans() for group in plan.groups}
    number = 0
    for molecule in read_molecules():
        if molecule.group and molecule.group not in rules:
            continue
        for item in (*_main(molecule, seed), *_minor(molecule, seed)):
            number += 1
            laboratory, strength, pack, share, tracked, cis = item
            built = Presentation(
                cip13=cip13(9_900_000 + number),
                cis=str(90_000_000 + 100 * _rank(molecule) + cis),
                denomination=f"{molecule.name} {laboratory} {strength}, {molecule.text}",
                label=pack,
                strength=strength,
                laboratory=laboratory,
                molecule=molecule,
                share=share,
                tracked=tracked,
            )
            if molecule.group:
                _check_rule(rules[molecule.group], built)
            yield built


Draft = tuple[str, str, str, float, bool, int]
_RANKS = {(line.group, line.dci): rank for rank, line in enumerate(read_molecules())}


def _rank(molecule: Molecule) -> int:
    return _RANKS[molecule.group, molecule.dci]


def _main(molecule: Molecule, seed: int) -> Iterator[Draft]:
    """One box per laboratory, and a second size for the first of them in followed groups."""
    rng = np.random.default_rng([seed, zlib.crc32(molecule.key.encode()), 1])
    forced = stories.LABORATORIES.get(molecule.key, ())
    others = [name for name in LABORATORIES if name not in forced]
    drawn = [others[i] for i in rng.permutation(len(others))]
    names = [*forced, *drawn][: molecule.laboratories]
    boxes = [(k, name, molecule.packs[0]) for k, name in enumerate(names, start=1)]
    if molecule.group and len(molecule.packs) > 1:
        boxes.append((1, names[0], molecule.packs[1]))
    weights = np.array([1 / (k + 1) ** 0.5 for k in range(len(boxes))]) * rng.uniform(0.8, 1.25, len(boxes))
    shares = stories.SHARES.get(molecule.key) or tuple(weights / weights.sum())
    for (cis, laboratory, pack), share in zip(boxes, shares, strict=True):
        yield laboratory, molecule.strengths[0], pack, float(share), True, cis


def _minor(molecule: Molecule, seed: int) -> Iterator[Draft]:
    """Other strengths and laboratories of a DCI outside the plans, each with a small part of the market."""
    if molecule.group or not molecule.mitm or molecule.key in stories.SHARES:
        return
    rng = np.random.default_rng([seed, zlib.crc32(molecule.key.encode()), 2])
    names = rng.permutation(len(LABORATORIES))[:MINOR_PRESENTATIONS]
    for k, laboratory in enumerate(names):
        strength = molecule.strengths[k % len(molecule.strengths)]
        pack = molecule.packs[k % len(molecule.packs)]
        yield LABORATORIES[laboratory], strength, pack, float(rng.uniform(0.004, 0.035)), False, 50 + k


def cip13(seven_digits: int) -> str:
    """A 13-digit code of the French range with its EAN-13 check digit."""
    body = f"34009{seven_digits:07d}"
    total = sum(int(digit) * (3 if position % 2 else 1) for position, digit in enumerate(body))
    return f"{body}{-total % 10}"


def _check_rule(group: Group, item: Presentation) -> None:
    """A plan whose rule no longer matches its demo presentations must fail at once, not show an empty screen."""
    name = unaccented(item.denomination)
    if not re.search(unaccented(group.form), name, re.IGNORECASE) or not group.has_strength_of(item.denomination):
        raise ValueError(f"{item.denomination!r} is not caught by the rule of {group.id!r}")

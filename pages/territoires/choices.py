"""What the reader chose on *Territoires*, all of it in the URL: plan, medicine, layer, region, department."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from metrics.plans import queries as plans
from metrics.territory import queries as territory
from pages.components import filters
from pages.components.access import identity
from pages.components.charts import figures, maps
from pages.components.shell import session

EVERYTHING = "tous"
LAYERS = {
    "couverture": "Couverture",
    "bas": "Part d'officines au plus bas",
    "epidemie": "Épidémie",
    "vigilance": "Vigilance canicule",
}
INDICATORS = {"grippe": "Grippe", "bronchiolite": "Bronchiolite", "covid": "Covid-19"}


@dataclass(frozen=True)
class Choice:
    """``subject`` is None for « Tous » ; region and department are codes, None when the reader chose none."""

    plan: str
    plan_title: str
    subject: str | None
    label: str
    layer: str
    indicator: str
    region: str | None
    region_name: str
    department: str | None

    @property
    def where(self) -> str:
        return self.region_name or "France entière"

    def link(self, **changes: str | None) -> dict[str, str]:
        """Query parameters of this same view with some of them changed; None takes one out."""
        kept = {"plan": self.plan, "sujet": self.subject or EVERYTHING, "couche": self.layer}
        kept |= {"region": self.region or "", "departement": self.department or ""}
        if self.layer == "epidemie":
            kept["indicateur"] = self.indicator
        return {key: value for key, value in {**kept, **changes}.items() if value}


def choose(followed: pd.DataFrame) -> Choice | None:
    """Draw the filters; None when no plan is configured. followed: every plan, see ``plans.plans``."""
    if followed.empty:
        return None
    _open_on_own_region()
    first, second, third, fourth = st.columns([2, 5, 3, 3])
    titles = dict(zip(followed["plan"], followed["title"], strict=True))
    with first:
        plan = filters.choose("Plan", titles, "plan", default=_default_plan(followed)) or next(iter(titles))
    with second:
        subject, label = _subject(plan)
    with third:
        regions = {row["region"]: row["region_name"] for row in figures.records(session.load(territory.regions))}
        region = filters.choose("Région (ARS)", regions, "region", placeholder="France entière", optional=True)
    with fourth:
        names = {code: f"{code} {name}" for code, name in sorted(maps.department_names().items())}
        department = filters.choose(
            "Département", names, "departement", placeholder="Choisir, ou cliquer sur la carte", optional=True
        )
    layer, indicator = _layer(subject)
    return Choice(
        plan, titles[plan], subject, label, layer, indicator, region, regions.get(region or "", ""), department
    )


def _open_on_own_region() -> None:
    """A regional agency comes first to its region; it may then choose another, or the whole country."""
    own = identity.identity().region
    if own and session.is_opening() and not {"region", "departement"} & set(st.query_params):
        filters.write("region", own)


def _default_plan(followed: pd.DataFrame) -> str:
    """The plan of the medicine in the URL, else the one in season."""
    asked = st.query_params.get("sujet")
    for plan in followed["plan"]:
        if asked in set(session.load(plans.groups, plan)["group_id"]):
            return str(plan)
    in_season = followed[followed["in_season"]]
    return str((followed if in_season.empty else in_season)["plan"].iloc[0])


def _subject(plan: str) -> tuple[str | None, str]:
    groups = session.load(plans.groups, plan).sort_values("order_no")
    options = {EVERYTHING: "Tous : combien de médicaments suivis manquent ici ?"}
    options |= dict(zip(groups["group_id"], groups["label"], strict=True))
    if st.query_params.get("sujet") not in (None, *options):
        filters.write("sujet", None)
    found = filters.choose("Médicament", options, "sujet") or EVERYTHING
    return (None, "") if found == EVERYTHING else (found, options[found])


def _layer(subject: str | None) -> tuple[str, str]:
    """The share of pharmacies at the lowest level belongs to one medicine: not offered for all of them."""
    layers = {key: name for key, name in LAYERS.items() if subject or key != "bas"}
    line = st.container(horizontal=True, gap="medium", vertical_alignment="bottom")
    with line:
        layer = filters.segmented("Sur la carte", layers, "couche")
        if layer != "epidemie":
            return layer, next(iter(INDICATORS))
        return layer, filters.segmented("Épidémie", INDICATORS, "indicateur")

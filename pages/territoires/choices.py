"""What the reader chose on *Territoires*, all of it in the URL: plan, medicine, layer, region, department."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from metrics.plans import queries as plans
from metrics.referential import queries as referential
from metrics.territory import queries as territory
from pages.components import filters
from pages.components.access import identity
from pages.components.blocks import kept
from pages.components.charts import figures, maps
from pages.components.links import Here, path
from pages.components.shell import session

EVERYTHING, COUNTRY = "tous", "france"
ALERTS, SIGNALS = "alertes", "signalements"
LAYERS = {"couverture": "Couverture", "bas": "Au plus bas", "epidemie": "Épidémie", "vigilance": "Vigilance",
          ALERTS: "DP-Ruptures", SIGNALS: "Signalements"}  # fmt: skip
FIELD = (ALERTS, SIGNALS)  # of any DCI, followed by a plan or not
DCI = "dci:"
INDICATORS = {"grippe": "Grippe", "bronchiolite": "Bronchiolite", "covid": "Covid-19"}
RANKINGS = {"departements": "Départements", "regions": "Régions"}
_MEDICINE, _REGION = "choix-medicament", "choix-region"


@dataclass(frozen=True)
class Choice:
    """``subject`` is None for all medicines; region and department are codes, None when the reader chose none.

    has_own_region: of a reader who comes first to a region, and to whom the whole country is a choice to be stated.
    is_plan_implied: the medicine says its plan.
    """

    plan: str
    plan_title: str
    subject: str | None
    label: str
    layer: str
    indicator: str
    region: str | None
    region_name: str
    department: str | None
    ranking: str = "departements"
    has_own_region: bool = False
    is_plan_implied: bool = False

    @property
    def is_dci(self) -> bool:
        """A whole DCI, which the panel does not follow: what comes from the field alone is known of it."""
        return bool(self.subject and self.subject.startswith(DCI))

    @property
    def where(self) -> str:
        return self.region_name or "France entière"

    @property
    def here(self) -> Here:
        """The view shown, as addresses say it; links change one thing of it. What is usual is left out."""
        parameters = {
            "plan": "" if self.is_plan_implied else self.plan,
            "sujet": self.subject or EVERYTHING,
            "couche": self.layer if self.layer != next(iter(LAYERS)) else "",
            "indicateur": self.indicator if self.layer == "epidemie" else "",
            maps.REGION: self.region or (COUNTRY if self.has_own_region else ""),
            "rang": self.ranking if self.ranking != next(iter(RANKINGS)) else "",
            maps.PARAMETER: self.department or "",
        }
        return Here(path("territoires/territoires"), tuple((key, value) for key, value in parameters.items() if value))

    @property
    def near(self) -> Here:
        """The same from this page itself: two hundred addresses of the map and its list, without its path."""
        return replace(self.here, address="")

    @property
    def anywhere(self) -> Choice:
        """The same without a department: what its map and its lists depend on."""
        return replace(self, department=None)


def read() -> Choice | None:
    """The choice that the address says; None when no plan is configured."""
    followed = _followed()
    if not followed:
        return None
    titles = {str(plan["plan"]): str(plan["title"]) for plan in followed}
    implied = _plan_of(st.query_params.get("sujet"))
    plan = filters.chosen("plan", list(titles)) or implied or _in_season()
    labels = {**_labels(plan), **_dci(st.query_params.get("sujet", ""))}
    subject = filters.chosen("sujet", list(labels))
    layers = layers_of(subject)
    layer = filters.chosen("couche", list(layers)) or next(iter(layers))
    indicator = filters.chosen("indicateur", list(INDICATORS)) or next(iter(INDICATORS))
    department = filters.chosen(maps.PARAMETER, list(maps.department_names()))
    names = region_names()
    region = filters.chosen(maps.REGION, [*names, COUNTRY]) or (None if department else _own_region())
    if region == COUNTRY or (department and region != _region_of(department)):
        region = None
    ranking = filters.chosen("rang", list(RANKINGS)) or next(iter(RANKINGS))
    return Choice(
        plan=plan,
        plan_title=titles[plan],
        subject=None if subject == EVERYTHING else subject,
        label=labels.get(subject or "", ""),
        layer=layer,
        indicator=indicator,
        region=region,
        region_name=names.get(region or "", ""),
        department=department,
        ranking=ranking,
        has_own_region=_own_region() is not None,
        is_plan_implied=plan == implied,
    )


def named(choice: Choice, layers: Mapping[str, str] = LAYERS) -> tuple[str, ...]:
    """Place, medicine or else plan, and layer when it is another than the usual one: what the tab of the browser says."""
    place = maps.department_names()[choice.department] if choice.department else choice.region_name
    layer = layers[choice.layer] if choice.layer != next(iter(layers)) else ""
    return place, choice.label if choice.subject else choice.plan_title, layer


def layers_of(subject: str | None) -> dict[str, str]:
    """The share of pharmacies at the lowest level belongs to one medicine: not offered for all of them. The panel follows
    no whole DCI.
    """
    if subject and subject.startswith(DCI):
        return {key: LAYERS[key] for key in FIELD}
    if subject:
        return LAYERS
    return {key: "Manques" if key == "couverture" else name for key, name in LAYERS.items() if key != "bas"}


def medicine(choice: Choice) -> None:
    """Box of the medicines of every plan, those of the plan shown first."""
    current = (choice.plan, choice.subject or EVERYTHING)
    options = {**_medicines(choice.plan), current: choice.label} if choice.is_dci else _medicines(choice.plan)
    if st.session_state.get(_MEDICINE) != current:
        st.session_state[_MEDICINE] = current
    st.selectbox("Médicament", list(options), format_func=options.__getitem__, key=_MEDICINE, on_change=_keep_medicine,
                 placeholder="Choisir…")  # fmt: skip


def _keep_medicine() -> None:
    plan, subject = st.session_state[_MEDICINE]
    filters.write("plan", plan)
    filters.write("sujet", subject)


def region(choice: Choice) -> None:
    """Box of the regions; the whole country is one of its choices."""
    options = {COUNTRY: "France entière", **region_names()}
    current = choice.region or COUNTRY
    if st.session_state.get(_REGION) != current:
        st.session_state[_REGION] = current
    st.selectbox("Région (ARS)", list(options), format_func=options.__getitem__, key=_REGION, on_change=_keep_region,
                 placeholder="Choisir…")  # fmt: skip


def _keep_region() -> None:
    """A department of another region is left."""
    wanted = str(st.session_state[_REGION])
    filters.write(maps.REGION, wanted)
    asked = st.query_params.get(maps.PARAMETER)
    if asked in maps.department_names() and wanted not in (COUNTRY, _region_of(str(asked))):
        filters.write(maps.PARAMETER, None)


@kept
def _medicines(first: str) -> Mapping[tuple[str, str], str]:
    """(plan, medicine) → label, with all the medicines of each plan at its head."""
    options = {}
    for plan in sorted(_followed(), key=lambda plan: bool(plan["plan"] != first)):
        options[(plan["plan"], EVERYTHING)] = f"Tous les médicaments, {plan['title'][:1].lower()}{plan['title'][1:]}"
        options |= {(plan["plan"], subject): label for subject, label in _labels(plan["plan"]).items()}
    return options


@kept
def region_names() -> Mapping[str, str]:
    return {row["region"]: row["region_name"] for row in figures.records(session.load(territory.regions))}


def _own_region() -> str | None:
    """A regional agency comes first to its region; it may then choose another, or the whole country."""
    return identity.identity().region or None


def _region_of(department: str) -> str:
    return next(shape.region for shape in maps.shapes() if shape.code == department)


@kept
def _followed() -> tuple[Mapping[str, Any], ...]:
    return tuple(figures.records(session.load(plans.plans)))


def _plan_of(subject: str | None) -> str | None:
    """The first plan that follows a medicine."""
    return next((str(plan["plan"]) for plan in _followed() if subject in _labels(plan["plan"])), None)


def _in_season() -> str:
    followed = _followed()
    return str(next((plan for plan in followed if plan["in_season"]), followed[0])["plan"])


@kept
def _dci(subject: str) -> Mapping[str, str]:
    """Label of a whole DCI of the address; none when it is not one."""
    found = session.load(referential.subject, subject) if subject.startswith(DCI) else None
    return {subject: f"{found['label']} (DCI entière)"} if found else {}


@kept
def _labels(plan: str) -> Mapping[str, str]:
    groups = session.load(plans.groups, plan).sort_values("order_no")
    return dict(zip(groups["group_id"], groups["label"], strict=True))

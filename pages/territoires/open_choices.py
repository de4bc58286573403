"""Open data: what the reader chose on *Territoires*; the layers are those that public files allow, received ones only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from metrics.public_list import subject as public
from metrics.surveillance import queries as surveillance
from pages.components import filters
from pages.components.blocks import kept
from pages.components.charts import maps
from pages.components.epidemics import EPIDEMIC_LABEL, INCIDENCE_LABEL
from pages.components.links import Here, path
from pages.components.shell import session
from pages.territoires import choices
from pages.territoires.choices import EVERYTHING, Choice

BOXES, EPIDEMIC, INCIDENCE, ALERTS, HEAT = "boites", "epidemie", "incidence", "alertes", "vigilance"
LAYERS = {BOXES: "Boîtes remboursées", EPIDEMIC: "Épidémie", INCIDENCE: "Sentinelles", ALERTS: "Alertes régionales",
          HEAT: "Vigilance"}  # fmt: skip


@dataclass(frozen=True)
class OpenChoice(Choice):
    """The choice of the page with a layer of public data; ``indicator``: epidemic of the layer, empty when it has none."""

    @property
    def here(self) -> Here:
        parameters = {
            "plan": "" if self.is_plan_implied else self.plan,
            "sujet": self.subject or EVERYTHING,
            "couche": self.layer,
            "indicateur": self.indicator,
            maps.REGION: self.region or "",
            maps.PARAMETER: self.department or "",
        }
        return Here(path("territoires/territoires"), tuple((key, value) for key, value in parameters.items() if value))


def read() -> OpenChoice | None:
    """None when no plan is configured."""
    found = choices.read()
    if found is None:
        return None
    offered = received()
    layer = filters.chosen("couche", list(LAYERS)) or next(iter(offered), EPIDEMIC)
    known = list(indicators(layer))
    indicator = filters.chosen("indicateur", known) or next(iter(known), "")
    values: dict[str, Any] = {field.name: getattr(found, field.name) for field in fields(Choice)}
    return OpenChoice(**{**values, "layer": layer, "indicator": indicator})


@kept
def received() -> Mapping[str, str]:
    """Layers that have something to show."""
    has = {
        BOXES: any(session.load(public.years_of_regions)),
        EPIDEMIC: bool(session.load(public.epidemic_indicators, "departement")),
        INCIDENCE: bool(session.load(public.incidence_indicators)),
        ALERTS: not session.load(public.alerts).empty,
        HEAT: not session.load(surveillance.vigilance).empty,
    }
    return {key: label for key, label in LAYERS.items() if has[key]}


@kept
def indicators(layer: str) -> Mapping[str, str]:
    """Epidemics of a layer: code → French words, in the usual order."""
    if layer == EPIDEMIC:
        found = session.load(public.epidemic_indicators, "departement")
        return {key: EPIDEMIC_LABEL.get(key, key.capitalize()) for key in [*EPIDEMIC_LABEL, *found] if key in found}
    if layer == INCIDENCE:
        known = session.load(public.incidence_indicators)
        return {key: INCIDENCE_LABEL.get(key, key.capitalize()) for key in [*INCIDENCE_LABEL, *known] if key in known}
    if layer == ALERTS:
        return {
            str(theme): str(theme).capitalize() for theme in dict.fromkeys(session.load(public.alerts).get("theme", ()))
        }
    return {}

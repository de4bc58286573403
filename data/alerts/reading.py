"""Alerts of a published snapshot, and their audiences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from data.access.roles import ROLE_LABEL, ROLES, SEES_LABORATORIES, Identity, Role
from data.alerts import words
from data.departments import regions
from data.journal import columns
from data.warehouse import Artefact, Reader

LONGEST_KEY = 290  # characters: the journal keeps 300, the region of an agency included
# Feed and mail readers reject the control characters that partner text may hold.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]+")


@dataclass(frozen=True)
class Alert:
    """One open alert. ``key`` stays while the fact lasts, ``level`` 1 to 3 grows when it worsens.

    ``address``: page and parameters where it is explained, from the root of the dashboard.
    """

    key: str
    rule: str
    title: str
    level: int
    level_label: str
    label: str
    sentence: str
    value: float | None
    day: date | None
    page: str
    parameters: tuple[tuple[str, str], ...]
    roles: tuple[Role, ...]
    region: str | None

    @cached_property
    def address(self) -> str:
        return f"/{self.page}?{urlencode(self.parameters)}" if self.parameters else f"/{self.page}"


@dataclass(frozen=True)
class Audience:
    """A role, and the region of a regional agency: who shares acknowledgements, a digest, a feed."""

    role: Role
    region: str | None = None

    @classmethod
    def of(cls, who: Identity) -> Audience:
        return cls(who.role, who.region)

    @classmethod
    def named(cls, name: str) -> Audience:
        """``ansm``, ``ars-53``. Raises ValueError for an unknown name."""
        role, _, region = name.partition("-")
        audience = next((item for item in every_audience() if (item.role, item.region or "") == (role, region)), None)
        if audience is None:
            raise ValueError(f"Destinataires inconnus : « {name} ».")
        return audience

    @property
    def name(self) -> str:
        return f"{self.role}-{self.region}" if self.region else self.role

    @property
    def label(self) -> str:
        where = f", {regions().get(self.region, self.region)}" if self.region else ""
        return f"{ROLE_LABEL[self.role]}{where}"

    @property
    def artefact(self) -> Artefact:
        """The database this role may open: its alerts come from nowhere else."""
        return "restricted" if self.role in SEES_LABORATORIES else "shared"

    def hears(self, alert: Alert) -> bool:
        return self.role in alert.roles and alert.region in (None, self.region)

    def journal_key(self, alert_key: str) -> str:
        """The journal knows roles, not regions: what one agency has seen another has not."""
        return f"{alert_key}@{self.region}" if self.region else alert_key


def every_audience() -> tuple[Audience, ...]:
    """Each role; for regional agencies, each region."""
    others = (Audience(role) for role in ROLES if role != "ars")
    return (*others, *(Audience("ars", region) for region in sorted(regions())))


def alerts(reader: Reader) -> list[Alert]:
    """Open alerts of the artefact, gravest first; none in a snapshot older than alerts."""
    if not reader.has("alert"):
        return []
    rows = reader.rows(
        """
        SELECT a.*, r.title, r.sentence, r.one, r.many, r.digits, r.unknown, r.page, r.parameters, r.roles, b.bounds
        FROM alert AS a
        INNER JOIN alert_rule AS r ON r.rule = a.rule
        INNER JOIN (SELECT rule, LIST(at_least) AS bounds FROM alert_level GROUP BY rule) AS b ON b.rule = a.rule
        ORDER BY a.level DESC, a.order_no, a.gravity DESC, a.alert_key
        """
    )
    return [_alert(row) for row in rows]


def heard(every: Iterable[Alert], audience: Audience) -> list[Alert]:
    """Those meant for this audience, in the same order."""
    return [alert for alert in every if audience.hears(alert)]


def _alert(row: Mapping[str, Any]) -> Alert:
    clean: dict[str, Any] = {
        name: _CONTROL.sub(" ", cell) if isinstance(cell, str) else cell for name, cell in row.items()
    }
    targets = zip(clean["parameters"], clean["targets"], strict=True)
    return Alert(
        key=columns.name(row["alert_key"], LONGEST_KEY),
        **{name: clean[name] for name in ("rule", "title", "level", "level_label", "value", "day", "page", "region")},
        label=clean["label"][:1].upper() + clean["label"][1:],
        sentence=words.sentence(clean),
        parameters=tuple((name, target) for name, target in targets if target),
        roles=tuple(clean["roles"]),
    )

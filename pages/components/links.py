"""Addresses inside the application: plain links that a browser can follow, copy and open in another tab."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

HOME = "revue/revue_du_jour"


@dataclass(frozen=True)
class Here:
    """The page that is open, and what its address says."""

    address: str
    parameters: tuple[tuple[str, str], ...] = ()

    def but(self, **changes: object) -> str:
        """The same view with some parameters changed; None takes one out."""
        asked = dict(self.parameters) | {name: _written(value) for name, value in changes.items()}
        return _with(self.address, asked)


def here(page: str, variant: str = "") -> Here:
    """The view now open, from the address of this run: given to blocks whose links change one choice of it."""
    return Here(path(page, variant), tuple(sorted(st.query_params.to_dict().items())))


def path(page: str, variant: str = "") -> str:
    """Address of a page from its script: ``risque/dates_promises`` → ``/dates-promises``; the home page is ``/``.

    variant: of a script that serves several pages (``plans/plan``, ``hivernal``).
    """
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    name = page.rpartition("/")[2].replace("_", "-")
    last = "" if page == HOME else "-".join(part for part in (name, variant) if part)
    return "/" + "/".join(part for part in (base, last) if part)


def href(page: str, variant: str = "", /, **parameters: object) -> str:
    """``/molecule?sujet=amoxicilline-500&maillon=grossistes``; a parameter without value is left out."""
    return _with(path(page, variant), {name: _written(value) for name, value in parameters.items()})


def _with(address: str, parameters: dict[str, str]) -> str:
    asked = {name: value for name, value in parameters.items() if value}
    return address + (f"?{urlencode(asked)}" if asked else "")


def _written(value: object) -> str:
    return "" if value is None else str(value)

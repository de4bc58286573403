"""Every file the pages offer, written as a click on its button would: pages are opened one after the other, boxes open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app import configured, entries
from pages.components.exports import offering
from pages.components.exports.stamp import Stamp, carried
from pages.components.shell.menu import Entry
from pages.sources import source_detail
from pages.territoires import open_choices
from tests.pages import open_world
from tests.pages.conftest import APP

# What a page asks before it shows all its files.
CHOICES: dict[str, list[dict[str, str]]] = {
    "revue/revue_du_jour": [{}, {"alertes": "toutes"}],
    "molecules/molecule": [{"sujet": "amoxicilline-susp-500"}, {"sujet": "dci:amoxicilline"}],
    "territoires/territoires": [{}, {"sujet": "amoxicilline-susp-500", "departement": "29"}],
    "mensuel/tableau_mensuel": [{"mois": "2026-10"}],
    "sources/sources": [
        *({"vue": view} for view in ("", "confirmer", "noms", "absentes")),
        *(
            {"source": name, "onglet": tab}
            for name in ("trustmed", "tracstocks", "grossistes", "pointstock", "listes", "bdpm")
            for tab in source_detail._DRAW
        ),
    ],
    "methode/methode": [{"vue": view} for view in ("", "seuils", "bornes")],
}

OPEN_CHOICES: dict[str, list[dict[str, str]]] = {
    "molecules/molecule": [{"sujet": open_world.GROUP}, {"sujet": open_world.DCI}, {"sujet": open_world.UNLISTED}],
    "plans/plan": [{}, {"vue": "horsplan"}],
    "territoires/territoires": [{"couche": layer} for layer in open_choices.LAYERS],
    "declarations/declarations": [{}, {"statut": "toutes"}],
    "mensuel/tableau_mensuel": [{}],
    "sources/sources": [{}, *({"source": "bdpm", "onglet": tab} for tab in source_detail._DRAW)],
    "methode/methode": [{"vue": view} for view in ("", "seuils", "bornes")],
}


@dataclass
class Offered:
    """A button: name of its file as the page gives it, and as it leaves; its content once written."""

    name: str
    stamp: Stamp
    write: Callable[[], bytes]

    @property
    def leaves_as(self) -> str:
        return self.stamp.file_name(self.name)

    def content(self) -> bytes:
        with carried(self.stamp):
            return self.write()


@contextmanager
def collected(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Offered]]:
    """Buttons drawn meanwhile, all boxes opened."""
    found: list[Offered] = []
    drawn, box = offering._button, st.expander

    def button(line: Any, label: str, name: str, mime: str, stamp: Stamp, write: Callable[[], bytes]) -> None:
        found.append(Offered(name, stamp, write))
        drawn(line, label, name, mime, stamp, write)

    with monkeypatch.context() as patch:
        patch.setattr(offering, "_button", button)
        patch.setattr(st, "expander", lambda *a, **k: box(*a, **{**k, "expanded": True}))
        yield found


def every_export(monkeypatch: pytest.MonkeyPatch, number: str) -> list[Offered]:
    """Of all pages, each file once. number: of a declaration."""
    return _walked(monkeypatch, entries(configured()), {**CHOICES, "declarations/declaration": [{"numero": number}]})


def every_open_export(monkeypatch: pytest.MonkeyPatch) -> list[Offered]:
    """Of the pages that a visitor of public data may open."""
    pages = [entry for entry in entries(configured()) if "public" in entry.open_to]
    return _walked(monkeypatch, pages, OPEN_CHOICES)


def _walked(
    monkeypatch: pytest.MonkeyPatch, pages: Sequence[Entry], choices: Mapping[str, list[dict[str, str]]]
) -> list[Offered]:
    with collected(monkeypatch) as found:
        at = AppTest.from_file(str(APP), default_timeout=60).run()
        for entry in pages:
            for parameters in choices.get(entry.page, [{}]):
                at.switch_page(f"pages/{entry.page}.py")
                at.query_params.clear()
                for name, value in parameters.items():
                    at.query_params[name] = value
                at.run()
    return list({offered.name: offered for offered in found}.values())

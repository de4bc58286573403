"""The map: light, complete, links only, without any address outside, unknown never drawn as good."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from html import unescape
from typing import Any

import pandas as pd
import pytest
from markupsafe import Markup

from pages.components import tokens
from pages.components.charts import map_layers, maps
from pages.components.links import Here

HERE = Here("/territoires", (("sujet", "amoxicilline-susp-500"), ("region", "94"), ("departement", "2A")))
Link = dict[str, str]


def departments(**change: Any) -> pd.DataFrame:
    """Every department at 8 days, up to date."""
    codes = list(maps.department_names())
    return pd.DataFrame({"department": codes}).assign(
        **{"week": date(2026, 11, 16), "coverage_days": 8.0, "status": "satisfaisante", "figure_state": "a_jour",
           "state_reason": None, "pharmacies": 120, **change}
    )  # fmt: skip


def links(table: pd.DataFrame, only: Collection[str] | None = None) -> list[Link]:
    """Address, fill, words and marks of each polygon of the layer of a table of *department_status*."""
    return read(maps.departments(map_layers.coverage_layer(table), HERE, only))


def read(drawn: Markup) -> list[Link]:
    found = re.finditer(
        r'<a href="(?P<href>[^"]*)" tabindex="-1"(?P<outside> class="vs-outside")?><title>(?P<words>[^<]*)</title>'
        r'<path d="(?P<path>[^"]*)" fill="(?P<fill>[^"]*)"(?P<reserved> class="vs-reserved")?></path></a>',
        str(drawn),
    )
    return [{key: unescape(value or "") for key, value in link.groupdict().items()} for link in found]


def of(found: list[Link], code: str) -> Link:
    return next(link for link in found if f"({code})" in link["words"])


def drawing(**options: Any) -> str:
    made = maps.departments(map_layers.coverage_layer(departments()), HERE, options.get("only"))
    return str(maps.drawing(made, "Carte des départements", **options))


def test_the_map_is_whole_and_under_70_kb() -> None:
    """The outlines are some 35 kB; the rest is one address and three words a department."""
    text = drawing(selected="69", leave="/territoires")
    assert len(text.encode()) <= 70_000
    found = links(departments())
    assert len(found) == 105
    assert len({link["words"].split("(")[1] for link in found}) == 101


def test_the_map_asks_nothing_from_outside_and_runs_nothing() -> None:
    text = drawing(selected="69", leave="/territoires")
    assert "http" not in text
    assert "<script" not in text
    assert "\n\n" not in text, "Markdown would end the drawing there"


def test_each_department_is_a_link_that_keeps_the_rest_of_the_view() -> None:
    assert of(links(departments()), "33")["href"] == "/territoires?sujet=amoxicilline-susp-500&region=94&departement=33"


def test_keys_and_readers_are_given_the_list_not_the_drawing() -> None:
    text = drawing(selected="69", leave="/territoires")
    assert text.count("<a ") == text.count('tabindex="-1"')
    assert '<svg viewBox="' in text
    assert 'aria-hidden="true"' in text
    assert 'role="group" aria-label="Carte des départements"' in text


def test_unknown_departments_are_hatched_and_never_green() -> None:
    table = departments()
    table.loc[table["department"] == "48", "figure_state"] = "non_pertinente"
    table.loc[table["department"] == "976", "figure_state"] = "hors_panel"
    found = links(table[table["department"] != "01"])
    for code, word in (("48", "Non pertinent"), ("976", "Hors panel"), ("01", "Aucune donnée")):
        assert of(found, code)["fill"] == maps.HATCHED
        assert word in of(found, code)["words"]
        assert "couverture" not in of(found, code)["words"]
    assert maps.HATCHED not in {link["fill"] for link in links(departments())}


def test_insatisfaisante_is_striped_so_that_grey_reads() -> None:
    """In grey the red and the green are one shade (luminance 0.10 and 0.14): the stripes tell them apart."""
    table = departments()
    table.loc[table["department"] == "29", "status"] = "insatisfaisante"
    found = links(table)
    assert of(found, "29")["fill"] == maps.STRIPED
    assert of(found, "33")["fill"] == tokens.STATUS["satisfaisante"].colour
    assert f'id="{maps.STRIPED[5:-1]}"' in drawing()
    assert f'id="{maps.HATCHED[5:-1]}"' in drawing()


def test_selected_department_is_outlined_in_the_paris_frame_too() -> None:
    outline = re.search(
        r'<a href="/territoires" tabindex="-1"><path class="vs-chosen" d="([^"]*)"',
        drawing(selected="93", leave="/territoires"),
    )
    assert outline is not None
    assert outline[1] == "".join(shape.path for shape in maps.shapes() if shape.code == "93")
    assert len([shape for shape in maps.shapes() if shape.code == "93"]) == 2


def test_a_region_is_framed_and_the_rest_faded() -> None:
    found = links(departments(), only={"2A", "2B"})
    assert not of(found, "2A")["outside"]
    assert of(found, "69")["outside"]
    assert "region" not in of(found, "69")["href"], "a department of elsewhere leaves the region"
    whole, corsica = view(drawing()), view(drawing(only={"2A", "2B"}))
    assert corsica[2] < whole[2] / 4
    x, y = maps.place(9.0, 42.2)
    assert corsica[0] < x < corsica[0] + corsica[2]
    assert corsica[1] < y < corsica[1] + corsica[3]


def view(text: str) -> list[float]:
    found = re.search(r'viewBox="([^"]*)"', text)
    assert found is not None
    return [float(part) for part in found[1].split()]


@pytest.mark.parametrize("shape", maps.shapes(), ids=lambda shape: shape.key)
def test_every_department_is_inside_the_drawing(shape: maps.Shape) -> None:
    left, top, width, height = view(drawing())
    assert left <= shape.box[0] <= shape.box[2] <= left + width
    assert top <= shape.box[1] <= shape.box[3] <= top + height


def test_words_of_a_department_are_escaped() -> None:
    table = departments(figure_state="non_pertinent", state_reason="<script>x</script>")
    text = str(maps.departments(map_layers.coverage_layer(table), HERE))
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_late_department_keeps_its_colour_and_gets_a_border() -> None:
    table = departments()
    table.loc[table["department"] == "23", "figure_state"] = "en_retard"
    found = links(table)
    assert "Satisfaisante (en retard)" in of(found, "23")["words"]
    assert [link for link in found if link["reserved"]] == [found[-1]], "drawn last, over its neighbours"


def test_when_all_are_late_none_is_singled_out() -> None:
    assert not [link for link in links(departments(figure_state="en_retard")) if link["reserved"]]


def test_unknown_rate_is_hatched_and_zero_is_not() -> None:
    table = pd.DataFrame({"department": ["01", "02", "03"], "rate": [0.0, None, 12.0], "week": date(2026, 11, 16)})
    drawn = map_layers.rate_layer(table, "rate", unit="%", name="Taux").set_index("department")
    assert list(drawn["hatched"]) == [False, True, False]
    assert drawn.loc["01", "colour"] == tokens.RAMP[0]
    assert drawn.loc["03", "colour"] == tokens.RAMP[-1]
    assert drawn.loc["03", "figure"] == "12 %"


def test_no_group_measured_is_unknown_and_none_insufficient_is_zero() -> None:
    table = pd.DataFrame(
        {"department": ["01", "02"], "measured": [0, 9], "insufficient": [0, 0], "groups": [None, None]}
    )
    drawn = map_layers.count_layer(table).set_index("department")
    assert list(drawn["hatched"]) == [True, False]
    assert drawn.loc["02", "word"] == "0\u00a0groupe insatisfaisant"


def test_counts_are_four_classes() -> None:
    """0, 1, 2, then 3 and more: the same colour for 3 and 9, whatever the largest is."""
    table = pd.DataFrame({"department": ["01", "02", "03", "04", "05"], "measured": 9, "insufficient": [0, 1, 2, 3, 9]})
    colours = list(map_layers.count_layer(table)["colour"])
    assert len(set(colours)) == 4
    assert colours[3] == colours[4]
    legend = str(map_layers.classes_legend("Manques"))
    assert [legend.index(colour) for colour in colours[:4]] == sorted(legend.index(colour) for colour in colours[:4])
    assert "3 et plus" in legend


def test_vigilance_without_colour_is_out_of_season() -> None:
    table = pd.DataFrame({"department": ["01", "971"], "colour_id": [4, None], "day": date(2026, 7, 1)})
    drawn = map_layers.vigilance_layer(table).set_index("department")
    assert drawn.loc["01", "word"] == "Vigilance canicule : rouge"
    assert drawn.loc["971", "hatched"]

"""The map: light, complete, without any address outside, unknown never drawn as good."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pandas as pd

from pages.components import tokens
from pages.components.charts import map_layers, maps


def departments(**change: Any) -> pd.DataFrame:
    """Every department at 8 days, up to date."""
    codes = list(maps.department_names())
    return pd.DataFrame({"department": codes}).assign(
        **{"week": date(2026, 11, 16), "coverage_days": 8.0, "status": "satisfaisante", "figure_state": "a_jour",
           "state_reason": None, "pharmacies": 120, **change}
    )  # fmt: skip


def read(deck: maps.CompactDeck) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(deck.to_json())
    return spec


def layer(spec: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in spec["layers"] if one["id"] == name)


def features(spec: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = layer(spec, maps.LAYER)["data"]["features"]
    return found


def properties(spec: dict[str, Any], code: str) -> dict[str, Any]:
    return next(f["properties"] for f in features(spec) if f["properties"]["code"] == code)


def test_map_is_whole_and_under_150_kb() -> None:
    text = maps.department_map(map_layers.coverage_layer(departments()), selected="69").to_json()
    assert len(text.encode()) <= 150_000
    shown = features(json.loads(text))
    assert len(shown) == 105
    assert len({feature["properties"]["code"] for feature in shown}) == 101


def test_map_asks_nothing_from_outside() -> None:
    spec = read(maps.department_map(map_layers.coverage_layer(departments())))
    text = json.dumps(spec)
    assert "http" not in text
    assert "mapProvider" not in spec
    # The one value that keeps Streamlit from adding a third party's basemap.
    assert spec["mapStyle"] == "__MAP_STYLE__"


def test_unknown_departments_are_hatched_and_never_green() -> None:
    table = departments()
    table.loc[table["department"] == "48", "figure_state"] = "non_pertinente"
    table.loc[table["department"] == "976", "figure_state"] = "hors_panel"
    spec = read(maps.department_map(map_layers.coverage_layer(table[table["department"] != "01"])))
    for code, word in (("48", "Non pertinent"), ("976", "Hors panel"), ("01", "Aucune donnée")):
        assert properties(spec, code)["fill"] == [255, 255, 255, 255]
        assert properties(spec, code)["word"] == word
        assert properties(spec, code)["figure"] == ""
    whole = read(maps.department_map(map_layers.coverage_layer(departments())))
    assert layer(whole, "hachures")["data"] == []
    assert len(layer(spec, "hachures")["data"]) > 10


def test_selected_department_is_outlined_in_the_paris_frame_too() -> None:
    spec = read(maps.department_map(map_layers.coverage_layer(departments()), selected="93"))
    assert len(layer(spec, "selection")["data"]) == 2


def test_a_region_is_framed_and_the_rest_faded() -> None:
    spec = read(maps.department_map(map_layers.coverage_layer(departments()), only={"2A", "2B"}))
    assert properties(spec, "2A")["fill"][3] == 255
    assert properties(spec, "69")["fill"][3] == maps.FADED
    assert spec["initialViewState"]["latitude"] < 43
    assert spec["initialViewState"]["zoom"] > maps.VIEW["zoom"]


def test_tooltip_texts_are_escaped() -> None:
    table = departments(figure_state="non_pertinent", state_reason="<script>x</script>")
    text = maps.department_map(map_layers.coverage_layer(table)).to_json()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_late_department_keeps_its_colour_and_gets_a_border() -> None:
    table = departments()
    table.loc[table["department"] == "23", "figure_state"] = "en_retard"
    spec = read(maps.department_map(map_layers.coverage_layer(table)))
    assert properties(spec, "23")["word"] == "Satisfaisante (en retard)"
    assert len(layer(spec, "contours-reserve")["data"]) == 1


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


def test_vigilance_without_colour_is_out_of_season() -> None:
    table = pd.DataFrame({"department": ["01", "971"], "colour_id": [4, None], "day": date(2026, 7, 1)})
    drawn = map_layers.vigilance_layer(table).set_index("department")
    assert drawn.loc["01", "word"] == "Vigilance canicule : rouge"
    assert drawn.loc["971", "hatched"]


def test_borders_stay_out_of_picking() -> None:
    spec = read(maps.department_map(map_layers.coverage_layer(departments())))
    assert layer(spec, maps.LAYER)["_subLayerProps"] == {"polygons-stroke": {"pickable": False}}
    assert not [one["id"] for one in spec["layers"] if one.get("pickable") and one["id"] != maps.LAYER]


def test_click_gives_the_department() -> None:
    state = {"selection": {"objects": {maps.LAYER: [{"properties": {"code": "2A"}}]}}}
    assert maps.clicked(state) == "2A"
    assert maps.clicked({"selection": {"objects": {}}}) is None
    assert maps.clicked(None) is None

"""The map of departments (``carte_departements.geojson``)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from data.strict import Strict, Text, given_twice, read_json, reference_file

Point = tuple[float, float]
Ring = tuple[Point, ...]


class Polygon(Strict):
    """Outline of a department in one piece."""

    type: Literal["Polygon"]
    coordinates: tuple[Ring, ...]


class MultiPolygon(Strict):
    """Outline of a department in several pieces."""

    type: Literal["MultiPolygon"]
    coordinates: tuple[tuple[Ring, ...], ...]


class Properties(Strict):
    """What a polygon shows: a department, and the frame it stands in when it is not at its place."""

    code: Text
    name: Annotated[Text, Field(alias="nom")]
    region: Annotated[Text, Field(alias="region_code")]
    region_name: Annotated[Text, Field(alias="region")]
    frame: Annotated[str | None, Field(alias="encart")]
    lon: float
    lat: float


class Feature(Strict):
    """One polygon."""

    type: Literal["Feature"]
    id: Text
    properties: Properties
    geometry: Annotated[Polygon | MultiPolygon, Field(discriminator="type")]


class Caption(Strict):
    """Caption over a frame."""

    text: Annotated[Text, Field(alias="texte")]
    lon: float
    lat: float


class DepartmentMap(Strict):
    """105 polygons (101 departments, four of them twice), the frames drawn around some and their captions."""

    type: Literal["FeatureCollection"]
    features: Annotated[tuple[Feature, ...], Field(min_length=1)]
    frames: Annotated[tuple[Ring, ...], Field(alias="cadres")]
    captions: Annotated[tuple[Caption, ...], Field(alias="etiquettes")]

    @model_validator(mode="after")
    def _once_each(self) -> DepartmentMap:
        if twice := given_twice(item.id for item in self.features):
            raise ValueError(f"clé « id » donnée deux fois : {twice}")
        return self


def department_map() -> DepartmentMap:
    """The map in force."""
    return read_json(reference_file("carte_departements.geojson"), DepartmentMap, "Carte des départements")

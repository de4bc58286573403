"""Numbers with a lowest and a highest value: a refusal states both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, PlainValidator, ValidationInfo

from data.strict.sentences import refused


@dataclass(frozen=True)
class Bounds:
    """Lowest and highest value accepted; ``whole``: no decimals."""

    minimum: float
    maximum: float
    whole: bool = True

    @property
    def accepted(self) -> str:
        """« un nombre entier de 1 à 52 »."""
        kind = "un nombre entier" if self.whole else "un nombre"
        return f"{kind} de {_french(self.minimum)} à {_french(self.maximum)}"

    def check(self, value: object) -> int | float:
        """The value as written. Raises ValueError with a sentence."""
        is_number = isinstance(value, int) or (isinstance(value, float) and not self.whole)
        if isinstance(value, bool) or not is_number or not self._holds(value):
            raise ValueError(refused(value, self.accepted))
        return value  # type: ignore[return-value]

    def check_setting(self, value: object, info: ValidationInfo) -> int | float:
        """The same where the environment, which only holds text, may also give the value."""
        return self.check(_number(value) if isinstance(value, str) and info.mode == "python" else value)

    def _holds(self, value: object) -> bool:
        return isinstance(value, int | float) and self.minimum <= value <= self.maximum  # never so of nan


def _number(text: str) -> object:
    """The number that a text writes, else the text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _french(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:g}".replace(".", ",")


def between(minimum: float, maximum: float, *, whole: bool = True) -> PlainValidator:
    """Of a key of a reference file."""
    return PlainValidator(Bounds(minimum, maximum, whole).check)


def setting(minimum: float, maximum: float, *, whole: bool = True) -> BeforeValidator:
    """Of a setting."""
    return BeforeValidator(Bounds(minimum, maximum, whole).check_setting)


Days = Annotated[float, between(0, 3_660, whole=False)]
Points = Annotated[int, between(0, 1_000)]
Quantity = Annotated[float, between(0, 1_000_000_000, whole=False)]

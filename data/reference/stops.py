"""Which discontinuations go to the medical review (``stop_rules.csv``): the first rule that holds decides."""

from __future__ import annotations

import re
from typing import Literal

import pyarrow as pa
from pydantic import model_validator

from connectors.language.folding import unaccented_in_place as folded
from data.strict import Strict, Text, read_csv, reference_file

YesNo = Literal["oui", "non"]
# Facts that look for words: in the procedure of the marketing authorisation, in the DCI, in the conditions of
# prescription (the fact is then that none of the words is there).
WORDED = frozenset({"procedure", "substance", "sans_condition"})


class StopRule(Strict):
    """A fact about a stop and its effect; ``over_mitm``, ``over_share``: it applies even to a MITM, a large share."""

    key: Text
    effect: Literal["écarté", "soumis"]
    fact: Literal["procedure", "substance", "sans_condition", "presentation_restante", "generique"]
    words: str = ""
    over_mitm: YesNo
    over_share: YesNo
    label: Text
    origin: Text
    to_validate: YesNo

    @model_validator(mode="after")
    def _words_or_none(self) -> StopRule:
        if (self.fact in WORDED) is not bool(self.words.strip("| ")):
            needed = "obligatoire" if self.fact in WORDED else "sans objet"
            raise ValueError(f"colonne « words » {needed} pour le fait « {self.fact} »")
        return self


SCHEMA = pa.schema(
    [
        ("order_no", pa.int64()),
        *((name, pa.string()) for name in ("key", "effect", "fact", "pattern", "label", "origin")),
        *((name, pa.bool_()) for name in ("over_mitm", "over_share", "to_validate")),
    ]
)


def stop_rules() -> tuple[StopRule, ...]:
    """In the order of the file."""
    return read_csv(reference_file("stop_rules.csv"), StopRule, "Arrêts à soumettre", unique=("key",))


def rule_table(rules: tuple[StopRule, ...]) -> pa.Table:
    """One row per rule; ``pattern``: its words without accents, any of them."""
    rows = [
        {
            **{name: getattr(rule, name) for name in ("key", "effect", "fact", "label", "origin")},
            **{name: getattr(rule, name) == "oui" for name in ("over_mitm", "over_share", "to_validate")},
            "order_no": number,
            "pattern": "|".join(
                re.escape(folded(word.strip().lower())) for word in rule.words.split("|") if word.strip()
            ),
        }
        for number, rule in enumerate(rules)
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)

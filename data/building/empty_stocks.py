"""Senders whose absent lines are empty stocks, as the steward decided: ``journal_zero``, by the names in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa

from connectors.language.names import identity_key
from data.building.identity import Identity, Kind, merged_key
from data.journal.decisions import AcceptedRow, NameAnswer, sender_of
from data.warehouse import Writer

KINDS: dict[str, Kind] = {"tracstocks": "laboratoire", "pointstock": "grossiste", "grossistes": "grossiste"}
SENDERS = pa.schema([(name, pa.string()) for name in ("source_key", "participant")])


def decide(
    writer: Writer,
    acceptances: Iterable[AcceptedRow],
    identities: Sequence[Identity],
    answers: Sequence[NameAnswer],
) -> None:
    """The table ``journal_zero``: a decision holds for every spelling of its sender, and for one source only."""
    names = {(item.kind, item.key): item.name for item in identities}
    decided = [sender for item in acceptances if (sender := sender_of(item.row_ref))]
    found = {
        (source, names.get((kind, merged_key(kind, identity_key(name), answers))))
        for source, name in decided
        if (kind := KINDS.get(source))
    }
    rows = [{"source_key": source, "participant": name} for source, name in sorted((s, n) for s, n in found if n)]
    writer.table("journal_zero", pa.Table.from_pylist(rows, schema=SENDERS), temporary=True)

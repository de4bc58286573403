"""``python -m data.building.group_report``: what each followed group takes in the referential, and its nearest misses.

For a person to read after a change of a plan or of the referential. Exit code 1 when no snapshot is published.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from connectors.language.typography import french
from data import warehouse
from data.command import explain_failures
from data.reference import control
from data.settings import Settings

Row = dict[str, Any]


@explain_failures
def main(arguments: list[str] | None = None) -> int:
    """Print the report of the snapshot in force."""
    parser = argparse.ArgumentParser(
        prog="python -m data.building.group_report",
        description="Ce que chaque groupe suivi prend au référentiel, et ce qu'il laisse de peu.",
    )
    parser.add_argument("--groupe", help="un seul groupe, par son identifiant")
    group = parser.parse_args(arguments).groupe
    settings = Settings()
    control.check()
    snapshot = warehouse.current(settings.snapshots)
    if snapshot is None:
        print("Aucun instantané publié.", file=sys.stderr)  # noqa: T201 – output of the command
        return 1
    reader = warehouse.reader(settings.snapshots, snapshot, "restricted", None, 256, 1)
    rows = reader.rows(
        "SELECT * FROM group_candidate ORDER BY plan, order_no, is_taken DESC, reason, denomination, cis"
    )
    followed = reader.rows("SELECT plan, group_id, label, dci FROM tracked_group ORDER BY plan, order_no")
    asked = [row for row in followed if group in (None, row["group_id"])]
    if not asked:
        print(french(f"Aucun groupe « {group} » dans les plans."), file=sys.stderr)  # noqa: T201
        return 1
    print("\n".join(report(asked, rows)))  # noqa: T201
    return 0


def report(followed: Iterable[Row], rows: Iterable[Row]) -> Iterator[str]:
    """Lines of the report; ``rows``: those of *group_candidate*, in its order."""
    found = {key: list(lines) for key, lines in groupby(rows, key=itemgetter("group_id"))}
    for group in followed:
        lines = found.get(group["group_id"], [])
        taken = [line for line in lines if line["is_taken"]]
        boxes = sum(line["presentations"] for line in taken)
        yield french(f"\n{group['label']} ({group['group_id']}, DCI « {group['dci']} »)")
        yield french(f"  PREND {len(taken)} spécialités, {boxes} présentations")
        yield from (_line(line) for line in taken)
        left = [line for line in lines if not line["is_taken"]]
        for reason, near in groupby(left, key=itemgetter("reason")):
            kept = list(near)
            yield french(f"  LAISSE {len(kept)} : {reason}")
            yield from (_line(line) for line in kept)


def _line(row: Row) -> str:
    return f"    {row['cis']} {row['denomination']} [{row['strengths'] or 'aucun dosage lu'}]"


if __name__ == "__main__":
    sys.exit(main())

"""Small invented markets through the production queries of secrecy: what the shared artefact would show of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from data import sqlfiles
from data.building import firms, previously_shared, snapshot
from data.building.identity import HOLDERS, Identity, Spelling, identities_of
from data.loading import quarantine
from data.reference import tables
from data.warehouse import Writer
from metrics.methods import methods
from tests.metrics.attacker import Published

LAST = date(2026, 11, 9)
WHOLESALERS = ("GROSSISTE A", "GROSSISTE B", "GROSSISTE C", "GROSSISTE D")
CORE = (
    "35_demand",
    "35_period_sales",
    "36_known_market",
    "36_link_demand",
    "70_secrecy_rule",
    "71_secrecy_pieces",
    "72_secrecy_memory",
    "73_secrecy_downstream",
)
METRICS = ("coverage_weekly", "sales_weekly", "secrecy_link_week", "secrecy_sales_week", "secrecy_panel")
LEDGERS = ("secrecy_shared_total", "secrecy_shared_box")
SHARED = ("coverage_weekly", "sales_weekly")
Row = dict[str, Any]
Rows = list[Row]


@dataclass(frozen=True)
class Box:
    """A week of one presentation: in boxes, what its laboratory holds and sells, what pharmacies dispense."""

    stock: float
    sales: float
    dispensed: float
    carried: bool = False  # the report is missing, the last one stands for it


@dataclass(frozen=True)
class Market:
    """``owner``: laboratory by presentation; ``subjects``: presentations by subject (``dci:…`` are whole DCI).

    ``typed``: what the files call the laboratory of a presentation, when it is not its name.
    """

    owner: Mapping[str, str]
    subjects: Mapping[str, frozenset[str]]
    boxes: Mapping[tuple[int, str], Box]  # weeks before the last one, presentation
    typed: Mapping[str, str] = field(default_factory=dict)

    def name(self, cip13: str) -> str:
        return self.typed.get(cip13, self.owner[cip13])


@dataclass(frozen=True)
class Memory:
    """What a snapshot hands to the next one."""

    shared_total_before: Rows = field(default_factory=list)
    shared_box_before: Rows = field(default_factory=list)


def monday(back: int) -> date:
    return LAST - timedelta(weeks=back)


_TEXT, _DAY, _NUMBER, _COUNT = pa.string(), pa.date32(), pa.float64(), pa.int64()
_BOXES = pa.decimal128(18, 3)
STATES = ("is_held", "is_left_out", "is_zero", "is_out")
SCHEMAS: dict[str, Any] = {
    "subject": {"subject_id": _TEXT, "kind": _TEXT},
    "subject_presentation": {"subject_id": _TEXT, "cip13": _TEXT},
    "subject_band": dict.fromkeys(("subject_id", "link", "denominator"), _TEXT)
    | {"satisfactory_days": _NUMBER, "acceptable_days": _NUMBER},
    "tracked_group": {"group_id": _TEXT},
    "presentation": dict.fromkeys(("cip13", "holder", "denomination", "marketing_state"), _TEXT),
    "stock_week": dict.fromkeys(("link", "cip13", "participant"), _TEXT)
    | dict.fromkeys(("rhythm", "source_key"), _TEXT)
    | {"week": _DAY}
    | dict.fromkeys(("age_weeks", "gap_weeks", "due_weeks"), _COUNT)
    | dict.fromkeys(STATES, pa.bool_())
    | dict.fromkeys(("stock_boxes", "sales_boxes", "sales_4w_boxes", "usual_monthly_sales_boxes"), _BOXES),
    "waiting_name_line": dict.fromkeys(("link", "cip13", "participant"), _TEXT)
    | {"week": _DAY, "stock_boxes": _BOXES, "sales_boxes": _BOXES},
    "member_reference": {"cip13": _TEXT, "boxes": _NUMBER, "from_on": _DAY, "until_on": _DAY, "days": _COUNT},
    "openhealth_sales": dict.fromkeys(("cip13", "region", "load_id", "age", "sex", "origin"), _TEXT)
    | {"week": _DAY, "line": _COUNT, "boxes": _NUMBER, "prescribed_boxes": _NUMBER},
    "corrected_row": dict.fromkeys(("table_name", "load_id", "belongs_to"), _TEXT) | {"line": _COUNT},
    "quarantine_row": {name: quarantine.ISSUES.field(name).type for name in quarantine.ISSUES.names},
    "correction_row": {name: quarantine.CORRECTIONS.field(name).type for name in quarantine.CORRECTIONS.names},
    "panel_reading": dict.fromkeys(("subject_id", "level"), _TEXT)
    | {"week": _DAY, "is_reliable": pa.bool_(), "pharmacies": _COUNT, "sales_boxes": _NUMBER, "coverage_days": _NUMBER},
    "pui_week": dict.fromkeys(("subject_id", "figure_state", "demand_origin", "denominator"), _TEXT)
    | {"week": _DAY, "establishments": _COUNT, "coverage_days": _NUMBER},
    "excluded_week": {"subject_id": _TEXT, "week": _DAY},
    "manual_reference": dict.fromkeys(("subject_id", "link", "reason"), _TEXT)
    | {"since": _DAY, "until": _DAY, "monthly_boxes": _NUMBER},
    "shared_total_before": previously_shared.TOTAL,
    "shared_box_before": previously_shared.BOX,
}


def _identities(market: Market) -> list[Identity]:
    """Names of the files, and the holders of the public referential, as a refresh reads them."""
    held = sorted(set(market.owner.values()))
    sent = [*sorted({market.name(cip13) for cip13 in market.owner} - set(held)), *held]
    spellings = [
        *(Spelling("laboratoire", name, "tracstocks_stock", (0, "1", line)) for line, name in enumerate(sent)),
        *(Spelling("laboratoire", name, HOLDERS, (1, "1", line)) for line, name in enumerate(held)),
        *(Spelling("grossiste", name, "pointstock_stock", (0, "2", line)) for line, name in enumerate(WHOLESALERS)),
    ]
    return identities_of(spellings, ())


def _stocks(market: Market, in_force: Mapping[str, str]) -> Rows:
    """Lines of laboratories; those of four wholesalers, who share each presentation by tenths."""
    records = []
    for (back, cip13), box in market.boxes.items():
        common = {"cip13": cip13, "week": monday(back), **dict.fromkeys(STATES, False)}
        parts = [("exploitants", in_force[market.name(cip13)], 1.0, box.carried)]
        parts += [
            ("grossistes", name, share, False) for name, share in zip(WHOLESALERS, (0.4, 0.3, 0.2, 0.1), strict=True)
        ]
        for link, name, share, carried in parts:
            line = {"link": link, "participant": name, "gap_weeks": int(carried), "age_weeks": int(carried)}
            line |= {"due_weeks": 1, "rhythm": "hebdomadaire", "source_key": ""}
            boxes = {"stock_boxes": _decimal(share * box.stock), "sales_boxes": _decimal(share * box.sales)}
            records.append({**common, **line, **boxes})
    return records


def _decimal(boxes: float) -> Decimal:
    return Decimal(f"{boxes:.3f}")


def side_by_side(markets: Sequence[Market]) -> Market:
    """Many markets in one, that share nothing: a refresh costs as much for one as for ten."""
    return Market(
        {f"{n}/{c}": name for n, market in enumerate(markets) for c, name in market.owner.items()},
        {
            f"{n}/{s}": frozenset(f"{n}/{c}" for c in boxes)
            for n, market in enumerate(markets)
            for s, boxes in market.subjects.items()
        },
        {(back, f"{n}/{c}"): box for n, market in enumerate(markets) for (back, c), box in market.boxes.items()},
        {f"{n}/{c}": name for n, market in enumerate(markets) for c, name in market.typed.items()},
    )


def apart(shown: Published, count: int) -> list[Published]:
    """What is shown of each market of ``side_by_side``."""
    return [shown.only({s for s in shown.subjects if s.startswith(f"{n}/")}) for n in range(count)]


def _is_dci(subject: str) -> bool:
    return subject.rsplit("/", maxsplit=1)[-1].startswith("dci:")


def _tables(market: Market, identities: Sequence[Identity]) -> dict[str, Rows]:
    in_force = {spelling.text: item.name for item in identities for spelling in item.spellings}
    links = ("exploitants", "grossistes")
    bounds = {"denominator": "current", "satisfactory_days": 30.0, "acceptable_days": 15.0}
    return {
        "subject": [{"subject_id": s, "kind": "dci" if _is_dci(s) else "groupe"} for s in market.subjects],
        "subject_presentation": [{"subject_id": s, "cip13": c} for s, boxes in market.subjects.items() for c in boxes],
        "subject_band": [{"subject_id": s, "link": link, **bounds} for s in market.subjects for link in links],
        "tracked_group": [{"group_id": s} for s in market.subjects if not _is_dci(s)],
        "presentation": [{"cip13": cip13, "holder": in_force[name]} for cip13, name in market.owner.items()],
        "stock_week": _stocks(market, in_force),
        "openhealth_sales": [
            {"cip13": cip13, "region": "11", "load_id": "1", "line": 1, "week": monday(back), "boxes": box.dispensed}
            for (back, cip13), box in market.boxes.items()
        ],
    }


class Bench:
    """The thresholds once, then each market in a transaction that leaves no trace."""

    def __init__(self) -> None:
        self.writer = Writer(Path(":memory:"))
        self.writer.run("SET threads = 1")  # tables of a few lines
        for path in (snapshot.MACROS, snapshot.CORE / "05_last_received.sql"):
            self.writer.run(sqlfiles.load(path).sql)
        self.writer.table("parameter", tables.parameters(LAST + timedelta(days=9)), temporary=True)

    def publish(
        self, market: Market, before: Memory | None = None, spoil: Mapping[str, str] | None = None
    ) -> tuple[Published, Memory]:
        """``spoil``: what to run after a step, so that a broken rule is seen to leak."""
        self.writer.run("BEGIN")
        try:
            self._refresh(market, before, spoil)
            return self._published(market), self._memory()
        finally:
            self.writer.run("ROLLBACK")

    def refused(self, market: Market, spoil: Mapping[str, str]) -> set[str]:
        """The checks of secrecy that would stop the publication."""
        self.writer.run("BEGIN")
        try:
            self._refresh(market, None, spoil)
            return {file.name for file in sqlfiles.folder(snapshot.CHECKS)
                    if file.name.startswith("secrecy_") and self.writer.rows(file.sql)}  # fmt: skip
        finally:
            self.writer.run("ROLLBACK")

    def _refresh(self, market: Market, before: Memory | None, spoil: Mapping[str, str] | None) -> None:
        identities = _identities(market)
        self._fill({**_tables(market, identities), **vars(before or Memory())})
        firms.write(self.writer, firms.firms_of(identities, (), ()))
        self._run(spoil or {})

    def _fill(self, rows: Mapping[str, Rows]) -> None:
        for name, schema in SCHEMAS.items():
            table = pa.Table.from_pylist(rows.get(name, []), schema=pa.schema(schema))
            self.writer.table(name, table, temporary=True)
        self.writer.run(
            "CREATE TEMP VIEW stock_reading AS SELECT * FROM stock_week WHERE gap_weeks = 0;"
            " CREATE TEMP VIEW link_week AS SELECT DISTINCT link, week FROM stock_week;"
            " CREATE TEMP VIEW newest_week AS SELECT link, MAX(week) AS week FROM stock_week GROUP BY link;"
            " CREATE SCHEMA restricted; CREATE SCHEMA shared"
        )

    def _run(self, spoil: Mapping[str, str]) -> None:
        for name in CORE:
            self.writer.run(sqlfiles.load(snapshot.CORE / f"{name}.sql").sql + ";" + spoil.get(name, ""))
        for name in (*METRICS, *LEDGERS):
            sql = methods()[name].sql
            self.writer.run(f"CREATE TEMP TABLE {name} AS {sql}; {spoil.get(name, '')}")
            self.writer.run(f"CREATE TABLE restricted.{name} AS SELECT * FROM {name}; DROP TABLE {name}")
            self.writer.run(f"CREATE TEMP VIEW {name} AS SELECT * FROM restricted.{name}")
        for name in SHARED:
            self.writer.run(f"CREATE TABLE shared.{name} AS {sqlfiles.load(snapshot.SHARED / f'{name}.sql').sql}")

    def _published(self, market: Market) -> Published:
        rows = self.writer.rows
        truth = {
            (str(row["series"]), row["week"], str(row["cip13"])): float(row["boxes"])
            for row in rows(
                "SELECT series, week, cip13, SUM(boxes) AS boxes FROM contribution GROUP BY ALL"
                " UNION ALL SELECT 'stock grossistes', week, cip13, SUM(stock_boxes) FROM stock_week"
                " WHERE link = 'grossistes' GROUP BY ALL"
                " UNION ALL SELECT 'ventes grossistes', week, cip13, SUM(sales_boxes) FROM stock_week"
                " WHERE link = 'grossistes' GROUP BY ALL"
            )
        }
        coverage, sales = (rows(f"SELECT * FROM shared.{name}") for name in SHARED)
        return Published(market.subjects, market.owner, coverage, sales, truth)

    def _memory(self) -> Memory:
        totals, boxes = (self.writer.rows(f"SELECT * FROM {name}") for name in LEDGERS)
        return Memory(totals, boxes)

"""A home with a published snapshot and new files dropped; refreshes of its copies killed at chosen points."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from data import warehouse
from data.settings import PARIS, PROJECT
from tests.conftest import Home
from tests.data.market import FIRST_DAY, LAST, deposit, medicines
from tests.referential import files

NOW = datetime(2026, 11, 23, 6, 10, tzinfo=PARIS)
# What a moment names is not a figure.
MOMENTS = {"snapshot_info": ("snapshot_id", "built_at")}

Marts = dict[str, str]


def marts(snapshots: Path, snapshot: str) -> Marts:
    """Digest of every row of every table of both artefacts, whatever the order they were stored in."""
    result = {}
    for artefact in warehouse.ARTEFACTS:
        reader = warehouse.Reader(snapshots / snapshot / f"{artefact}.duckdb", None, 512, 1)
        with contextlib.closing(reader):
            for table in sorted(reader.tables):
                left_out = ", ".join(MOMENTS.get(table, ()))
                columns = f"* EXCLUDE ({left_out})" if left_out else "*"
                sql = f"SELECT md5(string_agg(line, chr(10) ORDER BY line)) AS digest, COUNT(*) AS n FROM (SELECT CAST(r AS VARCHAR) AS line FROM (SELECT {columns} FROM {table}) AS r)"
                (row,) = reader.rows(sql)
                result[f"{artefact}.{table}"] = f"{row['n']} {row['digest']}"
    return result


def differences(left: Marts, right: Marts) -> list[str]:
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))


class ForkServer:
    """See ``fork_server``."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.fork_server"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _ask(self, order: dict[str, Any]) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def start(self, home: Path, *, now: datetime = NOW, readers: int = 1, **order: Any) -> int:
        return self._ask({"home": str(home), "now": now.isoformat(), "readers": readers, **order})

    def wait(self, pid: int) -> int:
        """Exit code, or minus the signal."""
        return self._ask({"wait": pid})

    def refresh(self, home: Path, **order: Any) -> int:
        return self.wait(self.start(home, **order))

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


@dataclass
class Bench:
    """The home before, the figures before and after, and what is known of an undisturbed refresh."""

    server: ForkServer
    base: Path
    work: Path
    before: str
    after: Marts
    operations: list[str]
    _seconds: dict[int, float]
    served: list[str] = field(default_factory=list)

    def copy(self, name: str) -> Path:
        target = self.work / name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.base, target)
        return target

    def seconds(self, readers: int) -> float:
        """How long an undisturbed refresh lasts; its figures are those of any other number of readers."""
        if readers not in self._seconds:
            home = self.copy("undisturbed")
            started = time.monotonic()
            assert self.server.refresh(home, readers=readers) == 0
            self._seconds[readers] = time.monotonic() - started
            figures = marts(home / "snapshots", str(warehouse.current(home / "snapshots")))
            assert not self.after or figures == self.after
            self.after = figures
        return self._seconds[readers]

    def kill_at_operation(self, home: Path, number: int) -> bool:
        """Whether the refresh died: it may have ended before, when an earlier one did part of the work."""
        code = self.server.refresh(home, die_at=number)
        assert code in (0, -signal.SIGKILL), code
        return code != 0

    def kill_after(self, home: Path, seconds: float, readers: int) -> bool:
        pid = self.server.start(home, readers=readers)
        time.sleep(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        code = self.server.wait(pid)
        assert code in (0, -signal.SIGKILL), code
        return code != 0

    def check_served(self, home: Path) -> None:
        """Dashboards read the figures published before, or those of the finished refresh: never anything else."""
        snapshots = home / "snapshots"
        in_force = warehouse.in_force(snapshots)
        assert in_force.damaged is None, in_force
        assert in_force.snapshot
        if in_force.snapshot == self.before:
            sealed = [
                warehouse.describe(folder, self.before)["artefacts"] for folder in (snapshots, self.base / "snapshots")
            ]
            assert sealed[0] == sealed[1]
            self.served.append("before")
        else:
            assert differences(marts(snapshots, in_force.snapshot), self.after) == []
            self.served.append("after")

    def check_heals(self, home: Path, readers: int) -> None:
        """The next refresh ends well, leaves nothing behind and gives the figures of an undisturbed one."""
        assert self.server.refresh(home, readers=readers) == 0
        snapshots = home / "snapshots"
        names = warehouse.published(snapshots)
        assert len(names) == 2, names
        assert warehouse.in_force(snapshots) == warehouse.InForce(names[-1])
        assert differences(marts(snapshots, names[-1]), self.after) == []
        assert leftovers(home) == [], leftovers(home)
        assert kept(home) == kept(self.work / "undisturbed"), home


def leftovers(home: Path) -> list[str]:
    """What only a killed refresh leaves: half-written files, unfinished snapshots, copies without a record."""
    result = [path for path in home.rglob(".*") if not path.name.endswith(".lock")]
    result += list((home / "snapshots").rglob("*.wal"))
    result += [
        path
        for path in (home / "raw").rglob("*")
        if path.is_file() and path.suffix != ".prov" and not path.with_name(f"{path.name}.json.prov").exists()
    ]
    return sorted(str(path.relative_to(home)) for path in result)


def kept(home: Path) -> list[str]:
    """Names of all that raw/, lake/ and feeds/ keep."""
    return sorted(
        str(path.relative_to(home)) for folder in ("raw", "lake", "feeds") for path in (home / folder).rglob("*")
    )


def drop_new_files(home: Home) -> None:
    """A day's deliveries: enough files for several processes to read them."""
    deposit(home, range(1), 2)
    box = next(iter(medicines().values())).cip13
    for number in range(5):
        rows = [[LAST - timedelta(weeks=number % 3), f"REPARTITEUR {number}", box, None, 30 + number, 4]]
        home.drop("pointstock", f"réparti {number}.xlsx", {"pointstock_stock": rows})
    home.drop("pointstock", "mal rempli.xlsx", {"pointstock_stock": [[LAST, "REPARTITEUR 9", "123", None, 1, 1]]})
    home.drop_text("tracstocks", "page.xlsx", "<html>session expirée</html>")


def build_base(home: Home) -> str:
    """A published snapshot, then new files in the inbox. Its identifier."""
    inbox = home.path / "inbox" / "bdpm"
    inbox.mkdir(parents=True)
    for name, content in files(list(medicines().values())).items():
        (inbox / name).write_bytes(content)
    deposit(home, range(1, 12), 1)
    report = home.refresh(FIRST_DAY)
    assert not report.error
    drop_new_files(home)
    return str(report.snapshot)


@contextlib.contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """The base home built, and one undisturbed refresh of its copies with one and two readers."""
    before = build_base(Home(folder / "base"))
    server = ForkServer()
    made = Bench(server, folder / "base", folder, before, {}, [], {})
    try:
        made.seconds(1)
        log = folder / "operations.txt"
        assert server.refresh(made.copy("counted"), count_in=str(log)) == 0
        made.operations = log.read_text().splitlines()
        yield made
    finally:
        server.close()

"""The journal on both databases: a SQLite file, and a PostgreSQL server started here on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from data.access.roles import Identity
from data.journal import Journal

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
STEWARD = Identity("camille@ansm.example", "Camille", "ansm_steward")
EVALUATOR = Identity("dominique@ansm.example", "Dominique", "ansm")
AGENCY = Identity("sacha@ars.example", "Sacha", "ars", "11")


def _as_postgres(*command: str) -> list[str]:
    """The server refuses to run as root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else [*command]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a throw-away server, without the database's name."""
    if not POSTGRES or not (POSTGRES[-1] / "initdb").exists():
        pytest.fail("PostgreSQL absent : « make test » l'installe (apt-get install postgresql).")
    home = Path("/tmp") / f"vigistock-pg-{uuid4().hex[:8]}"
    home.mkdir()
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    control = str(POSTGRES[-1] / "pg_ctl")
    data = str(home / "data")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c fsync=off"
    try:
        setup = _as_postgres(str(POSTGRES[-1] / "initdb"), "-D", data, "-U", "vigistock", "-A", "trust", "-E", "UTF8")
        subprocess.run(setup, check=True, capture_output=True, cwd="/")
        start = _as_postgres(control, "-D", data, "-o", options, "-l", str(home / "log"), "-w", "start")
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        yield f"postgresql+psycopg://vigistock@127.0.0.1:{port}"
    finally:
        stop = _as_postgres(control, "-D", data, "-m", "immediate", "stop")
        subprocess.run(stop, check=False, capture_output=True, cwd="/")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/journal.db"
    return new_database(request.getfixturevalue("postgres"))


def new_database(server: str) -> str:
    """Address of an empty database of this server."""
    name = f"j{uuid4().hex[:12]}"
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server}/{name}"


@pytest.fixture
def journal(url: str) -> Iterator[Journal]:
    opened = Journal(url)
    opened.migrate()
    yield opened
    opened.close()

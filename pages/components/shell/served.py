"""What this server serves: its settings, and whether its data are invented."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st

from data import warehouse
from data.settings import Settings


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    return Settings()


def is_demo() -> bool | None:
    """Whether everything a session may be given is invented; None when nothing was published. Doubt means real.

    Each artefact is asked for: when one is damaged, its readers are given an older snapshot than the others.
    """
    folder = settings().snapshots
    found = {warehouse.current(folder, artefact) for artefact in warehouse.ARTEFACTS} - {None}
    return all(holds_demo(folder, str(name)) for name in found) if found else None


@lru_cache(maxsize=64)
def holds_demo(folder: Path, snapshot: str) -> bool:
    """Whether one snapshot is invented: written in it for ever."""
    return warehouse.describe(folder, snapshot).get("is_demo") is True

"""Demo generator: files of an invented world, written into the inbox as partners would deposit them.

Nothing here reaches the warehouse except through the connectors. Laboratories, wholesalers, codes and figures are
invented; only the names of the active substances are real.
"""

from __future__ import annotations

from data.demo.generate import generate

__all__ = ["generate"]

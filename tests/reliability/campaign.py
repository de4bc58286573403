"""``make kill``: a refresh killed before each of its operations, then at random moments; prints what was found."""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from tests.reliability.killing import Bench, bench

KILLS_BEFORE_HEALING = 3
PROGRESS_EVERY = 20  # homes healed between two lines of progress


def at_each_operation(made: Bench, say: Callable[[str], None], *, one_in: int = 1) -> int:
    """Kill before each operation in turn. Number of kills.

    One home each, ``one_in`` n for one operation in n; statements of DuckDB, which only touch an unfinished snapshot, share a home by three.
    """
    kills = 0
    chosen = [(number, name.split()[0]) for number, name in enumerate(made.operations, 1)][::one_in]
    statements = [number for number, kind in chosen if kind in {"run", "rows"}]
    others = [[number] for number, kind in chosen if kind not in {"run", "rows"}]
    chains = [*others, *batched(statements)]
    for healed, chain in enumerate(chains):
        if healed % PROGRESS_EVERY == 0:
            say(f"  {kills} kills, {healed} homes healed of {len(chains)}")
        home = made.copy("operation")
        for number in chain:
            kills += made.kill_at_operation(home, number)
            made.check_served(home)
        made.check_heals(home, readers=1)
    return kills


def batched(numbers: list[int]) -> list[list[int]]:
    """By three, in the order given."""
    return [numbers[start : start + KILLS_BEFORE_HEALING] for start in range(0, len(numbers), KILLS_BEFORE_HEALING)]


def at_random(made: Bench, points: int, seed: int, say: Callable[[str], None]) -> int:
    """Kill the whole process tree at uniformly random moments, up to three times in a row on one home. Number of kills."""
    draw = random.Random(seed)
    kills = number = 0
    while kills < points:
        if number % PROGRESS_EVERY == 0:
            say(f"  {kills} kills of {points}, {number} homes healed")
        home, readers, number = made.copy("random"), 1 + number % 2, number + 1
        for _ in range(draw.randint(1, KILLS_BEFORE_HEALING)):
            kills += made.kill_after(home, draw.uniform(0, made.seconds(readers)), readers)
            made.check_served(home)
        made.check_heals(home, readers)
    return kills


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--random", type=int, default=200, help="kills at a random moment")
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)

    def say(text: str) -> None:
        console.print(text)

    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, bench(Path(folder)) as made:
        kinds = Counter(operation.split()[0] for operation in made.operations)
        say(f"{len(made.operations)} operations in one refresh: {dict(kinds)}")
        kills = at_each_operation(made, say)
        say(f"killed before an operation: {kills}; served then: {dict(Counter(made.served))}")
        made.served.clear()
        kills = at_random(made, options.random, options.seed, say)
        say(f"killed at a random moment: {kills}; served then: {dict(Counter(made.served))}")
    say(f"every home healed; {(time.monotonic() - started) / 60:.1f} minutes")


if __name__ == "__main__":
    main()

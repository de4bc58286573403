"""``make kill``: a refresh killed before each of its operations, then at random moments; prints what was found."""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from rich.console import Console

from tests.reliability.killing import Bench, bench

KILLS_BEFORE_HEALING = 3


def at_each_operation(made: Bench, chosen: range) -> int:
    """Kill before each operation in turn, one home each. Number of kills."""
    kills = 0
    for number in chosen:
        home = made.copy("operation")
        kills += made.kill_at_operation(home, number)
        made.check_served(home)
        made.check_heals(home, readers=1)
    return kills


def at_random(made: Bench, points: int, seed: int) -> int:
    """Kill the whole process tree at uniformly random moments, up to three times in a row on one home. Number of kills."""
    draw = random.Random(seed)
    kills = number = 0
    while kills < points:
        home, readers, number = made.copy("random"), 1 + number % 2, number + 1
        for _ in range(draw.randint(1, KILLS_BEFORE_HEALING)):
            kills += made.kill_after(home, draw.uniform(0, made.seconds[readers]), readers)
            made.check_served(home)
        made.check_heals(home, readers)
    return kills


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--random", type=int, default=200, help="kills at a random moment")
    parser.add_argument("--step", type=int, default=1, help="one operation out of this many")
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    say = Console(highlight=False, soft_wrap=True).print
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, bench(Path(folder)) as made:
        kinds = Counter(operation.split()[0] for operation in made.operations)
        say(f"{len(made.operations)} operations in one refresh: {dict(kinds)}")
        kills = at_each_operation(made, range(1, len(made.operations) + 1, options.step))
        say(f"killed before an operation: {kills}; served then: {dict(Counter(made.served))}")
        made.served.clear()
        kills = at_random(made, options.random, options.seed)
        say(f"killed at a random moment: {kills}; served then: {dict(Counter(made.served))}")
    say(f"every home healed; {(time.monotonic() - started) / 60:.1f} minutes")


if __name__ == "__main__":
    main()

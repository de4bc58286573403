"""What a query of the search costs on an index of the size of the public referential (20,903 presentations)."""

from __future__ import annotations

import random
import statistics
import string
import time

from metrics.referential import matching
from metrics.referential.matching import Entry, Index

SPECIALITIES, PRESENTATIONS, SUBSTANCES, QUERIES = 15_846, 20_903, 3_273, 1_000
MOST_MS = 30
_FORMS = ("comprimé pelliculé", "gélule", "solution injectable", "sirop", "poudre pour suspension buvable", "gel")
_ENDS = ("cilline", "mycine", "prazole", "sartan", "statine", "olol", "azépam", "oxacine", "pril", "idone", "vir", "ab")


def index(chance: random.Random) -> Index:
    """Invented names, as many and as long as the real ones."""
    substances = [_name(chance) + chance.choice(_ENDS) for _ in range(SUBSTANCES)]
    entries = [
        Entry(name.capitalize(), names=name, code=f"J01CA{place % 100:02}") for place, name in enumerate(substances)
    ]
    names = []
    for place in range(SPECIALITIES):
        substance = chance.choice(substances)
        brand = chance.choice((substance, _name(chance))).upper()
        label = f"{brand} {chance.choice(_LABS)} {chance.choice((1, 5, 10, 250, 500))} mg, {chance.choice(_FORMS)}"
        names.append((label, substance))
        entries.append(Entry(label, words=substance, code=str(60_000_000 + 7 * place), rank=1))
    for place in range(PRESENTATIONS):
        label, substance = chance.choice(names)
        cip13 = str(3_400_930_000_000 + 11 * place)
        entries.append(Entry(label, words=substance, code=f"{cip13} {cip13[5:12]}", rank=2))
    return Index(entries)


def _name(chance: random.Random) -> str:
    return "".join(chance.choice("bcdfglmnprstvx") + chance.choice("aeiouy") for _ in range(chance.randint(2, 4)))


_LABS = tuple(_name(random.Random(seed)).upper() for seed in range(60))


def queries(chance: random.Random, known: Index) -> list[str]:
    """What is typed, a letter at a time: names, two words, codes, and a third of them with a wrong letter."""
    typed = []
    for entry in chance.choices(known.entries, k=QUERIES):
        words = entry.label.replace(",", "").lower().split()
        query = chance.choice((entry.code, words[0], " ".join(words[:2]), " ".join(reversed(words[:3]))))
        query = query[: chance.randint(3, len(query))]
        typed.append(_wrong(chance, query) if chance.random() < 1 / 3 else query)
    return typed


def _wrong(chance: random.Random, query: str) -> str:
    at = chance.randrange(len(query))
    return query[:at] + chance.choice(string.ascii_lowercase) + query[at + 1 :]


def measure() -> None:
    """Print the median and the 95th percentile of a query."""
    chance = random.Random(20_903)
    known = index(chance)
    spent = []
    for query in queries(chance, known):
        start = time.perf_counter()
        matching.search([known], query)
        spent.append(1000 * (time.perf_counter() - start))
    p95 = statistics.quantiles(spent, n=20)[-1]
    print(
        f"{'Recherche':20} {statistics.median(spent):8.1f} ms   p95 {p95:5.1f} ms ({p95 / MOST_MS:.0%} of {MOST_MS} ms)"
    )

"""Countries as partners write them: a name in one of the languages of the Union's suppliers, or a code of two letters."""

from __future__ import annotations

from functools import cache

from babel import Locale

from connectors.language.names import identity_key

LANGUAGES = ("fr", "en", "de", "es", "it", "pt", "nl")
# Member States of the Union, ISO 3166.
UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
FRENCH_OVERSEAS = frozenset(("GP", "MQ", "GF", "RE", "YT", "MF"))  # parts of the Union
NOT_COUNTRIES = frozenset(("EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"))
# Usual names that are not in the tables of languages.
ALSO = {
    "USA": "US", "États-Unis d'Amérique": "US", "EL": "GR", "UK": "GB", "Grande-Bretagne": "GB", "Angleterre": "GB",
    "République tchèque": "CZ", "Hollande": "NL", "Corée": "KR", "République de Corée": "KR", "Métropole": "FR",
    "France métropolitaine": "FR", "Corse": "FR", "Guyane": "GF", "Hong-Kong": "HK", "Macédoine": "MK",
}  # fmt: skip


@cache
def _codes() -> dict[str, str]:
    """ISO code by folded spelling; a spelling of two countries is none."""
    found: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES:
                found.setdefault(identity_key(name), set()).add(code)
                found.setdefault(identity_key(code), set()).add(code)
    codes = {spelling: min(several) for spelling, several in found.items() if len(several) == 1}
    return codes | {identity_key(name): code for name, code in ALSO.items()}


def code_of(text: str) -> str | None:
    """``Pays-Bas`` → ``NL``; None for what names no country, or several."""
    return _codes().get(identity_key(text))


def french_name(code: str) -> str:
    """``NL`` → ``Pays-Bas``."""
    return str(Locale("fr").territories[code])


def is_in_union(code: str) -> bool:
    """An overseas department of France is in it."""
    return code in UNION | FRENCH_OVERSEAS

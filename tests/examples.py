"""How many examples Hypothesis draws: a few, always the same, in ``make test``; other ones each time in the long runs.

``make fuzz`` draws them all (``--hypothesis-profile=long``); ``make test-long`` a tenth (``--hypothesis-profile=campaign``).
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings

BARE: dict[str, Any] = {
    "database": None,
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
}
# By profile, the part of the long count that is drawn.
PROFILES = {"long": 1.0, "campaign": 0.1}
for _name in PROFILES:
    settings.register_profile(_name, **BARE)


def examples(fast: int, long: int) -> settings:
    """So many examples of a test, by the profile in force."""
    share = PROFILES.get(settings.get_current_profile_name() or "")
    if share is None:
        return settings(**BARE, max_examples=fast, derandomize=True)
    return settings(settings.get_profile("long"), max_examples=max(fast, round(share * long)))

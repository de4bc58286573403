"""How many examples Hypothesis draws: a few in ``make test``, a tenth in ``make test-long``, all of them in ``make fuzz``.

The first two draw the same ones each time, so that they speak of the change and not of the draw; ``make fuzz``
(``--hypothesis-profile=long``) draws others each time, and what it finds becomes a test of its own.
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
    settings.register_profile(_name, **BARE, derandomize=_name == "campaign")


def examples(fast: int, long: int) -> settings:
    """So many examples of a test, by the profile in force."""
    share = PROFILES.get(settings.get_current_profile_name() or "")
    if share is None:
        return settings(**BARE, max_examples=fast, derandomize=True)
    return settings(max_examples=max(fast, round(share * long)))

"""Known defects of what is installed, by pip-audit: ``make audit`` [``OSV_URL=…`` of a mirror].

Exit code: 0 nothing known about any dependency, 1 something is, 3 nobody could say. pip-audit alone answers 0 as well
when the index knows the packages but not their advisories.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

CLEAN, VULNERABLE, UNKNOWN = 0, 1, 3
SECONDS = "10"


def main(requirements: Path) -> int:
    """Ask the mirror when there is one, else the package index then OSV; the first that knows every package answers."""
    mirror = os.environ.get("OSV_URL")
    services = [["-s", "osv", "--osv-url", mirror]] if mirror else [["-s", "pypi"], ["-s", "osv"]]
    for service in services:
        found = audited(requirements, service)
        if found is not None:
            return told(found)
    print(f"Service d'avis injoignable : {requirements.name} n'a pas été vérifié.", file=sys.stderr)
    print("Le relancer depuis un réseau qui atteint un service d'avis, ou donner OSV_URL.", file=sys.stderr)
    return UNKNOWN


def audited(requirements: Path, service: list[str]) -> list[dict[str, Any]] | None:
    """Every dependency with its advisories; None when the service did not answer for each of them."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        *service,
        "-r",
        str(requirements),
        "--require-hashes",
        "--disable-pip",
    ]
    options = ["-f", "json", "--progress-spinner", "off", "--timeout", SECONDS]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None
    return found if found and all("vulns" in item for item in found) else None


def told(found: list[dict[str, Any]]) -> int:
    """Print what is known; CLEAN or VULNERABLE."""
    wrong = [item for item in found if item["vulns"]]
    for item in wrong:
        for defect in item["vulns"]:
            fixed = ", ".join(defect["fix_versions"]) or "aucune version"
            print(f"{item['name']} {item['version']} : {defect['id']} (corrigé par : {fixed})")
    print(f"{len(found)} dépendances vérifiées, {len(wrong)} avec un défaut connu.")
    return VULNERABLE if wrong else CLEAN


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

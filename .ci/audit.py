"""Bill of materials, and known defects of what is installed, by pip-audit: ``make audit`` [``OSV_URL=…`` of a mirror].

``bom.cdx.json`` (CycloneDX 1.6) lists every locked package with its hashes, whether or not a service answers.

Exit code: 0 nothing known about any dependency, 1 something is, 3 nobody could say. pip-audit alone answers 0 as well
when the index knows the packages but not their advisories.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

CLEAN, VULNERABLE, UNKNOWN = 0, 1, 3
SECONDS = "10"
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\\n]+)(.*(?:\n[ \t].*)*)", re.MULTILINE)
DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
SAME_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # not that of the command: nothing but the lock changes the bill


def main(requirements: Path) -> int:
    """Write the bill; ask the mirror when there is one, else the package index then OSV; the first that knows every package answers."""
    bill = requirements.with_name("bom.cdx.json")
    bill.write_text(bill_of(requirements.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"Nomenclature CycloneDX écrite : {bill.name}.")
    mirror = os.environ.get("OSV_URL")
    services = [["-s", "osv", "--osv-url", mirror]] if mirror else [["-s", "pypi"], ["-s", "osv"]]
    for service in services:
        found = audited(requirements, service)
        if found is not None:
            return summary(found)
    print(f"Service d'avis injoignable : {requirements.name} n'a pas été vérifié.", file=sys.stderr)
    print("Le relancer depuis un réseau qui atteint un service d'avis, ou donner OSV_URL.", file=sys.stderr)
    return UNKNOWN


def bill_of(locked: str) -> str:
    """The locked packages as CycloneDX; the same text for the same lock, so that two bills can be compared."""
    bom = Bom(
        serial_number=uuid5(NAMESPACE_URL, locked),
        metadata=BomMetaData(
            component=Component(name="vigistock", bom_ref="vigistock", type=ComponentType.APPLICATION),
            timestamp=SAME_DAY,
        ),
    )
    for name, version, hashes in PIN.findall(locked):
        bom.components.add(
            Component(
                name=name,
                version=version,
                type=ComponentType.LIBRARY,
                bom_ref=f"{name}=={version}",
                purl=PackageURL("pypi", None, name, version),
                external_references=[
                    ExternalReference(
                        type=ExternalReferenceType.DISTRIBUTION,
                        url=XsUri(f"pkg:pypi/{name}@{version}"),
                        hashes=[
                            HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in DIGEST.findall(hashes)
                        ],
                    )
                ],
            )
        )
    bom.register_dependency(bom.metadata.component, bom.components)
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1) + "\n"


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


def summary(found: list[dict[str, Any]]) -> int:
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

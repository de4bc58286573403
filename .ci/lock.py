"""Resolve pyproject.toml into the two requirement files: ``make lock``; ``--check`` compares and writes nothing.

requirements.txt holds every package of the dashboard, requirements-dev.txt starts with ``-r requirements.txt`` and adds
what only developers need, at versions compatible with it. Versions already locked are kept as long as pyproject.toml allows.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parents[1]
RUNTIME, DEV = "requirements.txt", "requirements-dev.txt"
LAYER = f"-r {RUNTIME}\n"
UV = Path(sys.executable).with_name("uv")
# Markers for every platform; hashes, so that any index may serve the files; no index is named.
OPTIONS = ("-q", "--universal", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url")


def main(*, check: bool) -> int:
    """Exit code: 0 written or in agreement, 1 when ``check`` finds a difference."""
    locked = resolve()
    stale = [name for name, text in locked.items() if text != _locked(name)]
    if not check:
        for name, text in locked.items():
            (PROJECT / name).write_text(text, encoding="utf-8")
    elif stale:
        print(f"{' and '.join(stale)} do not match pyproject.toml: run « make lock » and commit the result.")
        return 1
    return 0


def resolve() -> dict[str, str]:
    """The text of both files, resolved in a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        runtime, everything = Path(folder, RUNTIME), Path(folder, DEV)
        runtime.write_text(_locked(RUNTIME), encoding="utf-8")
        everything.write_text(_locked(RUNTIME) + _locked(DEV).removeprefix(LAYER), encoding="utf-8")
        _compile(runtime)
        _compile(everything, "--group", "dev", "--constraints", str(runtime))
        shared = set(_pins(runtime.read_text(encoding="utf-8")))
        extra = [pin for pin in _pins(everything.read_text(encoding="utf-8")) if pin not in shared]
        return {RUNTIME: runtime.read_text(encoding="utf-8"), DEV: LAYER + "".join(extra)}


def _compile(output: Path, *options: str) -> None:
    """Uv reads the pins of an output that exists and keeps them where it can."""
    subprocess.run(
        [UV, "pip", "compile", *OPTIONS, "pyproject.toml", *options, "-o", str(output)],
        cwd=PROJECT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _pins(text: str) -> list[str]:
    """Requirements with their hashes: each starts at the left margin."""
    return re.findall(r"^\S.*\n(?:[ \t].*\n)*", text, re.MULTILINE)


def _locked(name: str) -> str:
    path = PROJECT / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    try:
        sys.exit(main(check="--check" in sys.argv[1:]))
    except subprocess.CalledProcessError as failure:  # uv has explained
        sys.exit(failure.returncode)

"""A copy of the checkout in which the compiled wheel's modules stand: `python -m tests.compiled.tree FOLDER`.

What runs in that folder runs compiled; `bench.pairs` measures it like any other checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import hatch_build

ROOT = hatch_build.ROOT
#: what tests and measurements need beside the wheel's packages
COPIED = (
    "tests", "bench", "docs", "deploy", "templates", "cli.py", "config.toml", "companies.toml", "pyproject.toml",
    "hatch_build.py", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile",
)  # fmt: skip


def make(folder: Path) -> list[str]:
    """Build the wheel and lay it out in `folder`; its extension modules. RuntimeError where it cannot be built."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    with tempfile.TemporaryDirectory() as out:
        done = subprocess.run(
            [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, str(ROOT)],
            env=os.environ | {hatch_build.VARIABLE: "1"},
            capture_output=True,
            text=True,
            cwd=out,
        )
        wheels = list(Path(out).glob("*.whl"))
        if done.returncode or len(wheels) != 1:
            raise RuntimeError(f"the compiled wheel cannot be built:\n{done.stdout}{done.stderr}")
        with zipfile.ZipFile(wheels[0]) as wheel:
            wheel.extractall(folder)
            return sorted(name for name in wheel.namelist() if name.endswith(".so"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.compiled.tree FOLDER")
    print(*make(Path(sys.argv[1]).resolve()), sep="\n")

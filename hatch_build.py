"""The optional compiled form: mypyc turns the modules named in pyproject.toml into extension modules.

`make compiled` makes a wheel for this interpreter and platform that holds them beside their source, as does
`MAILD_COMPILE=1 pip wheel --no-deps .`; without the variable, and in an editable install, every module stays pure Python.
"""

from __future__ import annotations

import os
import shutil
import sysconfig
import tempfile
import tomllib
from contextlib import chdir
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
#: what asks for the compiled form
VARIABLE = "MAILD_COMPILE"
#: what compiles: mypyc comes with mypy, and drives the C compiler by setuptools
TOOLS = ("mypy>=1.14", "setuptools>=70")
#: of the C compiler; 2 and 3 take twice as long and earn nothing that could be measured
OPTIMISED = "1"


class CompiledHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the extension modules into a wheel when `MAILD_COMPILE` is 1."""

    def dependencies(self) -> list[str]:
        """Besides the tools what maild needs itself: its types decide what is compiled to what."""
        return [*TOOLS, *self.metadata.core.dependencies] if is_asked_for() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and say that the wheel is for this platform alone."""
        if not is_asked_for() or version == "editable":
            return
        made = Path(tempfile.mkdtemp(prefix="maild-compiled-"))
        self._made = made
        build_data["force_include"] |= {
            str(made / name): name for name in compile_into(made, Path(self.root))
        }
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """They are in the wheel now."""
        del version, build_data, artifact_path
        if made := getattr(self, "_made", None):
            shutil.rmtree(made)


def is_asked_for() -> bool:
    """Whether the environment asks for the compiled form."""
    return os.environ.get(VARIABLE, "0") not in ("", "0")


def modules(root: Path = ROOT) -> list[str]:
    """The files that are compiled, relative to the checkout."""
    with (root / "pyproject.toml").open("rb") as file:
        hooks = tomllib.load(file)["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]
    return [str(name) for name in hooks["custom"]["compiled"]]


def missing() -> list[str]:
    """What the compiled form needs and is not here, each with what to do."""
    wanted = []
    for tool, package in (("mypyc", "mypy"), ("setuptools", "setuptools")):
        if find_spec(tool) is None:
            wanted.append(f"{package} (pip install {package})")
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        wanted.append(f"a C compiler, {compiler} (apt-get install gcc)")
    if not (Path(sysconfig.get_path("include")) / "Python.h").exists():
        wanted.append("the headers of this Python, Python.h (apt-get install python3-dev)")
    return wanted


def compile_into(folder: Path, root: Path = ROOT) -> list[str]:
    """Compile the checkout's modules; the extension modules in `folder`, relative to it. SystemExit where it cannot be."""
    if wanted := missing():
        raise SystemExit(f"maild cannot be compiled here, there is no {'; no '.join(wanted)}")
    from mypyc.build import mypycify  # only here: a pure wheel needs neither
    from setuptools import Distribution
    from setuptools.command.build_ext import build_ext

    with tempfile.TemporaryDirectory(prefix="maild-mypyc-") as scratch, chdir(root):
        made = mypycify(modules(root), opt_level=OPTIMISED, debug_level="0", target_dir=scratch)
        command = build_ext(Distribution({"name": "maild", "ext_modules": made}))
        command.build_lib, command.build_temp = str(folder), scratch
        command.ensure_finalized()
        command.run()
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.so"))

"""The build hook: pure unless it is asked, and it says what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder

import hatch_build
from tests.cases import cases


def hook() -> hatch_build.CompiledHook:
    builder = WheelBuilder(str(hatch_build.ROOT))
    return hatch_build.CompiledHook(str(hatch_build.ROOT), {}, builder.config, builder.metadata, "", "wheel")


def data() -> dict[str, Any]:
    return {"force_include": {}, "pure_python": True, "infer_tag": False}


@cases(("said", "version"), [(None, "standard"), ("", "standard"), ("0", "standard"), ("1", "editable")])
def test_wheel_is_pure_unless_it_is_asked_otherwise(said: str | None, version: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if said is None:
            patch.delenv(hatch_build.VARIABLE, raising=False)
        else:
            patch.setenv(hatch_build.VARIABLE, said)
        asked = hook()
        build_data = data()
        asked.initialize(version, build_data)
        assert build_data == data()
        assert (asked.dependencies() == []) == (version == "standard")


def test_compiled_wheel_is_for_this_platform_and_holds_what_was_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def compiled(folder: Path, root: Path) -> list[str]:
        assert root == hatch_build.ROOT
        (folder / "maild").mkdir()
        (folder / "maild" / "x.so").touch()
        return ["maild/x.so"]

    monkeypatch.setenv(hatch_build.VARIABLE, "1")
    monkeypatch.setattr(hatch_build, "compile_into", compiled)
    build_data, made = data(), hook()
    made.initialize("standard", build_data)
    assert (build_data["pure_python"], build_data["infer_tag"]) == (False, True)
    ((file, name),) = build_data["force_include"].items()
    assert name == "maild/x.so"
    assert Path(file).exists()
    made.finalize("standard", build_data, "")
    assert not Path(file).exists()
    assert {"mypy>=1.14", "setuptools>=70", "jinja2>=3.1.5"} <= {*made.dependencies()}


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler -O2")
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
    monkeypatch.setattr(hatch_build, "find_spec", lambda _: None)
    with pytest.raises(SystemExit) as told:
        hatch_build.compile_into(tmp_path)
    said = str(told.value)
    for word in (
        "pip install mypy",
        "pip install setuptools",
        "no-such-compiler",
        "apt-get install gcc",
        "python3-dev",
    ):
        assert word in said

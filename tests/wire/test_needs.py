"""What happens on a machine without the servers: nothing is skipped silently in CI."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.servers import needs
from tests.servers.postfix import Postfix

INSTALL = Path(needs.__file__).with_name("install.sh")


def test_missing_server_fails_in_ci_and_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="package dovecot-imapd is not installed"):
        needs.program("no-such-dovecot", "dovecot-imapd")


def test_missing_server_is_a_skip_on_ones_own_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="package dovecot-imapd is not installed"):
        needs.program("no-such-dovecot", "dovecot-imapd")


def test_postfix_without_root_fails_in_ci_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(pytest.fail.Exception, match=r"postfix .*(only be started by root|not installed)"):
        Postfix()


def test_installation_without_root_names_what_is_missing_and_changes_nothing(tmp_path: Path) -> None:
    for name, said in {"dpkg-query": "", "apt-get": "should not be called", "id": "1000"}.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho '{said}'\n")
        program.chmod(0o755)
    done = subprocess.run(
        ["sh", str(INSTALL)],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
    )
    assert done.stdout == ""
    assert "not root" in done.stderr
    for package in ("dovecot-imapd", "postfix", "postgresql", "neomutt"):
        assert package in done.stderr

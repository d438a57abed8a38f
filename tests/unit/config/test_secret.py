"""Secrets on their way through processes and print."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path

import pytest

from maild.config import load
from maild.secret import NONE, Secret


def test_settings_with_secrets_can_be_handed_to_a_process_that_reads_mail_without_the_secrets(
    tmp_path: Path,
) -> None:
    (tmp_path / "password").write_text("hunter2\n")
    (tmp_path / "config.toml").write_text(
        '[[imap]]\nname = "a"\nhost = "127.0.0.1"\nusername = "a"\npassword_file = "password"\n'
        '[[imap]]\nname = "b"\nhost = "127.0.0.1"\nusername = "b"\npassword_env = "B_PASSWORD"\n'
    )
    settings = load(tmp_path / "config.toml", {"B_PASSWORD": "hunter3"})
    assert [box.password.read() for box in settings.imap] == ["hunter2", "hunter3"]
    frame = pickle.dumps(settings)
    assert b"hunter" not in frame
    there = pickle.loads(frame)  # noqa: S301  our own
    assert there == settings
    for box in there.imap:
        assert box.password
        with pytest.raises(RuntimeError, match="not handed to this process"):
            box.password.read()


def test_nothing_stays_nothing_and_is_false() -> None:
    there = pickle.loads(pickle.dumps(NONE))  # noqa: S301  our own
    assert (bool(there), there.read()) == (False, "")


def test_a_known_text_is_neither_shown_nor_copied() -> None:
    secret = Secret.known("hunter2")
    assert "hunter2" not in repr(secret)
    assert b"hunter2" not in pickle.dumps(secret)
    assert dataclasses.asdict(secret)["source"] == "given"

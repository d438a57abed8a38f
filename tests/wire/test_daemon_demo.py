"""`maild demo`: a daemon of its own, a customer's conversation through its port, and nothing left behind."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from maild.demo import conversation
from maild.demo.served import DemoDesk
from maild.errors import Refused

#: a daemon in a process of its own
pytestmark = pytest.mark.slow

#: what is printed, in this order
STEPS = (
    "Nem megy a nyomtató",
    "[#15789]",
    "$ maild --as kata take 15789",
    "A kollégáimnál sem megy.",
    "Nálam is ez a helyzet",
    "Szabadságon vagyok hétfőig.",
    "$ maild --as kata close 15789",
    "A nyomtató ismét működik",
    "Írási jogot kérek a pénzügyi mappához.",
    "[#15790]",
    "$ maild --as kata phase 15790 progress",
    "maild: #15790 is held until its approval is decided",
    "Jóváhagyom.",
    "Az írási jog él.",
    "/in/",
)


def test_the_conversation_is_played_in_its_order_and_its_daemon_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conversation.run(tmp_path / "kept")
    said, at = capsys.readouterr().out, 0
    for step in STEPS:
        at = said.find(step, at)
        assert at >= 0, (step, said)
    assert "Traceback" not in (tmp_path / "kept" / "log").read_text()
    assert not (tmp_path / "kept" / "var" / "maild.db.run.json").exists(), "the daemon is still there"
    with pytest.raises(Refused, match="--keep names a new folder"):
        conversation.run(tmp_path / "kept")


def test_a_daemon_that_does_not_start_is_refused_with_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        config = conversation.CONFIG.replace("127.0.0.1:{page}", "").replace("127.0.0.1:0", taken)
        with (
            pytest.raises(Refused, match=f"the daemon ended:(.|\n)*{taken}"),
            DemoDesk(config, conversation.COMPANIES),
        ):
            pass
    assert not [*tmp_path.iterdir()], "its folder is left"

"""The mails in a real browser: they fit a phone, follow the reader's light or dark, and stay short and legible."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.look.shots import DARK, LIGHT, Look, chromium, looks, measure, shoot
from tests.servers.needs import missing

pytestmark = pytest.mark.slow
EVERY = list(looks())
#: px of one line of a button
LINE = 24


@pytest.fixture(autouse=True)
def browser() -> str:
    found = chromium()
    if found is None:
        missing("no Chromium here: run tests/servers/install.sh as root")
    return str(found)


def can_be_read(name: str, seen: Mapping[str, Any]) -> None:
    """WCAG 2.2, success criterion 1.4.3: 4.5 to 1 for every word."""
    ratio, text = seen["palest"]
    assert float(ratio) >= 4.5, f"{name}: {ratio:.1f} for {text!r}"


def brightness(colour: str) -> float:
    return sum(int(part) for part in re.findall(r"[0-9]+", colour)[:3]) / 3


def test_every_mail_fits_the_narrowest_phone_and_is_light_in_light(browser: str) -> None:
    for name, seen in measure(EVERY, 320, LIGHT, browser).items():
        assert int(seen["wide"]) <= 320, name
        assert brightness(seen["ground"]) > 235 > 60 > brightness(seen["ink"]), name
        can_be_read(name, seen)
        assert int(seen["button"]) <= LINE, f"{name}: a button's words break"


def test_every_mail_is_at_most_640_wide_and_dark_in_the_dark(browser: str) -> None:
    for name, seen in measure(EVERY, 900, DARK, browser).items():
        assert float(seen["sheet"]) <= 640, name
        assert brightness(seen["ground"]) < 60 < 200 < brightness(seen["ink"]), name
        can_be_read(name, seen)


def test_acknowledgement_is_at_most_900_tall_on_a_phone(browser: str) -> None:
    """In every state and language, with an outage told besides, too."""
    received = [look for look in EVERY if look.notice == "received"]
    for name, seen in measure(received, 360, LIGHT, browser).items():
        assert int(seen["tall"]) <= 900, name


def test_sheets_differ_by_mode_and_width(tmp_path: Path, browser: str) -> None:
    taken = shoot([Look("received", "", "hu"), Look("reply", "", "hu")], tmp_path, browser)
    assert len(taken) == 4
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in taken)
    assert len({path.read_bytes() for path in taken}) == 4
    assert all(path.name in (tmp_path / "index.html").read_text() for path in taken)

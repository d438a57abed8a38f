"""What an offer says: its lines, its sum, its files; and what comes of it is confirmed with what and how much."""

from __future__ import annotations

from pathlib import Path

import pytest

from maild.app.offers import Quote, item, total
from maild.errors import Refused
from tests.unit.commands.conftest import TestDesk

ANNA, BOSS = "anna@acme.example", "boss@acme.example"


def test_lines_add_up_to_the_amount() -> None:
    assert item("Three notebooks = EUR=1200,5") == ("Three notebooks = EUR", "1200.50")
    lines = (item("Notebooks=1200.10"), item("Work=0.20"))
    assert total(Quote("", "EUR", "14d", items=lines)) == "1200.30"
    assert total(Quote("1200.30", "EUR", "14d", items=lines)) == "1200.30"
    assert total(Quote("5", "EUR", "14d")) == "5.00"
    with pytest.raises(Refused, match=r"add up to 1200\.30, not to 1200\.00"):
        total(Quote("1200", "EUR", "14d", items=lines))
    with pytest.raises(Refused, match="say how much"):
        total(Quote("", "EUR", "14d"))
    for wrong in ("Notebooks", "=5", "Notebooks=", "Notebooks=many"):
        with pytest.raises(Refused):
            item(wrong)


def test_offer_shows_its_lines_and_binds_the_yes_to_them(desk: TestDesk, tmp_path: Path) -> None:
    number = str(desk.mail(ANNA, "Three laptops?", "What would they be?"))
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 a")
    (tmp_path / "b.txt").write_bytes(b"terms")
    desk.run(
        "quote", "send", number, "--currency", "EUR", "--item", "Three notebooks=1200", "--item", "Set-up=250.50",
        "--vat", "plus 27 % VAT", "--file", str(tmp_path / "a.pdf"), "--file", str(tmp_path / "b.txt"),
    )  # fmt: skip
    consent = desk.said("quote_request")["data"]["consent"]
    assert (consent["amount"], consent["vat"]) == ("1450.50", "plus 27 % VAT")
    assert consent["items"] == [
        {"text": "Three notebooks", "amount": "1200.00"},
        {"text": "Set-up", "amount": "250.50"},
    ]
    for bound in (
        "Three notebooks: 1200.00 EUR",
        "1450.50 EUR, plus 27 % VAT",
        "a.pdf (SHA-256 ",
        "b.txt (SHA-256 ",
    ):
        assert bound in desk.bound(int(number))
    desk.mail(BOSS, f"Re: [#{number}] Three laptops?", "Approved.", to=desk.message_id("quote_request"))
    told = desk.said("approval_result")["data"]
    assert (told["outcome"], told["consent"]["amount"], told["consent"]["currency"]) == (
        "granted",
        "1450.50",
        "EUR",
    )
    assert told["consent"]["items"] == consent["items"]


def test_files_of_an_offer_are_together_small_enough_for_a_relay(desk: TestDesk, tmp_path: Path) -> None:
    number = str(desk.mail(ANNA, "Three laptops?", "What would they be?"))
    for name, size in (("a.pdf", 6 << 20), ("b.pdf", 6 << 20), ("c.pdf", (10 << 20) + 1)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    send = ("quote", "send", number, "--amount", "5", "--currency", "EUR")
    assert "larger than 10 MB" in desk.refused(*send, "--file", str(tmp_path / "c.pdf"))
    both = ("--file", str(tmp_path / "a.pdf"), "--file", str(tmp_path / "b.pdf"))
    assert "larger than 10 MB" in desk.refused(*send, *both)
    assert desk.show(int(number))["phase"] == "received"


def test_newer_offer_says_that_it_replaces_the_older(desk: TestDesk) -> None:
    number = str(desk.mail(ANNA, "Three laptops?", "What would they be?"))
    desk.run("quote", "send", number, "--amount", "450", "--currency", "EUR")
    assert "replaces" not in desk.said("quote_request")["data"]
    desk.run("quote", "send", number, "--amount", "400", "--currency", "EUR")
    assert desk.said("quote_request")["data"]["replaces"] is True

from __future__ import annotations

import pytest

from maild.receive.addresses import desk_predicate
from maild.settings import DeskSettings

is_ours = desk_predicate(
    DeskSettings(address="Help@Desk.example", aliases=("support@desk.example", "hilfe@bücher.example"))
)


@pytest.mark.parametrize(
    "address",
    [
        "help@desk.example",
        "HELP@DESK.EXAMPLE",
        "support@desk.example",
        "help+abc23@desk.example",
        "help-bounce@desk.example",
        "help-bounce+17=anna=acme.example@desk.example",
        "bounce+abc@desk.example",
        "postmaster@desk.example",
        "PostMaster",
        "hilfe@bücher.example",
        "hilfe@xn--bcher-kva.example",
        "postmaster@xn--bcher-kva.example",
    ],
)
def test_address_of_the_desk(address: str) -> None:
    assert is_ours(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "help",
        "@desk.example",
        "nobody@desk.example",
        "help@desk.example.evil.example",
        "help@sub.desk.example",
        "hilfe@desk.example",
        "help+@desk.example",
        "+help@desk.example",
        "postmaster+x@desk.example",
        "help%desk.example@desk.example",
        "help@evil.example@desk.example",
        "postmaster@evil.example",
    ],
)
def test_address_of_others(address: str) -> None:
    assert not is_ours(address)

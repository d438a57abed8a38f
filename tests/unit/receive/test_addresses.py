from __future__ import annotations

from maild.receive.addresses import desk_predicate
from maild.settings import DeskSettings
from tests.cases import cases

is_ours = desk_predicate(
    DeskSettings(address="Help@Desk.example", aliases=("support@desk.example", "hilfe@bücher.example"))
)


@cases(
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


@cases(
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

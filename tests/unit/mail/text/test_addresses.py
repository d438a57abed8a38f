"""One normal form of an address, and everybody who reads addresses agrees on it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maild.mail.guard.own import is_desk_address
from maild.mail.parse.addresses import mailboxes, strict_sender
from maild.mail.text.addresses import folded, normal_domain, normalise, split_detail
from maild.party import company_checks
from maild.receive.addresses import desk_predicate
from maild.receive.smtp_path import PathError, parse_path
from maild.settings import DeskSettings
from tests.cases import cases

_LOCALS = st.from_regex(r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]{1,12}", fullmatch=True)
_DOMAINS = st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9-]{0,8}(\.[a-zA-Z0-9][a-zA-Z0-9-]{0,8}){1,2}", fullmatch=True)
#: quoted local parts with what needs the quotes, and with what does not
_QUOTED = st.text(st.sampled_from('aZ0 .#*+():;,[]\\"'), min_size=1, max_size=10).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
_SPELLINGS = st.tuples(st.one_of(_LOCALS, _QUOTED), _DOMAINS, st.sampled_from(("", "."))).map(
    lambda parts: f"{parts[0]}@{parts[1]}{parts[2]}"
)


@cases(
    ("spelling", "normal"),
    [
        ("Anna@ACME.example", "anna@acme.example"),
        ('"anna"@acme.example', "anna@acme.example"),
        ('"An\\na"@acme.example', "anna@acme.example"),
        ("anna@acme.example.", "anna@acme.example"),
        ("anna@acme.example..", None),
        ("anna@acme。example", None),
        ("anna@ａcme.example", None),
        ("anna@acme\u200b.example", None),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("anna@Bücher.Example.", "anna@xn--bcher-kva.example"),
        ('"anna kiss"@acme.example', '"anna kiss"@acme.example'),
        ('"anna@evil.example"@acme.example', None),
        ('"a\\"b"@acme.example', '"a\\"b"@acme.example'),
        ('""@acme.example', None),
        ('"anna@acme.example', None),
        ("anna", None),
        ("@acme.example", None),
        ("", None),
    ],
)
def test_normal_form(spelling: str, normal: str | None) -> None:
    assert normalise(spelling) == normal


@given(st.one_of(_SPELLINGS, st.text(max_size=40), st.text(max_size=20).map(lambda t: t + "@acme.example")))
def test_normal_form_is_its_own_normal_form(spelling: str) -> None:
    normal = normalise(spelling)
    assert normal is None or normalise(normal) == normal
    assert folded(folded(spelling)) == folded(spelling)


@given(_SPELLINGS)
def test_everybody_reads_an_address_alike(spelling: str) -> None:
    normal = normalise(spelling)
    assume(normal is not None)
    assert normal is not None
    sender, _ = strict_sender([f"<{spelling}>".encode()])
    assert sender is None or sender.address == normal
    assert all(box.address == normal for box in mailboxes([f"<{spelling}>".encode()]))
    assert company_checks.address(spelling) == normal
    with suppress(PathError):  # stricter: no bare `a..b(c)`
        assert parse_path(f"TO:<{spelling}>".encode(), b"TO:")[0] == normal


@given(_LOCALS, _DOMAINS, st.sampled_from(("", ".")), st.booleans())
def test_the_desk_knows_itself_in_every_spelling(local: str, domain: str, dot: str, quoted: bool) -> None:
    assume("+" not in local)
    desk = DeskSettings(address=f"{local}@{domain}")
    spelling = f'"{local}"@{domain.upper()}{dot}' if quoted else f"{local.upper()}@{domain}{dot}"
    assert desk_predicate(desk)(spelling)
    assert is_desk_address(spelling, desk.addresses)
    assert is_desk_address(f"{local}+15789.x@{domain}{dot}", desk.addresses)


@given(_SPELLINGS, _SPELLINGS)
def test_two_mailboxes_never_share_a_normal_form(one: str, other: str) -> None:
    def meant(spelling: str) -> tuple[str, str]:
        local, _, domain = spelling.rpartition("@")
        if local.startswith('"'):
            plain, escaped = "", False
            for char in local[1:-1]:
                if char == "\\" and not escaped:
                    escaped = True
                    continue
                plain, escaped = plain + char, False
            local = plain
        return local.lower(), domain.lower().removesuffix(".")

    first, second = normalise(one), normalise(other)
    if first is not None and second is not None:
        assert (first == second) == (meant(one) == meant(other))


@pytest.mark.parametrize("text", ["acme.example", ".acme.example", "BÜCHER.example.", "acme。example", "-"])
def test_declared_domains_have_the_form_that_senders_have(text: str) -> None:
    found = normal_domain(text.removeprefix("."))
    assert company_checks.domain(text).removeprefix(".") == (found or text)


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("Help+15789.X@desk.example", ("help@desk.example", "15789.x")),
        ("help@desk.example", ("help@desk.example", "")),
        ("+x@desk.example", ("+x@desk.example", "")),
        ("postmaster", ("postmaster", "")),
    ],
)
def test_detail_of_an_address(address: str, parts: tuple[str, str]) -> None:
    assert split_detail(address) == parts

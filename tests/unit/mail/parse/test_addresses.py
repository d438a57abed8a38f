"""Who wrote it: one strict mailbox or a reason why there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.parse.addresses import mailboxes, shown_froms, strict_sender
from maild.mail.text.addresses import normalise
from tests.cases import cases


@cases(
    ("raw", "address", "name"),
    [
        (b"bob@x.com", "bob@x.com", ""),
        (b"<bob@x.com>", "bob@x.com", ""),
        (b" <bob@x.com> ", "bob@x.com", ""),
        (b"Bob Builder <Bob@X.com>", "bob@x.com", "Bob Builder"),
        (b'"Builder, Bob" <bob@x.com>', "bob@x.com", "Builder, Bob"),
        (b'"bob@x.com" <bob@x.com>', "bob@x.com", ""),
        (b"bob@x.com <bob@x.com>", "bob@x.com", ""),
        (b'"alice@company.com" <bob@evil.com>', "bob@evil.com", "alice@company.com"),
        (b"\"'bob@x.com' via Sales\" <sales@y.com>", "sales@y.com", "bob@x.com' via Sales"),
        (b"=?utf-8?q?alice=40company.com?= <bob@evil.com>", "bob@evil.com", "alice@company.com"),
        (b"=?UTF-8?Q?Kov=C3=A1cs_Anna?= <anna@acme.example>", "anna@acme.example", "Kovács Anna"),
        (b"=?iso-8859-1?Q?J=F6rg?=\r\n =?iso-8859-1?Q?_M?= <j@x.de>", "j@x.de", "Jörg M"),
        (b"J\xf6rg <j@x.de>", "j@x.de", "Jörg"),
        (b"bob@x.com (Bob Builder)", "bob@x.com", "Bob Builder"),
        (b"Bob (work) <bob@x.com>", "bob@x.com", "Bob"),
        (b"Builder, Bob <bob@x.com>", "bob@x.com", "Builder, Bob"),
        (b"Team @ Acme <t@acme.com>", "t@acme.com", "Team @ Acme"),
        (b"Dr. B. Builder [ext] <b@x.de>", "b@x.de", "Dr. B. Builder [ext]"),
        (b"O'Neil <o'neil@x.de>", "o'neil@x.de", "O'Neil"),
        (b'"Bob \\"the\\" Builder" <a@x.de>', "a@x.de", 'Bob "the" Builder'),
        (b"root@localhost", "root@localhost", ""),
        (b"a..b.@docomo.example", "a..b.@docomo.example", ""),
        (b"Bob <bob@x.com.>", "bob@x.com", "Bob"),
        (b"prvs=1234=bob@x.com", "prvs=1234=bob@x.com", ""),
        ("Jörg <jörg@münchen.de>".encode(), "jörg@xn--mnchen-3ya.de", "Jörg"),
        (b"bob@[192.0.2.1]", "bob@[192.0.2.1]", ""),
        (b'Fax <"#FAX#*4900078"@fax.x.de>', "#fax#*4900078@fax.x.de", "Fax"),
        (b'"+49 (89) 123"@fax.x.de', '"+49 (89) 123"@fax.x.de', ""),
        (b'"Bob"@x.com (Builder)', "bob@x.com", "Builder"),
        (b'"Builder, Bob" <"bob \\"b\\" builder"@x.com>', '"bob \\"b\\" builder"@x.com', "Builder, Bob"),
        (b'<"a:b;c,d"@x.com>', '"a:b;c,d"@x.com', ""),
    ],
)
def test_ordinary_from_is_accepted(raw: bytes, address: str, name: str) -> None:
    sender, defect = strict_sender([raw])
    assert defect is None
    assert sender is not None
    assert (sender.address, sender.name) == (address, name)


@cases(
    ("raw", "code"),
    [
        (b"alice@company.com <bob@evil.com>", "from-ambiguous"),
        (b"alice@company.com via x <bob@evil.com>", "from-ambiguous"),
        (b"Alice alice @ company.com <bob@evil.com>", "from-ambiguous"),
        (b"bob@evil.com (alice@company.com)", "from-ambiguous"),
        (b"<bob@evil.com> (alice@company.com)", "from-ambiguous"),
        (b"<bob@evil.com> alice", "from-ambiguous"),
        (b'"alice@company.com"]<bob@evil.com>', "from-invalid"),
        (b'<bob@evil.com>"alice@company.com"', "from-ambiguous"),
        (b"x bob@evil.com <bob@evil.com>", "from-ambiguous"),  # some readers see xbob@evil.com
        (b"a@x.com, b@y.com", "from-multiple"),
        (b"a@x.com, Bob <b@y.com>", "from-multiple"),
        (b"<a@x.com> <b@y.com>", "from-multiple"),
        (b"Staff: a@x.com;", "from-group"),
        (b"undisclosed:;", "from-group"),
        (b"<@relay.com,@b.com:c@d.com>", "from-route"),
        (b"<=?utf-8?q?alice=40company.com?=@evil.com>", "from-encoded-address"),
        (b"=?utf-8?q?alice=40company.com=3E?= bob@evil.com", "from-ambiguous"),
        (b"=?utf-8?Q?Bob_=3Cbob=40x.com=3E?=", "from-invalid"),
        (b"Bob <bob@x.com>\rFrom: alice@company.com", "from-control"),
        (b"Bob <bob@x.com>\x00", "from-control"),
        (b"Bob\x1b[0m <bob@x.com>", "from-control"),
        (b"Bob <bob@x.com>\nalice@company.com", "from-control"),
        (b'"a" <<a@b.com>>', "from-invalid"),
        (b"Bob <bob(x)@a.com>", "from-invalid"),
        (b'"alice@company.com"@evil.com', "from-invalid"),  # naive readers see alice
        (b'<"alice@company.com"@evil.com>', "from-invalid"),
        (b'<"x>,<alice"@evil.com>', "from-invalid"),
        (b'"bob"x@evil.com', "from-ambiguous"),
        (b'"Bob" "b b"@x.com', "from-ambiguous"),
        (b'"b b"@x.com <bob@evil.com>', "from-ambiguous"),
        (b'"b b"@x.com, c@y.com', "from-multiple"),
        (b'""@x.com', "from-invalid"),
        (b"Bob <bob@x.com", "from-invalid"),
        (b'"Bob <bob@x.com>', "from-invalid"),
        (b"a@b.com <>", "from-invalid"),
        (b"root", "from-invalid"),
        (b"<>", "from-invalid"),
        (b"", "from-missing"),
        ("Bob <bob@ｃompany.com>".encode(), "from-lookalike"),  # full-width c
        ("Bob <bob@company。com>".encode(), "from-lookalike"),
        ("Bob <\u212aata@company.com>".encode(), "from-lookalike"),  # Kelvin sign
        (b"x@y@z.com", "from-invalid"),
        (b"Bob <bob@-x_.c m>", "from-invalid"),
    ],
)
def test_from_that_two_readers_could_read_differently_is_refused(raw: bytes, code: str) -> None:
    sender, defect = strict_sender([raw])
    assert sender is None
    assert defect is not None
    assert defect.code == code


def test_two_from_fields_are_no_sender() -> None:
    sender, defect = strict_sender([b"a@x.com", b"a@x.com"])
    assert sender is None
    assert defect is not None
    assert defect.code == "from-duplicate"


def test_no_from_field_is_no_sender() -> None:
    assert strict_sender([])[1] is not None


def test_homograph_domain_never_equals_the_ascii_one() -> None:
    sender, _ = strict_sender(["Bob <bob@c\u043empany.com>".encode()])
    assert sender is not None
    assert sender.address == "bob@xn--cmpany-wqf.com"


@pytest.mark.parametrize(
    "spelling", ["Ｅxample.com", "examp\u200dle.com", "exam\u00adple.com", "e\u0301xample..com", "\u2460.com"]
)
def test_spelling_that_maps_to_ascii_is_refused(spelling: str) -> None:
    assert normalise(f"bob@{spelling}") is None


@cases(
    ("raw", "first"),
    [
        (b"alice@company.com <bob@evil.com>", "bob@evil.com"),
        (b"=?utf-8?Q?Bob_=3Cbob=40x.com=3E?=", "bob@x.com"),
        (b"Bob <bob@x.com", "bob@x.com"),
        (b'"a" <<a@b.com>>', "a@b.com"),
        (b"Staff: a@x.com, b@x.com;", "a@x.com"),
        (b"Foo: Bar <f@x.de>", "f@x.de"),
        (b"a@x.com, b@y.com", "a@x.com"),
        (b"<@a,@b:c@d.com>", "c@d.com"),
        (b"Bob <bob@x.com> and more", "bob@x.com"),
        (b"Bob <mailto:bob@x.com>", "bob@x.com"),
        (b"Bob [bob@x.com]", "bob@x.com"),
        (b"'bob@x.com'", "bob@x.com"),
    ],
)
def test_best_lenient_reading_comes_first(raw: bytes, first: str) -> None:
    assert mailboxes([raw])[0].address == first


def test_recipients_keep_names_and_order() -> None:
    boxes = mailboxes([b'"A, B" <a@x.com>, c@y.com (C),\r\n =?utf-8?q?D=C3=A9?= <d@z.com>, a@x.com'])
    assert [(b.address, b.name) for b in boxes] == [("a@x.com", "A, B"), ("c@y.com", "C"), ("d@z.com", "Dé")]


@given(st.binary(max_size=300))
def test_any_bytes_give_a_sender_or_a_reason(raw: bytes) -> None:
    sender, defect = strict_sender([raw])
    assert (sender is None) != (defect is None)
    mailboxes([raw])


@given(st.text(max_size=60), st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){0,2}@[a-z]{1,8}\.com", fullmatch=True))
def test_accepted_address_always_stands_in_the_field(name: str, address: str) -> None:
    sender, _ = strict_sender([f"{name} <{address}>".encode("utf-8", "replace")])
    assert sender is None or sender.address == address


@cases(
    ("raw", "whole"),
    [
        (b'"anna@acme.example"@evil.example', '"anna@acme.example"@evil.example'),
        (b'Anna <"anna@acme.example"@evil.example>', '"anna@acme.example"@evil.example'),
        ('"Kovács Anna" <"anna@acme.example"@evil.example>'.encode(), '"anna@acme.example"@evil.example'),
        (b'"anna\\@acme.example"@evil.example', '"anna\\@acme.example"@evil.example'),
        (b'Anna <"<anna@acme.example>"@evil.example>', '"<anna@acme.example>"@evil.example'),
        (b'x@y.example, "anna@acme.example x"@evil.example', '"anna@acme.example x"@evil.example'),
    ],
)
def test_an_address_within_an_address_is_shown_whole_and_nobodys(raw: bytes, whole: str) -> None:
    assert strict_sender([raw])[0] is None
    assert [box.address for box in shown_froms([raw])] == [whole]
    assert all(box.address == "x@y.example" for box in mailboxes([raw]))  # in Cc it names nobody


@cases(
    ("raw", "address"),
    [
        (b'"anna@acme.example" <x@evil.example>', "x@evil.example"),  # a name, as many programs write it
        (b'"Fax #1"@fax.example', '"fax #1"@fax.example'),
        (b'"anna"@acme.example', "anna@acme.example"),
        (b'anna@acme.example, "bea"@acme.example', "anna@acme.example"),
    ],
)
def test_a_name_or_a_quoted_local_part_is_shown_as_ever(raw: bytes, address: str) -> None:
    assert shown_froms([raw])[0].address == address


def test_quotes_without_end_are_looked_at_once() -> None:
    assert shown_froms([b'"\\' * 4_000 + b'"@']) == ()

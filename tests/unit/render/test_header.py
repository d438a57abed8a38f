from __future__ import annotations

import email
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maild.mail.text.addresses import normalise
from maild.render.clean import clean_line
from maild.render.header import address_header, header, id_header, mailbox, valid_address
from tests.cases import cases

ANY = st.text(st.characters(codec=None), max_size=300)


def decoded(line: bytes, name: str) -> str:
    mail = email.message_from_bytes(line + b"\r\n")
    assert list(mail.keys()) == [name]
    return str(make_header(decode_header(mail[name].replace("\r\n", ""))))


@example("\x1b\r0")  # a control that goes and leaves a space at the beginning
@given(ANY)
def test_any_text_is_one_field_and_comes_back(text: str) -> None:
    line = header("Subject", text)
    assert line.isascii()
    assert line.count(b"\r\n") == line.count(b"\n") == line.count(b"\r")
    assert all(part.startswith(b" ") for part in line.split(b"\r\n")[1:-1])
    wanted = clean_line(text).encode("utf-8", "replace").decode()
    assert decoded(line, "Subject") == wanted


@given(ANY)
def test_no_line_of_a_header_is_longer_than_the_standard_allows(text: str) -> None:
    assert all(len(line) <= 998 for line in header("Subject", text * 40).split(b"\r\n"))


def test_encoded_line_end_in_a_subject_stays_harmless() -> None:
    line = header("Subject", "=?utf-8?q?hi=0d=0aBcc=3a_x?=")
    assert b"Bcc" not in email.message_from_bytes(line + b"\r\n")["Subject"].encode()[:20]
    assert decoded(line, "Subject") == "=?utf-8?q?hi=0d=0aBcc=3a_x?="


@pytest.mark.parametrize(
    "evil", ["a\r\nBcc: x@y.example", "a\nBcc: x", "a\rBcc: x", "a\x00b", "a\x85Bcc: x", "a\u2028b"]
)
def test_line_ends_of_every_kind_become_spaces(evil: str) -> None:
    mail = email.message_from_bytes(header("Subject", evil) + b"\r\n")
    assert mail.keys() == ["Subject"]


def test_short_lines_are_kept_at_78() -> None:
    long = header("Subject", "word " * 60)
    assert max(len(line) for line in long.split(b"\r\n")) <= 78
    assert max(len(line) for line in header("Subject", "Nyomtatóhiba " * 30).split(b"\r\n")) <= 78


@pytest.mark.parametrize("name", ["Sub ject", "Subject:", "", "Bcc\r\nX", "Tárgy"])
def test_bad_field_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name of a header"):
        header(name, "x")


@given(ANY)
def test_any_display_name_leaves_the_address_alone(name: str) -> None:
    line = address_header("To", [("anna@acme.example", name), ("boss@acme.example", "")])
    mail = email.message_from_bytes(line + b"\r\n")
    assert mail.keys() == ["To"]
    found = [address for _, address in getaddresses([mail["To"].replace("\r\n", "")])]
    assert found == ["anna@acme.example", "boss@acme.example"]


def test_display_name_comes_back_as_it_was() -> None:
    line = address_header("To", [("anna@acme.example", 'Kovács "Anna", Acme Kft.')])
    assert decoded(line, "To") == 'Kovács "Anna", Acme Kft. <anna@acme.example>'
    assert mailbox("a@b.example", 'O"Neil, Pat') == '"O\\"Neil, Pat" <a@b.example>'


@cases(
    ("address", "spec"),
    [
        ("anna..kiss@acme.example", '"anna..kiss"@acme.example'),
        ("a..b.@docomo.example", '"a..b."@docomo.example'),
        (".anna@acme.example", '".anna"@acme.example'),
        ('"anna kiss"@acme.example', '"anna kiss"@acme.example'),
        ("anna.kiss@acme.example", "anna.kiss@acme.example"),
        ("#fax#*49@fax.example", "#fax#*49@fax.example"),
    ],
)
def test_a_local_part_that_is_no_dot_atom_is_written_in_quotes(address: str, spec: str) -> None:
    assert mailbox(address) == spec
    assert mailbox(address, "Kiss Anna") == f"Kiss Anna <{spec}>"
    assert normalise(spec) == address


@cases(
    "address",
    [
        "anna", "@acme.example", "anna@", "a b@acme.example", "anna@acme.example\r\nBcc: x", "a,b@acme.example",
        "<anna@acme.example>", "anna@acme.example, x@y.example", "anna@ac me.example", "a\x00@acme.example",
        "anna@acme.example>", "a(b)@acme.example", "anna@-", "anna\u202e@acme.example", "anna@acme..\n",
    ],
)  # fmt: skip
def test_addresses_that_could_change_the_field_are_refused(address: str) -> None:
    assert not valid_address(address)
    with pytest.raises(ValueError, match="not a mail address"):
        mailbox(address, "Anna")


@pytest.mark.parametrize(
    "address",
    [
        "anna.kovacs+x@acme.example",
        "o'neil@a-b.example",
        "józsi@acme.example",
        '"a b"@x.example',
        "a@[192.0.2.1]",
    ],
)
def test_ordinary_addresses_are_taken(address: str) -> None:
    assert valid_address(address)


def test_ids_that_are_none_are_left_out() -> None:
    assert (
        id_header("References", ["<a@b>", "junk", "<x\r\nBcc: y>", "<c@d>"])
        == b"References: <a@b>\r\n <c@d>\r\n"
    )
    assert id_header("In-Reply-To", [""]) == b""


def test_address_that_is_not_ascii_is_a_group_among_those_that_are() -> None:
    """The header stays one that every relay takes (RFC 6857), and says who else got the mail."""
    mixed = address_header("Cc", [("anna@acme.example", "Anna"), ("ünnep@acme.example", "Ünnep")])
    assert mixed.isascii()
    assert mixed.endswith(b":;\r\n")
    alone = address_header("To", [("ünnep@acme.example", "")])
    assert "ünnep@acme.example".encode() in alone
    assert address_header("Cc", [("ünnep@acme.example", "")], within=True).isascii()

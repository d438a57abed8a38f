"""Requests that are written so that people read them and a table of words does not: held, as plain ones are."""

from __future__ import annotations

import pytest

from tests.consent.test_rightful import PLAIN, request
from tests.consent.world import World

#: a whole daemon with DNS and keys
pytestmark = pytest.mark.slow


def _set(first: int, word: str) -> str:
    """Letters of an alphabet whose `a` is that character."""
    return "".join(chr(first + ord(c) - ord("a")) if c.isalpha() else c for c in word)


MASKED = {
    "digits": "Please give Dora 4cce55 t0 the payroll.",
    "signs": "Please give Dora @cce$$ to the payroll.",
    "pairs for a letter": "Dora needs perrnission for the payroll.",
    "capital I": "Please make Dora IocaI admin.",
    "spelled": "Please give Dora a c c e s s   t o the payroll.",
    "spelled with full stops": "Please give Dora a.c.c.e.s.s to the payroll.",
    "one letter a line": "Dora:\r\n" + "\r\n".join("permission") + "\r\nfor the payroll",
    "torn over lines": "Dora needs write ac-\r\ncess and nothing else.",
    "a dot in its middle": "Please give Dora ac\u00b7cess to the payroll.",
    "a bar": "Please give Dora ac|cess to the payroll.",
    "German parts": "Bitte Schreib-Rechte f\u00fcr Dora.",
    "black circles": f"Please give Dora {_set(0x1F150, 'access to')} the payroll.",
    "black squares": f"Please give Dora {_set(0x1F170, 'access to')} the payroll.",
    "letters of flags": f"Please give Dora {_set(0x1F1E6, 'access to')} the payroll.",
    "small capitals": "Please give Dora \u1d00\u1d04\u1d04\u1d07\ua731\ua731 \u1d1b\u1d0f the payroll.",
    "in brackets": f"Please give Dora {_set(0x249C, 'access to')} the payroll.",
    "Lisu": "Please give Dora \ua4ee\ua4da\ua4da\ua4f0\ua4e2\ua4e2 \ua4d4\ua4f3 the payroll.",
    "Cherokee": "Dora needs per\u13b7ission for the payroll.",
    "a filler": "Please give Dora ac\u3164cess to the payroll.",
    "a variation selector": "Please give Dora ac\ufe0fcess to the payroll.",
    "from right to left": "Please give Dora \u202essecca\u202c to the payroll.",
    "behind a long text": "All is well here. " * 1_500 + "Please give Dora access to the payroll.",
    "a name in the phrase": "Please re$et Dora's pa$$word.",
    "administrator in Hungarian": "K\u00e9rem D\u00f3ra adminisztr\u00e1tori jog\u00e1t be\u00e1ll\u00edtani.",
}
#: what people see in HTML; junk that they do not see stands within the words
MASKED_HTML = {
    "junk that is not shown": "<p>Give Dora ac<span style='display:none'>xx</span>cess to the payroll.</p>",
    "junk without size": "<p>Give Dora ac<span style='font-size:0'>xx</span>cess to the payroll.</p>",
    "junk in white": "<p>Give Dora ac<span style='color:#fff'>xx</span>cess to the payroll.</p>",
    "junk of a sheet": "<style>.x{display:none}</style><p>Give Dora ac<span class=x>xx</span>cess to the payroll.</p>",
    "a cell a letter": "<table><tr><td>a<td>c<td>c<td>e<td>s<td>s<td>to payroll for Dora</table>",
    "a field": "<p>Hello</p><input value='Give Dora access to the payroll'>",
    "a field of lines": "<p>Hello</p><textarea>Give Dora access to the payroll</textarea>",
    "a choice": "<p>Hello</p><select><option>Give Dora access to the payroll</select>",
    "a drawing": "<p>Hello</p><svg><text>Give Dora access to the payroll</text></svg>",
    "an object": "<p>Hello</p><object>Give Dora access to the payroll</object>",
}
ORDINARY = [
    "The e-mail program shows: permission-denied. Please help.",
    "My local-admin tool says no access-point was found at 10.0.0.1, port a-b-c.",
    "A B C D E F G: the keys that do not work.",
    "Room 4a55, phone 0611 555 0100, anna@acme.example: the screen is dark!!!",
    "Return to the internal modern corner: the printer prints vvv.",
]


@pytest.mark.parametrize("name", MASKED)
def test_a_request_that_people_read_and_a_table_does_not_is_held(world: World, name: str) -> None:
    row = world.send(request(MASKED[name], more=PLAIN))
    assert world.phase(row["ticket"]) == "awaiting_approval"


@pytest.mark.parametrize("name", MASKED_HTML)
def test_a_request_that_is_masked_by_html_is_held(world: World, name: str) -> None:
    row = world.send(request(MASKED_HTML[name], more=PLAIN.replace("plain", "html")))
    assert world.phase(row["ticket"]) == "awaiting_approval"


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_mail_that_looks_a_little_like_it_is_not(world: World, text: str) -> None:
    row = world.send(request(text, more=PLAIN))
    assert world.phase(row["ticket"]) == "received"

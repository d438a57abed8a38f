"""What programs and gateways make of the fields and of the subject by which an answer is told: twenty-four forms of
In-Reply-To and References, twenty of a subject with our tag."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.header import Header

from tests.corpus.everyday.pieces import DESK

Form = Callable[[str, str], str]
_SES = "<0102019300000000-aaaa-bbbb@eu-west-1.amazonses.example>"

#: name -> fields, of the answered mail's id and of the id at the root of its thread
FORMS: dict[str, Form] = {
    "plain": lambda one, _root: f"In-Reply-To: {one}\n",
    "folded": lambda one, _root: f"In-Reply-To:\n\t{one}\n",
    "message from": lambda one, _root: (
        f'In-Reply-To: Message from Help <{DESK}> of "Tue, 03 Nov 2026" {one}\n'
    ),
    "your message of": lambda one, _root: f'In-Reply-To: Your message of "Tue, 3 Nov 2026"\n {one}\n',
    "words behind": lambda one, _root: f'In-Reply-To: {one} ("Help Desk"\'s message of "Tue, 3 Nov 2026")\n',
    "without brackets": lambda one, _root: f"In-Reply-To: {one[1:-1]}\n",
    "in quotes": lambda one, _root: f'In-Reply-To: "{one}"\n',
    "capital domain": lambda one, _root: f"In-Reply-To: {one.partition('@')[0]}@DESK.EXAMPLE>\n",
    "capitals": lambda one, _root: f"In-Reply-To: {one.upper()}\n",
    "twice": lambda one, _root: f"In-Reply-To: <zz1@other.example>\nIn-Reply-To: {one}\n",
    "empty beside References": lambda one, root: f"In-Reply-To: <>\nReferences: {root} {one}\n",
    "several": lambda one, _root: f"In-Reply-To: <a1b2@x.example> {one} <c3d4@y.example>\n",
    "References": lambda one, root: f"References: {root} {one}\n",
    "References glued": lambda one, root: f"References: {root}{one}\n",
    "References with commas": lambda one, root: f"References: {root}, {one}\n",
    "References with semicolons": lambda one, root: f"References: {root}; {one}\n",
    "References folded inside of an id": lambda one, root: (
        f"References: {root}\n {one.partition('@')[0]}\n @{one.partition('@')[2]}\n"
    ),
    "the root alone": lambda _one, root: f"References: {root}\n",
    "Amazon SES": lambda _one, root: f"In-Reply-To: {_SES}\nReferences: {root} {_SES}\n",
    "References without brackets": lambda one, _root: f"References: {one[1:-1]}\n",
    "References with tabs": lambda one, root: f"References:\t{root}\t{one}\n",
    "small letters": lambda one, root: f"references: {root} {one}\nin-reply-to: {one}\n",
    "three hundred References": lambda one, root: (
        "References: " + "\n ".join([root, *(f"<q{n}.z@x.example>" for n in range(300)), one]) + "\n"
    ),
    "Notes": lambda one, root: (
        f"In-Reply-To: {one}\nReferences: <OF1234ABCD.567890EF-ON00257D1C.0042@acme.example> {root} {one}\n"
    ),
}
#: subjects of answers by the tag alone
TAGS = (
    "Re: [#1001] Printer", "RE: [EXTERNAL] [#1001] Printer", "AW: Printer [#1001]", "VÁ: Re: FW: [#1001] Printer",
    "[#1001] Printer", "Re: [# 1001 ] Printer", "R: I: [#1001] Printer", "Antw: [SPAM?] Re: [#1001] Printer",
    "=?utf-8?Q?Re=3A_=5B=231001=5D?= Printer", "=?utf-8?Q?Re=3A_=5B=231001?= =?utf-8?Q?=5D_Printer?=",
    "Re[2]: [#1001] Printer",
    "回复: [#1001] Printer", "Re: [#1001] [#1001] Printer", "re:[#1001]Printer", "[Ticket#998] Re: [#1001] Printer",
    "Odp: [#1001] Printer", "SV: VS: [#1001] Printer", "Re: Printer (#1001)", "[#1001]", "Re: [#1001] something else",
)  # fmt: skip


def answers(answered: str, root: str) -> Iterator[tuple[str, str, bytes]]:
    """(name, "id" or "tag", mail) of somebody who takes part in ticket 1001, whose last mail is `answered`."""
    for name, form in FORMS.items():
        yield name, "id", written("it@acme.example", "Re: Printer", form(answered, root))
        yield f"{name}, no subject", "id", written("it@acme.example", "", form(answered, root))
    for subject in TAGS:
        yield subject, "tag", written("it@acme.example", subject, "")


def written(sender: str, subject: str, fields: str) -> bytes:
    """One plain mail."""
    shown = subject if subject.isascii() else Header(subject, "utf-8").encode()
    return (
        f"From: {sender}\nTo: {DESK}\nSubject: {shown}\nDate: Tue, 3 Nov 2026 10:12:00 +0100\n"
        f"Message-ID: <t1.x9@acme.example>\n{fields}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
        "It is the red one.\n"
    ).encode()

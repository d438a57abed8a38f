"""A real mail client at the customer's: the thread holds in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from itertools import count
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.wire.desk import WireDesk
from tests.wire.neomutt import Neomutt

pytestmark = pytest.mark.wire

_customers = count(1)  # each has a mailbox of their own


class Customer:
    """A person with neomutt and a mailbox: what Postfix delivers for them stands in Dovecot."""

    def __init__(self, folder: Path, address: str, name: str, postfix: Postfix, dovecot: Dovecot) -> None:
        self.address = address
        self._user = address.replace("@", ".")
        self._postfix, self._dovecot = postfix, dovecot
        self._there = 0
        self.client = Neomutt(
            folder / self._user, address=address, name=name, smtp=postfix.port, imap=dovecot.port,
            user=self._user, password=dovecot.password,
        )  # fmt: skip

    def fetch(self, number: int) -> bytes:
        """Wait for mail number `number` and put all that came into the mailbox; the last one."""
        mails = self._postfix.wait_for(self.address, number)
        self._dovecot.append(self._user, *mails[self._there :])
        self._there = len(mails)
        return mails[-1]

    def keep(self, *sent: bytes) -> None:
        """Copies of what they sent, as clients file them."""
        self._dovecot.append(self._user, *sent)

    def threads(self) -> int:
        """How many threads the mailbox has by the References alone (RFC 5256, Dovecot's REFS)."""
        with self._dovecot.client(self._user) as client:
            client.select_folder("INBOX", readonly=True)
            assert client.has_capability("THREAD=REFS")
            return len(client.thread("REFS"))


@pytest.fixture
def desk(tmp_path: Path, postfix: Postfix) -> Iterator[WireDesk]:
    with WireDesk(tmp_path, delivery={"kind": "smtp", "port": postfix.port}) as running:
        postfix.route({"desk.example": running.port("smtp")})
        yield running


@pytest.fixture
def anna(tmp_path: Path, postfix: Postfix, dovecot: Dovecot) -> Customer:
    return Customer(tmp_path, f"anna{next(_customers)}.neomutt@acme.example", "Kovács Anna", postfix, dovecot)


def test_conversation_with_neomutt_is_one_ticket_and_one_thread(desk: WireDesk, anna: Customer) -> None:
    picture = desk.folder / "kép.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    anna.client.write("Nyomtató", "Nem nyomtat.\n", "help@desk.example", picture)
    received = message_from_bytes(anna.fetch(1))
    assert "15789" in str(received["Subject"]) or "=?utf-8?" in received["Subject"]
    desk.maild("take", "15789", "--as", "kata")
    anna.fetch(2)
    desk.maild("reply", "15789", "-m", "Is it switched on?", "--as", "kata")
    asked = message_from_bytes(anna.fetch(3))
    anna.client.answer("~s 15789 ~b 'switched on'", "Most már füstöl is.")
    desk.wait(lambda: len(desk.mails()) == 2 and desk.settled())
    desk.maild("close", "15789", "-m", "A new one stands there.", "--as", "kata")
    anna.fetch(len(desk.outbox()))
    anna.client.answer("~b 'new one stands'", "Az sem nyomtat.")
    desk.wait(lambda: len(desk.mails()) == 3 and desk.settled())

    assert [(row["kind"], row["ticket"]) for row in desk.mails()] == [
        ("request", 15789), ("reply", 15789), ("reply", 15789),
    ]  # fmt: skip
    own = [desk.read(lambda tx, n=n: tx.inbound.raw(n)) for n in (1, 2, 3)]  # type: ignore[misc]
    second = message_from_bytes(own[1])
    assert second["In-Reply-To"] == asked["Message-ID"]
    shown = desk.json("show", "15789")
    said = [entry["text"] for entry in shown["entries"] if entry["author"] == anna.address]
    assert said == ["Nem nyomtat.", "Most már füstöl is.", "Az sem nyomtat."]
    assert [a["name"] for a in shown["entries"][0]["attachments"]] == ["kép.png"]
    assert shown["phase"] == "in_progress"  # the last one reopened it

    anna.fetch(len(desk.outbox()))
    anna.keep(*own)
    assert anna.threads() == 1
    ids = [desk.mails()[0]["message_id"], *(row["message_id"] for row in desk.outbox())]
    root = message_from_bytes(anna.fetch(1))["References"].split()[0]
    for row in desk.outbox():
        references = message_from_bytes(desk.read(lambda tx, k=row["id"]: tx.outbound.raw(k)))["References"]  # type: ignore[misc]
        assert references.split()[0] == root
        assert set(references.split()) <= {root, *ids, *(row["message_id"] for row in desk.mails())}


def test_answer_of_a_colleague_joins_and_a_new_mail_opens_a_new_thread(
    desk: WireDesk, anna: Customer, tmp_path: Path, postfix: Postfix, dovecot: Dovecot
) -> None:
    anna.client.write("Scanner", "It scans upside down.\n")
    first = anna.fetch(1)
    bea = Customer(tmp_path, "bea.neomutt@acme.example", "Bea", postfix, dovecot)
    bea.keep(first)  # as when Anna bounces the mail on to her
    bea.client.answer("~s Scanner", "For me too.", group=True)
    desk.wait(lambda: len(desk.mails()) == 2 and desk.settled())
    anna.client.write("Scanner", "Another one: no power.\n")
    desk.wait(lambda: len(desk.mails()) == 3 and desk.settled())
    assert [row["ticket"] for row in desk.mails()] == [15789, 15789, 15790]
    assert bea.address in str(desk.json("show", "15789"))

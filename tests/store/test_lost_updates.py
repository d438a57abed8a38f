"""Two who change the same thing at once: the second sees what the first did, and both changes are there.

Each verb is started while another process holds a write that is not committed; it has to wait, and then to begin from
what stands there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from maild.demo.verbs import command as whole_command
from maild.errors import Refused
from maild.model import (
    CompanyFacts,
    ContactInput,
    LinkOutage,
    OutageFacts,
    Plan,
    SaveCompany,
    SaveContact,
    TellOutage,
    UpdateTicket,
)
from maild.settings import Settings
from maild.store import Store, Tx
from maild.ticket.phases import Phase
from maild.ticket.state import TicketChange
from tests.store.values import ANNA, NOW, RAW, SIGNER, mail, new_ticket, nonces, open_outage, plan
from tests.timing import PATIENCE

ACME = CompanyFacts("acme", "Acme", domains=("acme.example",), service_level="standard")


@pytest.fixture
def config(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of configuration for the test's database."""
    monkeypatch.setenv("MAILD_AGENT", "kata")
    monkeypatch.setenv("MAILD_NOW", NOW.isoformat())
    file = tmp_path / "config.toml"
    url = make_url(settings.database.url).render_as_string(hide_password=False)
    file.write_text(
        f'[database]\nurl = "{url}"\n[desk]\naddress = "help@desk.example"\n[smtp]\nlisten = ""\n',
        encoding="utf-8",
    )
    return file


class Meanwhile:
    """Does something in a transaction of its own and commits it only when somebody else asks for one."""

    def __init__(self, store: Store, work: Callable[[Tx], object], patch: pytest.MonkeyPatch) -> None:
        self._store, self._work, self._patch = store, work, patch
        self._did, self._asked = threading.Event(), threading.Event()

    def _run(self) -> None:
        with self._store.write() as tx:
            self._work(tx)
            self._did.set()
            self._asked.wait(PATIENCE)
            time.sleep(0.1)  # the verb waits for its transaction by then

    def verb(self, config: Path, *words: str) -> None:
        """Run `maild WORDS` while the other's change is not committed."""
        command = whole_command()
        thread = threading.Thread(target=self._run)
        thread.start()
        assert self._did.wait(PATIENCE)
        write = Store.write

        def asks(store: Store, **how: bool) -> object:
            self._asked.set()
            return write(store, **how)

        self._patch.setattr(Store, "write", asks)
        try:
            command(["--config", str(config), *words], standalone_mode=False)
        finally:
            self._asked.set()
            thread.join(PATIENCE)


@pytest.fixture
def meanwhile(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Tx], object]], Meanwhile]:
    with store.write() as tx:
        tx.companies.save(ACME)
        tx.contacts.save("acme", ContactInput((ANNA.address,), "Anna", roles=("reference",)))
    return lambda work: Meanwhile(store, work, monkeypatch)


def does(*changes: object) -> Callable[[Tx], object]:
    return lambda tx: tx.apply(Plan(changes), now=NOW, signer=SIGNER, nonces=nonces)  # type: ignore[arg-type]


Begin = Callable[[Callable[[Tx], object]], Meanwhile]


def test_contact_edit(store: Store, config: Path, meanwhile: Begin) -> None:
    phone = SaveContact("acme", ContactInput((ANNA.address,), phone="+36 1", roles=("approver",)))
    meanwhile(does(phone)).verb(config, "contact", "edit", ANNA.address, "--name", "Anna K.")
    with store.read() as tx:
        person = tx.contacts.get(ANNA.address)
    assert (person.name, person.phone, person.memberships[0].roles) == ("Anna K.", "+36 1", ("approver",))


def test_contact_add(store: Store, config: Path, meanwhile: Begin) -> None:
    first = SaveContact(None, ContactInput(("new@acme.example",), "New", "+36 2"))
    meanwhile(does(first)).verb(config, "contact", "add", "new@acme.example", "--company", "acme")
    with store.read() as tx:
        person = tx.contacts.get("new@acme.example")
    assert (person.name, person.phone, person.memberships[0].company) == ("New", "+36 2", "acme")


def test_contact_move(store: Store, config: Path, meanwhile: Begin) -> None:
    def more(tx: Tx) -> None:
        tx.companies.save(CompanyFacts("beta", "Beta"))
        tx.companies.save(CompanyFacts("gamma", "Gamma"))
        tx.contacts.save("gamma", ContactInput((ANNA.address,), "Anna"))

    meanwhile(more).verb(config, "contact", "move", ANNA.address, "beta")
    with store.read() as tx:
        assert [m.company for m in tx.contacts.get(ANNA.address).memberships] == ["beta"]


def test_company_edit(store: Store, config: Path, meanwhile: Begin) -> None:
    suspended = SaveCompany(replace(ACME, standing="suspended"))
    meanwhile(does(suspended)).verb(config, "company", "edit", "acme", "--name", "Acme Kft.")
    with store.read() as tx:
        company = tx.companies.get("acme")
    assert (company.name, company.standing) == ("Acme Kft.", "suspended")


def test_contract_edit(store: Store, config: Path, meanwhile: Begin) -> None:
    renamed = SaveCompany(replace(ACME, name="Acme Kft."))
    meanwhile(does(renamed)).verb(config, "contract", "edit", "acme", "--until", "2027-12-31")
    with store.read() as tx:
        company = tx.companies.get("acme")
    assert (company.name, company.valid_until) == ("Acme Kft.", "2027-12-31")


def test_outage_update(store: Store, config: Path, meanwhile: Begin) -> None:
    with store.write() as tx:
        outage = open_outage(tx, "Mail delayed")
    number = new_ticket(store)
    meanwhile(does(LinkOutage(number, outage))).verb(config, "outage", "update", str(outage), "-m", "Soon.")
    with store.read() as tx:
        assert [e.type for e in tx.ticket(number).entries][-1] == "outage"  # linked meanwhile: told too


def test_outage_that_ended_meanwhile_is_not_told_again(store: Store, config: Path, meanwhile: Begin) -> None:
    with store.write() as tx:
        outage = open_outage(tx, "Mail delayed")
    with pytest.raises(Refused, match="was resolved"):
        meanwhile(does(TellOutage(outage, "over", "lead", resolved=True))).verb(
            config, "outage", "update", str(outage), "-m", "Soon."
        )


def test_two_outages_opened_at_once_are_two(store: Store, config: Path, meanwhile: Begin) -> None:
    meanwhile(lambda tx: open_outage(tx, "Phones")).verb(config, "outage", "open", "Mail delayed")
    with store.read() as tx:
        found: tuple[OutageFacts, ...] = tx.outages.list()
    assert sorted(one.title for one in found) == ["Mail delayed", "Phones"]


def test_merge_into_what_was_closed_meanwhile_is_refused(
    store: Store, config: Path, meanwhile: Begin
) -> None:
    one, other = new_ticket(store), new_ticket(store)
    closed = UpdateTicket(other, TicketChange(phase=Phase.CLOSED, closed_at=NOW))
    with pytest.raises(Refused, match="is closed"):
        meanwhile(does(closed)).verb(config, "merge", str(one), str(other))


@pytest.mark.parametrize("verb", ["split", "project"])
def test_new_tickets_made_at_once_have_numbers_of_their_own(
    store: Store, config: Path, meanwhile: Begin, verb: str
) -> None:
    number = new_ticket(store)
    made: list[int] = []

    def another(tx: Tx) -> None:
        found = tx.apply(plan(), now=NOW, signer=SIGNER, nonces=nonces).ticket
        made.append(found or 0)

    words = (("-m", "It burns.", "--kind", "incident") if verb == "split" else ())  # fmt: skip
    meanwhile(another).verb(config, verb, str(number), "--subject", "Of its own", *words)
    with store.read() as tx:
        rows = {row.number: row.subject for row in tx.tickets.list()}
    (fresh,) = set(rows) - {number, *made}
    assert rows[fresh] == "Of its own"


def test_mail_that_was_filed_meanwhile_is_filed_once(store: Store, config: Path, meanwhile: Begin) -> None:
    from hashlib import sha256

    from maild.model import Envelope

    one, other = new_ticket(store), new_ticket(store)
    with store.write() as tx:
        key = tx.inbound.accept(
            Envelope("smtp", NOW, ANNA.address, ("help@desk.example",), "127.0.0.1"), RAW, None, sha256(RAW).hexdigest()
        )  # fmt: skip
    with store.write() as tx:
        tx.apply(
            Plan(inbound_ticket=None),
            now=NOW,
            signer=SIGNER,
            nonces=nonces,
            inbound_id=key,
            mail=mail("<x@y>"),
        )
    with pytest.raises(Refused, match=f"is on #{one} already"):
        meanwhile(lambda tx: tx.inbound.file_on(key, one, "lead", NOW)).verb(
            config, "mail", "file", str(key), str(other)
        )
    with store.read() as tx:
        assert len(tx.ticket(other).entries) == 1


def test_kept_text_of_somebody_quicker_is_not_replaced(store: Store, config: Path, meanwhile: Begin) -> None:
    def theirs(tx: Tx) -> None:
        tx.canned.put("hello", "en", "Theirs.", "lead", NOW)

    with pytest.raises(Refused, match="hello is kept in en already"):
        meanwhile(theirs).verb(config, "canned", "add", "hello", "-m", "Mine.", "--language", "en")
    with store.read() as tx:
        assert [one.text for one in tx.canned.every()] == ["Theirs."]

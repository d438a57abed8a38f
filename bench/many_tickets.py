"""`python -m bench.many_tickets [N]`: a desk with N tickets (a million), and what its commands cost there.

The rows are made by the database itself, three years of them: 2 % of the tickets are open, each has a request, an answer
and a closing entry, one mail, two outgoing mails and half an hour of work. Each command runs as a process of its own;
seconds of the processor, of the clock, and the most memory that it held.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text, update

from maild.model import CompanyFacts
from maild.settings import Database, Settings
from maild.store import Store
from maild.store.plain import to_micros
from maild.store.tables import COUNTER

YEARS = 3
CONFIG = '[desk]\naddress = "help@desk.example"\n[database]\nurl = "sqlite:///maild.db"\n'
#: name -> words of the command line; {last} is the newest ticket
COMMANDS = {
    "list": "list",
    "list --all --limit 50": "list --all --limit 50",
    "list --all --json": "list --all --json",
    "show": "show {last}",
    "search, a rare word": "search zyzzyva{last}",
    "search, a common word": "search printer",
    "search, two common words": "search printer toner",
    "mail list --ticket": "mail list --ticket {last} --json",
    "mail list": "mail list",
    "outbox list": "outbox list",
    "next": "next",
    "report time, a month": "report time --json",
    "report time, a year": "report time --from {year}-01-01 --to {year}-12-31 --json",
    "report volume, a year": "report volume --from {year}-01-01 --to {year}-12-31 --json",
    "report sla, a year": "report sla --from {year}-01-01 --to {year}-12-31 --json",
    "report backlog": "report backlog --json",
}


def fill(store: Store, count: int) -> None:
    """Rows as the daemon would have left them."""
    now = to_micros(datetime.now(UTC))
    step = YEARS * 365 * 86_400_000_000 // count
    # made by the database itself: all values are ours
    numbers = f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count})"  # noqa: S608
    at = f"({now} - ({count} - n) * {step})"
    is_open = "n % 50 = 0"
    with store.write() as tx:
        known = {
            table: [row[1] for row in tx.connection.exec_driver_sql(f"PRAGMA table_info({table})")]
            for table in ("ticket", "entry", "inbound", "inbound_raw", "outbound", "outbound_recipient", "time_entry",
                          "participant", "inbound_decision")
        }  # fmt: skip
        defaults = {
            table: {row[1]: "''" if row[2] == "TEXT" else "0" for row in
                    tx.connection.exec_driver_sql(f"PRAGMA table_info({table})") if row[3]}
            for table in known
        }  # fmt: skip

        def put(table: str, **values: str) -> None:
            columns = {**defaults[table], **values}
            columns = {name: value for name, value in columns.items() if name in known[table]}
            tx.connection.execute(
                text(
                    f"{numbers} INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608
                    f"SELECT {', '.join(columns.values())} FROM n"
                )
            )

        for key in range(100):
            name = f"company{key}"
            tx.companies.save(CompanyFacts(name, name, (f"{name}.example",), "en", "standard"))
        words = "'the printer in room ' || (n % 997) || ' does not print, the toner is new; zyzzyva' || n"
        put("ticket", number="n", subject="'Printer ' || n", company="'company' || (n % 100)",
            requester="'user' || (n % 5000) || '@company' || (n % 100) || '.example'",
            requester_name="'User ' || (n % 5000)", kind="'incident'", severity="'user'", team="'L1'",
            phase=f"CASE WHEN {is_open} THEN 'accepted' ELSE 'closed' END",
            phase_before="''", language="'en'", created_at=at, updated_at=f"{at} + 7200000000",
            respond_by=f"{at} + 28800000000", responded_at=f"{at} + 3600000000", due=f"CASE WHEN {is_open} THEN {at} END",
            closed_at=f"CASE WHEN {is_open} THEN NULL ELSE {at} + 7200000000 END",
            resolved_at=f"CASE WHEN {is_open} THEN NULL ELSE {at} + 7200000000 END",
            root_message_id="'<root.' || n || '@desk.example>'", last_word="'agent'", data="'{}'")  # fmt: skip
        put("participant", ticket="n", address="'user' || (n % 5000) || '@company' || (n % 100) || '.example'",
            name="''", via="'from'", at=at)  # fmt: skip
        put("inbound", id="n", source="'smtp'", received_at=at, rcpt_to="'[]'", state="'done'", slow="0", ticket="n",
            subject="'Printer ' || n", message_id="'<' || n || '@company.example>'", kind="'request'", size="2000",
            fingerprint="'fp' || n", sha256="'x'")  # fmt: skip
        put("inbound_raw", inbound_id="n", content="zeroblob(2000)")
        put("inbound_decision", inbound_id="n", decision='\'{"kind":"request","reasons":[],"would":[]}\'')
        for key, kind, author, words_of in (
            (3, "mail", "'user' || (n % 5000) || '@company' || (n % 100) || '.example'", words),
            (2, "reply", "'kata'", "'We come to room ' || (n % 997) || ' with a new cable.'"),
            (1, "phase", "'kata'", "'It works again.'"),
        ):
            put("entry", id=f"3 * n - {3 - key}", ticket="n", at=at, type=f"'{kind}'", author=author, channel="'mail'",
                text=words_of, full_text="''", public="1", data="'{}'",
                inbound_id="n" if kind == "mail" else "NULL")  # fmt: skip
        put("outbound", id="n", notice="'received'", ticket="n", language="'en'", state="'sent'", attempts="1",
            message_id="'<out.' || n || '@desk.example>'", refs="'[]'", auto="'auto-replied'", attach="'[]'",
            created_at=at, next_attempt_at=at, sent_at=at)  # fmt: skip
        put("outbound_recipient", outbound_id="n", position="0", address="'user' || (n % 5000) || '@x.example'",
            field="'to'", state="'sent'", at=at)  # fmt: skip
        put("time_entry", id="n", ticket="n", at=at, agent="'kata'", raw_minutes="20", billed_minutes="30", text="'work'",
            data="'{}'")  # fmt: skip
        tx.execute(update(COUNTER).where(COUNTER.c.name == "ticket").values(value=count + 1))
    while True:
        with store.write() as tx:
            if not tx.search.index(20_000):
                break
    with store.write() as tx:
        tx.connection.exec_driver_sql("ANALYZE")


#: run beside the command, since the kernel counts the memory of who forks as the child's
_LAUNCH = """
import json, os, subprocess, sys, time
began = time.monotonic()
child = subprocess.Popen(sys.argv[2:], stdout=open(sys.argv[1], "wb"), stderr=subprocess.STDOUT)
_, status, used = os.wait4(child.pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, time.monotonic() - began,
                  used.ru_maxrss / 1024]))
os._exit(0)
"""
_MAILD = "from maild.commands import main; main()"


def measure(folder: Path, words: list[str]) -> tuple[int, float, float, float]:
    """Exit code, seconds of the processor, of the clock, MB at most."""
    command = [sys.executable, "-S", "-c", _LAUNCH, str(folder / "out"), sys.executable, "-c", _MAILD, *words]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True)
    code, processor, clock, megabytes = json.loads(done.stdout)
    return code, processor, clock, megabytes


def main(arguments: list[str]) -> None:
    count = int(arguments[0]) if arguments else 1_000_000
    kept = Path(arguments[1]) if len(arguments) > 1 else None
    with tempfile.TemporaryDirectory(prefix="maild-many-") as made:
        folder = kept or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text(CONFIG)
        settings = replace(Settings(), base=folder, database=Database(url=f"sqlite:///{folder}/maild.db"))
        if not (folder / "maild.db").exists():
            began = time.monotonic()
            with Store.open(settings, create=True) as store:
                fill(store, count)
            took, size = time.monotonic() - began, (folder / "maild.db").stat().st_size
            print(
                f"{count} tickets: {size / 2**20:.0f} MiB, {size / count / 1024:.1f} KiB each, made in {took:.0f} s"
            )
        year = datetime.now(UTC).year - 1
        for name, words in COMMANDS.items():
            code, cpu, wall, megabytes = measure(folder, words.format(last=count, year=year).split())
            print(
                f"{name:28} {cpu:6.2f} s CPU {wall:6.2f} s {megabytes:6.0f} MB{'' if code == 0 else f'  exit code {code}'}"
            )
            if code:
                print((folder / "out").read_text(errors="replace")[-300:])


if __name__ == "__main__":
    main(sys.argv[1:])

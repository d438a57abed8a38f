"""The queue: marks, order, filters, what is next, and a table whose subject never has less than half of the line."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.desk import filters, queue_table
from maild.desk.spans import plain
from maild.desk.terminal import width
from maild.errors import NotFound, Refused
from maild.settings import Agent, Settings
from maild.ticket import queue
from maild.ticket.phases import Phase
from maild.ticket.queue import Filter, Mark, QueueRow, ResolvedFilter, Sort
from tests.cases import cases

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONE = "Europe/Budapest"
DESK = replace(
    Settings(),
    agents={"kata": Agent("kata", teams=("L1",)), "lead": Agent("lead")},
    views={
        "morning": "--mine --sort waiting",
        "broken": "--mnie",
        "open": "'--mine",
        "odd": "--limit x",
        "all": "-a",
    },
)


def row(number: int = 1001, **more: Any) -> QueueRow:
    made: dict[str, Any] = {
        "number": number, "subject": "Printer", "company": "acme", "requester": "anna@acme.example",
        "requester_name": "Kovács Anna", "phase": "accepted", "kind": "incident", "severity": "user", "team": "L1",
        "owner": "", "created": NOW - 4 * HOUR,
    }  # fmt: skip
    return QueueRow(**(made | more))


# ------------------------------------------------------------------------------------------------- marks


def test_marks_say_late_soon_waiting_and_unread() -> None:
    assert row().marks(NOW) == ()
    assert row(due=NOW - HOUR).marks(NOW) == (Mark.LATE,)
    assert row(due=NOW + HOUR / 2).marks(NOW) == (Mark.SOON,)
    assert row(due=NOW + 2 * HOUR).marks(NOW) == ()
    assert row(waiting_since=NOW, unread=True, due=NOW - HOUR).marks(NOW) == (
        Mark.LATE,
        Mark.WAITS,
        Mark.UNREAD,
    )


# ------------------------------------------------------------------------------------------------- table

ROWS = st.lists(
    st.builds(
        row,
        number=st.integers(1, 10**7) | st.none(),
        mail=st.just(7),
        subject=st.text(max_size=120),
        company=st.text(max_size=20),
        owner=st.text(max_size=20),
        requester_name=st.text(max_size=30),
        phase=st.sampled_from(list(Phase)),
        severity=st.sampled_from(["user", "infrastructure", ""]),
        due=st.none() | st.integers(-(10**5), 10**5).map(lambda m: NOW + timedelta(minutes=m)),
        waiting_since=st.none() | st.just(NOW),
        unread=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@given(ROWS, st.integers(40, 200))
def test_no_line_is_wider_than_the_screen_and_the_subject_has_its_half(
    rows: list[QueueRow], room: int
) -> None:
    lines = queue_table.table(rows, NOW, ZONE, room)
    assert len(lines) >= len(rows) + 1
    for one in lines:
        assert width(plain(one)) <= room
    assert plain(lines[0]).index("SUBJECT") <= room // 2
    text = "".join(plain(one) for one in lines)
    assert not any(ord(c) < 32 or c in "\u202e\u2066\u200f" for c in text)


@pytest.mark.parametrize(
    ("room", "heads"),
    [(40, "N DUE SUBJECT"), (80, "N DUE COMPANY PHASE SUBJECT"), (70, "N DUE COMPANY OWNER SUBJECT"),
     (160, "N DUE COMPANY PHASE OWNER SEV WHO SUBJECT")],
)  # fmt: skip
def test_columns_come_as_the_screen_gets_wider(room: int, heads: str) -> None:
    rows = [row(due=NOW - HOUR, waiting_since=NOW, owner="kata"), row(1002, company="northsea", unread=True)]
    assert plain(queue_table.table(rows, NOW, ZONE, room)[0]).split() == heads.split()


def test_row_at_eighty_and_at_forty_columns() -> None:
    rows = [
        row(due=NOW - 2 * HOUR, waiting_since=NOW, unread=True, subject="Nem megy a nyomtató az emeleten")
    ]
    wide = [plain(one) for one in queue_table.table(rows, NOW, ZONE, 80)]
    assert wide[1] == "!<* #1001 2h late acme    accepted user Nem megy a nyomtató az emeleten"
    assert wide[2] == "1 ticket   ! 1 late   < 1 the customer waits   * 1 new to you"
    narrow = [plain(one) for one in queue_table.table(rows, NOW, ZONE, 40)]
    assert narrow[1] == "!<* #1001 -2h Nem megy a nyomtató az em…"


def test_column_that_says_the_same_everywhere_gives_way_to_one_that_does_not() -> None:
    rows = [row(owner="kata"), row(1002, owner="lead")]
    heads = plain(queue_table.table(rows, NOW, ZONE, 80, same=("company",))[0]).split()
    assert heads == ["N", "DUE", "PHASE", "OWNER", "SEV", "SUBJECT"]


# ------------------------------------------------------------------------------------------------ filters


def look(wanted: Filter, **more: Any) -> ResolvedFilter:
    given_: dict[str, Any] = {"viewer": "kata", "companies": ["acme", "northsea"], "teams": ["L1", "sales"],
                              "owners": ["former"]}  # fmt: skip
    return filters.looked(wanted, DESK, NOW, **(given_ | more))


ALL = (
    row(1, owner="kata", due=NOW - HOUR),
    row(2, waiting_since=NOW - 3 * HOUR, changed=NOW - HOUR / 2, severity="infrastructure"),
    row(
        3,
        company="northsea",
        team="sales",
        owner="former",
        phase="waiting_customer",
        kind="quote",
        unread=True,
    ),
)


@cases(
    ("words", "numbers"),
    [
        ("", [1, 2, 3]), ("--mine", [1]), ("--owner me", [1]), ("--late", [1]), ("--waiting", [2]), ("--unassigned", [2]),
        ("--unread", [3]), ("--company NORTHSEA", [3]), ("--company acme,northsea", [1, 2, 3]), ("--phase waiting", [3]),
        ("--phase acc,waiting", [1, 2, 3]), ("--team sales", [3]), ("--owner former", [3]), ("--kind quote", [3]),
        ("--severity infrastructure", [2]), ("--changed-since 1h", [2]), ("--changed-since=1h", [2]),
        ("--sort severity", [2, 1, 3]), ("--sort waiting", [2, 1, 3]), ("--sort number --limit 2", [1, 2]),
        ("--sort changed", [2, 1, 3]), ("--sort company", [1, 2, 3]), ("--team L1 --unassigned", [2]),
    ],
)  # fmt: skip
def test_filters(words: str, numbers: list[int]) -> None:
    assert [r.number for r in queue.shown(ALL, look(filters.parse(words)))] == numbers


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--phase wating", "did you mean waiting?"), ("--team L2x", "no team 'L2x'"), ("--owner kat", "did you mean kata?"),
        ("--kind incidnet", "did you mean incident?"), ("--severity high", "there are user, system, infrastructure"),
        ("--sort deu", "did you mean due?"), ("--changed-since soon", "is not a time"),
    ],
)  # fmt: skip
def test_name_that_is_not_known_is_refused_with_the_nearest(words: str, says: str) -> None:
    with pytest.raises(Refused) as error:
        look(filters.parse(words))
    assert says in str(error.value)


def test_unknown_company_is_not_found_and_mine_needs_somebody() -> None:
    with pytest.raises(NotFound, match=r"no company 'acm': did you mean acme\?"):
        look(filters.parse("--company acm"))
    with pytest.raises(Refused, match="cannot tell which agent you are"):
        look(filters.parse("--mine"), viewer="")


def test_view_of_the_configuration_and_what_is_typed_beside_it() -> None:
    assert filters.of_view("morning", DESK) == Filter(mine=True, sort="waiting")
    assert filters.over(filters.of_view("MORNING", DESK), Filter(late=True, sort="due")) == Filter(
        mine=True, late=True, sort="due"
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [("broken", "[views] broken = '--mnie': '--mnie' is not an option of list: did you mean --mine?"),
     ("open", "a quotation mark is not closed"), ("odd", "--limit 'x': write a number from 1"),
     ("mornign", "no view 'mornign': did you mean morning?"), ("all", "'-a' is not an option of list")],
)  # fmt: skip
def test_broken_view_names_itself_and_what_is_wrong(name: str, says: str) -> None:
    with pytest.raises(Refused) as error:
        filters.of_view(name, DESK)
    assert says in str(error.value)


def test_every_field_of_a_filter_is_an_option_of_list() -> None:
    from typer.main import get_command

    from maild.commands.app import app, load

    load("queue")
    command: Any = get_command(app)
    names = {option for p in command.commands["list"].params for option in p.opts if option.startswith("--")}
    assert {filters.option(f.name) for f in fields(Filter)} <= names


def test_every_order_sorts() -> None:
    for sort in Sort:
        assert len(queue.ordered(ALL, sort)) == len(ALL)
    with pytest.raises(Refused, match="cannot sort by 'x'"):
        queue.ordered(ALL, "x")


# --------------------------------------------------------------------------------------------------- next


def test_next_is_ones_own_then_the_unowned_of_ones_teams() -> None:
    own = row(1, owner="kata")
    free = row(2, due=NOW - HOUR)
    other = row(3, team="sales", due=NOW - 2 * HOUR)
    taken = row(4, owner="lead", due=NOW - 3 * HOUR)
    found = queue.next_of([taken, other, free, own], "kata", ("L1",), NOW)
    assert found is not None
    assert (found.row.number, found.why) == (1, "yours")
    found = queue.next_of([taken, other, free], "kata", ("L1",), NOW)
    assert found is not None
    assert (found.row.number, found.why) == (2, "late, nobody's yet, team L1")
    assert queue.next_of([taken, other], "kata", ("L1",), NOW) is None


@pytest.mark.parametrize(
    ("first", "why"),
    [
        ({"kind": "complaint"}, "a complaint, yours"),
        ({"due": NOW - HOUR}, "late, yours"),
        ({"due": NOW + HOUR / 2}, "due within the hour, yours"),
        ({"waiting_since": NOW - HOUR}, "the customer waits, yours"),
        ({"due": NOW - HOUR, "waiting_since": NOW - HOUR}, "late, the customer waits, yours"),
    ],
)
def test_what_presses_more_is_next_and_says_why(first: dict[str, Any], why: str) -> None:
    rows = [row(1, owner="kata", due=NOW + 5 * HOUR), row(2, owner="kata", **first)]
    found = queue.next_of(rows, "kata", ("L1",), NOW)
    assert found is not None
    assert (found.row.number, found.why) == (2, why)


def test_what_waits_for_others_is_passed_over_unless_the_customer_wrote_or_never_got_our_words() -> None:
    mine = partial(row, owner="kata")
    late: dict[str, Any] = {"due": NOW - HOUR}
    for waits in ("waiting_customer", "awaiting_approval", "resolved"):
        assert queue.next_of([mine(phase=waits)], "kata", (), NOW) is None
    for more in ({"waiting_since": NOW}, {"undelivered": True}):
        assert queue.next_of([mine(phase="waiting_customer", **more)], "kata", (), NOW) is not None
    # whose solution is due while they are waited for: the clock does not run
    assert queue.next_of([mine(phase="waiting_customer", **late)], "kata", (), NOW) is None
    assert queue.next_of([mine(phase="in_progress", **late)], "kata", (), NOW) is not None
    # the approver has to write, whoever waits
    assert queue.next_of([mine(phase="awaiting_approval", waiting_since=NOW)], "kata", (), NOW) is None

"""retention as an operator types it."""

from __future__ import annotations

from tests.unit.commands.conftest import TestDesk


def test_dry_run_counts_what_the_run_removes(desk: TestDesk) -> None:
    assert "nothing has an age" in desk.refused("retention")
    number = desk.mail("stranger@else.example", "Printer", "It burns at 12 Elm Street, says Stranger.")
    kept = desk.mail("anna@acme.example", "Screen", "It is dark.")
    for one in (number, kept):
        desk.run("close", str(one), "-m", "Done.")
    desk.later(days=400)
    desk.config.write_text(desk.config.read_text() + "[retention]\nmails_days = 365\npeople_days = 365\n")
    seen = {row["what"]: row["count"] for row in desk.run("retention", "--dry-run", "--json").rows}
    assert seen == {"bytes of mails": 2, "persons": 1}
    assert desk.run("mail", "show", "1", "--raw").out
    done = {row["what"]: row["count"] for row in desk.run("retention", "--json").rows}
    assert done == seen
    assert "erased" in desk.refused("mail", "show", "2", "--raw")
    assert "stranger" not in desk.run("show", str(number), "--json").out.lower()
    assert desk.show(kept)["requester"] == "anna@acme.example"
    assert desk.show(kept)["entries"][0]["text"] == "It is dark."
    assert {row["count"] for row in desk.run("retention", "--json").rows} == {0}

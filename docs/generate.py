"""Writes the generated tables into docs/*.md, between `<!-- table: NAME -->` and `<!-- end -->`, and the order of
the threading rules into config.toml.

`python docs/generate.py` writes, `--check` only compares and names the files that differ (make check).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

DOCS = Path(__file__).resolve().parent
MARKED = re.compile(r"(<!-- table: ([a-z_]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def markdown(head: tuple[str, ...], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown; bars in cells are escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += [
        "| " + " | ".join(str(c).replace("|", "\\|").replace("\n", " ") for c in row) + " |" for row in rows
    ]
    return "\n".join(lines) + "\n"


def arrows(name: str) -> Callable[[], str]:
    def table() -> str:
        from maild.ticket import phases

        found: dict[str, tuple[str, ...]] = getattr(phases, name)
        return markdown(
            ("from", "to"),
            ((f"`{a}`", " ".join(f"`{b}`" for b in to) or "(the end)") for a, to in found.items()),
        )

    return table


def threading_rules_table() -> str:
    import threading_rules

    return markdown(
        ("rule", "what it asks", "example"), ((f"`{n}`", d, e) for n, d, e in threading_rules.table())
    )


def guards() -> str:
    from maild.mail import guard

    return markdown(("guard", "says", "example"), ((f"`{n}`", d, f"`{e}`") for n, d, e in guard.table()))


def conditions() -> str:
    from maild.consent import conditions as c

    return markdown(("condition", "mode", "holds when"), ((f"`{n}`", m, d) for n, m, d in c.table()))


def notices() -> str:
    from maild.ticket.phases import PHASE_NOTICE

    return markdown(("phase", "mail"), ((f"`{p}`", f"`{n}`") for p, n in PHASE_NOTICE.items()))


def mails() -> str:
    """Every mail: when, to whom, what it says first, what its reader has to do, what it must not say."""
    from maild.notice.content import registry

    return markdown(
        ("mail", "when", "to", "says first", "the reader has to", "never says"),
        ((f"`{n}`", m.when, m.reader.value, m.first, m.todo, m.never) for n, m in registry().items()),
    )


def alerts() -> str:
    """What happens, and who of our own people hears of it."""
    from maild.ticket.alert_rules import RULES

    return markdown(
        ("`alert`", "when", "who is told", "`notices` may leave it out"),
        ((f"`{k}`", r.when, r.circle.value, "yes" if r.chosen else "no") for k, r in RULES.items()),
    )


def settings() -> str:
    """Every key of config.toml with its default and comment, in the order of the file."""
    from maild.config import shipped_path

    return markdown(("key", "default or example", "meaning"), keys_of(shipped_path()))


def companies() -> str:
    """Every key of companies.toml with an example and its comment."""
    return markdown(("key", "example", "meaning"), keys_of(DOCS.parent / "companies.toml"))


def keys_of(file: Path) -> list[tuple[str, str, str]]:
    """(key with its table, value, comment) of a TOML file, those that are commented out too, each once."""
    rows: dict[str, tuple[str, str, str]] = {}
    table = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        text = line.removeprefix("# ") if line.startswith("# ") else line
        head = re.match(r"\[\[?([a-z_.A-Z0-9]+)\]\]?", text)
        if head:
            table = head[1]
            continue
        found = re.match(r"([a-z_]+) = (.+?)(?:\s+#\s*(.*))?$", text)
        if found and table:
            key = f"`[{table}] {found[1]}`"
            rows.setdefault(key, (key, f"`{found[2].strip()}`", found[3] or ""))
    return list(rows.values())


def keys() -> str:
    """The keys of the full screen."""
    from maild.tui import keys as table

    return markdown(
        ("key", "what it does"),
        ((" ".join(f"`{k}`" for k in name.split()), what) for name, what in table.HELP),
    )


def verbs() -> str:
    """Every verb of the command line with its first line of help."""
    import typer
    from typer.models import CommandInfo

    from maild.commands.app import VERBS, app, load

    load()
    order = [verb for verbs in VERBS.values() for verb in verbs]

    def named(command: CommandInfo) -> str:
        assert command.callback is not None
        return command.name or command.callback.__name__.rstrip("_").replace("_", "-")

    def walk(group: typer.Typer, prefix: str) -> Iterable[tuple[str, str]]:
        commands = group.registered_commands
        if group is app:  # in the order of `maild --help`, whoever imported a verb's module before
            commands = sorted(commands, key=lambda command: order.index(named(command)))
        for command in commands:
            function, name = command.callback, named(command)
            assert function is not None
            line = (function.__doc__ or "").strip().splitlines()[0]
            yield f"`maild {prefix}{name}`", line.replace("\\[", "[")  # escaped for the terminal's markup
        for sub in group.registered_groups:
            assert sub.typer_instance is not None
            yield from walk(sub.typer_instance, f"{prefix}{sub.name} ")

    return markdown(("verb", "what it does"), walk(app, ""))


TABLES: dict[str, Callable[[], str]] = {
    "mails": mails,
    "alerts": alerts,
    "ticket_phases": arrows("TICKET"),
    "inbound_states": arrows("INBOUND"),
    "outbound_states": arrows("OUTBOUND"),
    "consent_states": arrows("CONSENT"),
    "hook_states": arrows("HOOK"),
    "phase_notices": notices,
    "threading_rules": threading_rules_table,
    "guards": guards,
    "conditions": conditions,
    "settings": settings,
    "companies": companies,
    "verbs": verbs,
    "keys": keys,
}


def filled(text: str) -> str:
    """`text` with every marked table as it is now."""
    return MARKED.sub(lambda m: m[1] + TABLES[m[2]]() + m[3], text)


def with_rules(text: str) -> str:
    """config.toml with the threading rules that run by default, in their one order."""
    import threading_rules

    names = ", ".join(f'"{name}"' for name in threading_rules.default_names())
    return re.sub(
        r"(?ms)(^\[threading\]$.*?^rules = )\[[^\]]*\]", lambda m: f"{m[1]}[{names}]", text, count=1
    )


def main(check: bool) -> int:
    differing = []
    written: list[tuple[Path, Callable[[str], str]]] = [(path, filled) for path in sorted(DOCS.glob("*.md"))]
    for path, make in [(DOCS.parent / "config.toml", with_rules), *written]:
        old = path.read_text(encoding="utf-8")
        new = make(old)
        if new != old:
            differing.append(path.name)
            if not check:
                path.write_text(new, encoding="utf-8")
    if check and differing:
        print(
            f"these differ from the tables in the code: {', '.join(differing)}; `make docs` writes them",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))

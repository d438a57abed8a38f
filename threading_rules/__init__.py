"""Threading rules: each says which ticket one kind of evidence points to, and why, or why none.

Rules are pure and all of them run on every mail; every verdict is stored. They only *find*: who may join
what is decided by `maild.app.thread` from the evidence's strength and the sender (SPEC's table).
`[threading] rules` in config.toml sets the order; this table is the default one. README.md: adding a rule.
"""

from __future__ import annotations

from threading_rules import bare_number, in_reply_to, references, reply_token, subject_tag, thread_index
from threading_rules.view import Rule, ThreadView

#: the first rule of this list that finds a ticket decides
ORDER: tuple[Rule, ...] = (
    Rule(reply_token.name, reply_token.description, reply_token.example, reply_token.check),
    Rule(in_reply_to.name, in_reply_to.description, in_reply_to.example, in_reply_to.check),
    Rule(references.name, references.description, references.example, references.check),
    Rule(thread_index.name, thread_index.description, thread_index.example, thread_index.check),
    Rule(subject_tag.name, subject_tag.description, subject_tag.example, subject_tag.check),
    Rule(bare_number.name, bare_number.description, bare_number.example, bare_number.check),
)

RULES: dict[str, Rule] = {rule.name: rule for rule in ORDER}


def table() -> list[tuple[str, str, str]]:
    """(name, description, example) of each rule in the default order: the docs' table is made of it."""
    return [(rule.name, rule.description, rule.example) for rule in ORDER]


__all__ = ["ORDER", "RULES", "Rule", "ThreadView", "table"]

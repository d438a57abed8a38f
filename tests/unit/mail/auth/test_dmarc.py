"""RFC 9989: the tree walk and what is aligned."""

from __future__ import annotations

import pytest

from maild.mail.auth.dmarc import aligned, names, record_of, walk, walk_domains
from maild.mail.auth.signatures import Answers

Texts = tuple[bytes, ...] | None


def answers(domain: str, **records: Texts) -> Answers:
    """Records by domain, with `_` for a dot; every other name of the walk has none."""
    found: dict[str, Texts] = dict.fromkeys(names(domain), ())
    return found | {f"_dmarc.{name.replace('_', '.')}": texts for name, texts in records.items()}


REJECT = (b"v=DMARC1; p=reject",)


def test_the_walk_goes_up_to_the_top_level() -> None:
    assert walk_domains("a.mail.acme.example") == (
        "a.mail.acme.example",
        "mail.acme.example",
        "acme.example",
        "example",
    )


def test_a_long_name_is_asked_at_most_eight_times() -> None:
    long = ".".join("abcdefghijkl") + ".example"
    assert len(walk_domains(long)) == 8
    assert walk_domains(long)[0] == long


def test_the_organisational_domain_is_the_highest_with_a_record() -> None:
    found = walk("a.mail.acme.example", answers("a.mail.acme.example", acme_example=REJECT))
    assert (found.organisational, found.temporary) == ("acme.example", False)
    assert found.policy is not None
    assert found.policy.policy == "reject"


def test_psd_n_ends_the_walk_and_psd_y_stands_one_below() -> None:
    stop = answers(
        "a.mail.acme.example", mail_acme_example=(b"v=DMARC1; p=none; psd=n",), acme_example=REJECT
    )
    assert walk("a.mail.acme.example", stop).organisational == "mail.acme.example"
    public = answers("a.shop.co.example", co_example=(b"v=DMARC1; p=none; psd=y",))
    assert walk("a.shop.co.example", public).organisational == "shop.co.example"


@pytest.mark.parametrize(
    "texts",
    [(), (b"v=spf1 -all",), (b"p=reject; v=DMARC1",), (b"v=DMARC1; p=a", b"v=DMARC1; p=b"), (b"v=DMARC2",)],
)
def test_anything_but_one_valid_record_is_none(texts: tuple[bytes, ...]) -> None:
    assert record_of("acme.example", texts) is None


@pytest.mark.parametrize(
    ("signing", "author", "ok"),
    [
        ("acme.example", "acme.example", True),
        ("acme.example", "mail.acme.example", True),
        ("mail.acme.example", "acme.example", False),  # a child
        ("news.acme.example", "mail.acme.example", False),  # a sibling
        ("example", "acme.example", False),  # above the organisational domain
        ("xacme.example", "acme.example", False),
        ("evil.example", "acme.example", False),
    ],
)
def test_the_from_domain_or_a_parent_within_the_organisation_is_aligned(
    signing: str, author: str, ok: bool
) -> None:
    assert aligned(signing, author, walk(author, answers(author, acme_example=REJECT))) is ok


def test_strict_alignment_takes_the_very_domain_only() -> None:
    found = walk(
        "mail.acme.example", answers("mail.acme.example", acme_example=(b"v=DMARC1; p=none; adkim=s",))
    )
    assert not aligned("acme.example", "mail.acme.example", found)
    assert aligned("mail.acme.example", "mail.acme.example", found)


def test_a_silent_dns_makes_it_uncertain_and_only_the_very_domain_aligned() -> None:
    found = walk("mail.acme.example", answers("mail.acme.example", acme_example=None))
    assert found.temporary
    assert not aligned("acme.example", "mail.acme.example", found)
    assert aligned("mail.acme.example", "mail.acme.example", found)


@pytest.mark.parametrize(
    ("author", "records", "says"),
    [
        ("acme.example", {"acme_example": REJECT}, "reject"),
        ("acme.example", {"acme_example": (b"v=DMARC1; p=none; sp=reject",)}, "none"),
        ("news.acme.example", {"acme_example": (b"v=DMARC1; p=none; sp=reject",)}, "reject"),
        ("news.acme.example", {"acme_example": (b"v=DMARC1; p=reject; sp=none",)}, "none"),
        ("news.acme.example", {"acme_example": (b"v=DMARC1; p=reject; sp=nonsense",)}, "reject"),
        ("acme.example", {}, ""),
        ("acme.example", {"acme_example": None}, "unknown"),
        ("news.acme.example", {"news_acme_example": None, "acme_example": REJECT}, "reject"),
        ("news.acme.example", {"news_acme_example": None, "acme_example": (b"v=DMARC1; p=none",)}, "unknown"),
        ("acme.example", {"acme_example": (b"v=DMARC1; p=none",), "example": None}, "none"),
    ],
)
def test_what_is_published_of_a_domain_or_cannot_be_told(
    author: str, records: dict[str, tuple[bytes, ...] | None], says: str
) -> None:
    """RFC 9989, section 4.7: sp= is for sub-domains that publish nothing themselves."""
    assert walk(author, answers(author, **records)).says == says


def test_a_parent_speaks_for_nobody_where_a_domain_up_to_it_is_silent() -> None:
    """It may say adkim=s or psd=; what lies above the parent may be as silent as it likes."""
    names = {"mail_acme_example": None, "acme_example": REJECT}
    found = walk("mail.acme.example", answers("mail.acme.example", **names))
    assert not aligned("acme.example", "mail.acme.example", found)
    above = walk("mail.acme.example", answers("mail.acme.example", acme_example=REJECT, example=None))
    assert aligned("acme.example", "mail.acme.example", above)

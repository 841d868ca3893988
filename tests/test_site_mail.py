"""The digest: a mail that any reader can open, text of 72 columns, nothing fetched, poison inert."""

from __future__ import annotations

import email
import email.policy
import re

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrace.errors import ConfigError
from openrace.site.digest_mail import (
    COLUMNS,
    digest_html,
    digest_mail,
    digest_text,
    width,
    wrap,
)
from openrace.site.reader_text import clean
from site_editions import Whole, hostile_edition, make_edition, morning


@pytest.fixture(scope="module", params=["plain", "hostile"])
def edition(request: pytest.FixtureRequest) -> Whole:
    return make_edition(40) if request.param == "plain" else hostile_edition()


def test_text_keeps_to_its_columns(edition: Whole) -> None:
    for line in digest_text(morning(edition)).splitlines():
        assert width(line) <= COLUMNS or line.strip().startswith("http"), line


def test_text_has_no_control_characters(edition: Whole) -> None:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", digest_text(morning(edition)))


def test_html_fetches_nothing_and_runs_nothing(edition: Whole) -> None:
    document = lxml.html.document_fromstring(digest_html(morning(edition)).encode())
    assert not document.xpath("//script|//img|//link|//style|//iframe|//@src|//@background")
    assert all(link.startswith(("http://", "https://")) for link in document.xpath("//@href"))
    assert not [name for e in document.iter() for name in getattr(e, "attrib", ()) if name.startswith("on")]


def test_mail_has_both_forms_and_headers(edition: Whole) -> None:
    sent = digest_mail(
        morning(edition), sender="Observatory <o@x.example>", recipient="a@b.example"
    ).as_bytes()
    assert max(map(len, sent.splitlines())) <= 998  # RFC 5322
    mail = email.message_from_bytes(sent, policy=email.policy.default)
    assert not mail.defects
    assert (mail["To"], mail["From"]) == ("a@b.example", "Observatory <o@x.example>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.isoformat() == "2026-11-21T04:00:00+00:00"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    plain = mail.get_body(("plain",))
    assert plain.get_content().replace("\r\n", "\n") == digest_text(morning(edition))


def test_the_same_morning_is_the_same_mail() -> None:
    made = [
        digest_mail(morning(make_edition(9)), sender="o@x.example", recipient="a@b.example").as_bytes()
        for _ in "12"
    ]
    assert made[0] == made[1]


@pytest.mark.parametrize("address", ["", "nobody", "a@b.example\nBcc: c@d.example", "a b@c", "<>"])
def test_a_bad_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match="is not a mail address"):
        digest_mail(morning(Whole()), sender="o@x.example", recipient=address)


def test_an_empty_morning_says_so() -> None:
    assert "Nothing has been reported yet." in digest_text(morning(Whole()))


def test_a_digest_of_an_older_day_says_so() -> None:
    assert "This is the latest day with reports." in digest_text(
        morning(make_edition(5), "2027-03-01T04:00:00Z")
    )


@given(st.text(max_size=400), st.sampled_from(["", "  "]))
def test_wrapping_keeps_every_word(text: str, indent: str) -> None:
    lines = list(wrap(text, indent))
    assert all(width(line) <= COLUMNS for line in lines)
    assert all(line.startswith(indent) for line in lines)
    kept = "".join("".join(lines).split())
    assert kept == "".join(clean(text).split())

"""The head of each mail that openrace writes: addresses checked, the same mail with the same Message-ID."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from openrace.errors import ConfigError


def new_mail(subject: str, *, sender: str, recipient: str, when: str, key: str) -> EmailMessage:
    """Return a mail without a body, written at the instant `when`; `key` makes its Message-ID.

    Raises ConfigError for a bad address.
    """
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"], mail["To"] = _address(sender), _address(recipient)
    mail["Date"] = format_datetime(datetime.fromisoformat(when))
    mail["Message-ID"] = f"<{key}@openrace.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    return mail


def _address(text: str) -> Address:
    """Return `text` (``a@b.example`` or ``Name <a@b.example>``) as a header's address."""
    name, plain = parseaddr(text)
    try:
        if not text.isprintable():
            raise ValueError("it has a control character")
        return Address(display_name=name, addr_spec=plain)
    except (ValueError, IndexError) as error:
        raise ConfigError(repr(text), "is not a mail address", "use name@host.example") from error

"""Sending to a mail server or a webhook, each within its own deadline.

Errors are reported without the address, the token or what the other side answered: these may be secret.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import httpx

from openrace import __version__
from openrace.errors import ConfigError, InputError

DEADLINE = 20.0  # seconds for one delivery, whatever the other side does
_PORTS = {"smtp": 25, "smtps": 465}
_LOOPBACK = (
    "localhost",
    "127.0.0.1",
    "::1",
)  # what is said there leaves the machine no earlier than its mail


class DeliveryError(InputError):
    """A receiver that did not take a delivery; the next night tries it again."""


class MailServer(NamedTuple):
    """Where mail goes out. `smtp` begins TLS where the server offers it; a password goes only through TLS."""

    host: str = "localhost"
    port: int = 25
    tls: bool = False  # from the first byte: smtps
    user: str | None = None
    password: str | None = None

    @classmethod
    def parse(cls, address: str, password: str | None = None) -> MailServer:
        """Return the server at ``smtp://user@host:587`` or ``smtps://…``. Raises ConfigError."""
        try:
            parts = urlsplit(address)
            port = parts.port or _PORTS[parts.scheme]
        except (ValueError, KeyError):
            parts, port = urlsplit(""), 0
        if not parts.hostname or parts.password:
            raise ConfigError("OPENRACE_SMTP", "is not understood", "write smtp://user@host:587, no password")
        user = unquote(parts.username) if parts.username else None
        return cls(parts.hostname, port, parts.scheme == "smtps", user, password)


def post_json(
    address: str,
    payload: Mapping[str, Any],
    *,
    key: str,
    token: str | None = None,
    deadline: float = DEADLINE,
) -> None:
    """Post `payload`; by `key` (Idempotency-Key) a receiver knows what it has had already.

    Raises DeliveryError for everything but a 2xx answer. Redirects are not followed: the address is a secret.
    """
    headers = {"Idempotency-Key": key, "User-Agent": f"openrace/{__version__}"}
    if token:
        headers["Authorization"] = f"Bearer {token}"

    def work() -> None:
        response = httpx.post(address, json=payload, headers=headers, timeout=deadline, trust_env=False)
        if not response.is_success:
            raise DeliveryError("webhook", f"answered {response.status_code}")

    _within(deadline, "webhook", work)


def send_mail(server: MailServer, mail: EmailMessage, *, deadline: float = DEADLINE) -> None:
    """Hand `mail` to the server. Raises DeliveryError."""
    _within(deadline, "mail server", lambda: _hand_over(server, mail, deadline))


def _hand_over(server: MailServer, mail: EmailMessage, deadline: float) -> None:
    context = ssl.create_default_context()
    if server.tls:
        client: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=deadline, context=context)
    else:
        client = smtplib.SMTP(server.host, server.port, timeout=deadline)
    with client:
        client.ehlo()
        secure = server.tls or server.host in _LOOPBACK
        if not secure and client.has_extn("starttls"):
            client.starttls(context=context)
            secure = True
        if server.user and server.password:
            if not secure:
                raise DeliveryError("mail server", "offers no TLS, and the password is not sent without")
            client.login(server.user, server.password)
        client.send_message(mail)


def _within(seconds: float, who: str, work: Callable[[], None]) -> None:
    """Do `work`, waiting so long at most: a peer that sends a byte a second breaks no other timeout."""
    ended: list[Exception | None] = []

    def run() -> None:
        try:
            work()
        except Exception as error:
            ended.append(error)
        else:
            ended.append(None)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not ended:
        raise DeliveryError(who, f"did not answer within {seconds:g} s")
    if ended[0] is not None:
        raise _as_delivery_error(who, ended[0]) from None  # the cause may carry the address


def _as_delivery_error(who: str, error: Exception) -> DeliveryError:
    """Return what went wrong without what the other side, or the library, says of it."""
    match error:
        case DeliveryError():
            return error
        case smtplib.SMTPResponseException():
            problem = f"answered {error.smtp_code}"
        case smtplib.SMTPRecipientsRefused():
            problem = "refused the recipient"
        case TimeoutError() | httpx.TimeoutException():
            problem = "did not answer in time"
        case OSError() | smtplib.SMTPException() | httpx.HTTPError() | httpx.InvalidURL():
            problem = "cannot be reached"
        case _:
            problem = f"a bug, please report it: {type(error).__name__}"
    return DeliveryError(who, problem)

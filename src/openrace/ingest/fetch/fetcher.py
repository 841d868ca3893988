"""One safe fetch: whatever the other side does, it ends in time, in bounded memory, on the public internet.

The client is httpx's, on the transport of `transport.py`, which reaches public addresses only. It keeps no
cookies and reads no proxy settings; redirects are followed here, hop by hop, and `decompress.py` bounds what
a body unpacks to.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Literal, NamedTuple, Self

import httpcore
import httpx

from openrace import __version__
from openrace.errors import InputError
from openrace.ingest.fetch.decompress import ACCEPTED, DecodingError, decompress
from openrace.ingest.fetch.public_addresses import Network
from openrace.ingest.fetch.transport import (
    CheckedNetwork,
    ForbiddenAddressError,
    Resolve,
    Transport,
    UnknownNameError,
    system_resolve,
)
from openrace.ingest.urls import absolute_url

FailureKind = Literal["temporary", "soft", "hard"]
Permit = Callable[[str], Awaitable[None]]

MAX_REDIRECTS = 5
MAX_BYTES = 16 << 20  # of a body, packed and unpacked: the largest of our 112 feeds has 5 MB
TRY_LATER = {408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524}
MOVED = {301: True, 302: False, 303: False, 307: False, 308: True}  # status → for good


class FetchError(InputError):
    """A fetch that brought nothing. Expected; the crawl goes on.

    `kind`: "temporary" may be well in a minute (timeouts, resets, 5xx, 429); "soft" is not before
    tomorrow (403, 404, certificates, robots.txt); "hard" is the server's last word (410) or ours (a
    private address). `retry_after` is in seconds, as the server asked.
    """

    def __init__(
        self,
        url: str,
        problem: str,
        kind: FailureKind,
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(url, problem)
        self.kind: FailureKind = kind
        self.status = status
        self.retry_after = retry_after


class UnresolvedHostError(FetchError):
    """The name of the host has no address: it is gone, or this machine is offline."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(url, problem, "temporary")


class Hop(NamedTuple):
    """One redirect: where to, and whether for good (301, 308)."""

    url: str
    permanent: bool


@dataclass(frozen=True)
class Response:
    """What came: `status` is 200 to 299, or 304 for a conditional request; header names are lower case."""

    url: str  # the last hop's
    status: int
    headers: Mapping[str, str]
    body: bytes
    hops: tuple[Hop, ...] = ()
    seconds: float = 0.0  # until the last hop's headers came: the server's own speed

    @property
    def content_type(self) -> str | None:
        return self.headers.get("content-type")

    @property
    def moved_for_good(self) -> str | None:
        """Where the address has moved to, if every hop says that it is for good."""
        return self.hops[-1].url if self.hops and all(hop.permanent for hop in self.hops) else None


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes after which a fetch is given up."""

    connect: float = 10.0
    read: float = 20.0  # between two pieces
    total: float = 60.0  # all hops together, waiting for a turn left out
    size: int = MAX_BYTES


def user_agent(contact: str | None = None) -> str:
    """Return our User-Agent; `contact` is where the operator of a site can reach whoever runs this."""
    return f"openrace/{__version__} (news quotation observatory; {contact or 'contact not given'})"


class Fetcher:
    """Fetches within `limits`; an async context manager.

    `allowed` networks are reached although they are not public (an intranet, tests). `resolve` knows the
    network's names, `now` is the wall clock, `trust` the certificates that are believed.
    """

    def __init__(
        self,
        *,
        agent: str,
        now: Callable[[], datetime],
        limits: Limits | None = None,
        allowed: Iterable[Network] = (),
        resolve: Resolve | None = None,
        connections: int = 40,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.agent = agent
        self._limits = limits or Limits()
        self._now = now
        pool = httpcore.AsyncConnectionPool(
            ssl_context=trust or httpcore.default_ssl_context(),
            max_connections=connections,
            max_keepalive_connections=connections // 2,
            keepalive_expiry=10.0,
            network_backend=CheckedNetwork(tuple(allowed), resolve or system_resolve),
        )
        no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))
        self._client = httpx.AsyncClient(transport=Transport(pool), cookies=no_cookies, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        modified: str | None = None,
        permit: Permit | None = None,
    ) -> Response:
        """Return the page at `url`, through at most five redirects; raises FetchError.

        With `etag` or `modified` (a Last-Modified) the request is conditional (RFC 9110, 13.1). `permit`
        is awaited before every hop, and may raise or wait.
        """
        conditions = {"if-none-match": etag, "if-modified-since": modified}
        headers = {name: value for name, value in conditions.items() if value}
        hops: list[Hop] = []
        spent = 0.0
        target = _checked_url(url, None)
        while True:
            if permit:
                await permit(target)
            started = time.monotonic()
            page = await self._within(self._limits.total - spent, target, headers)
            spent += time.monotonic() - started
            if page.status not in MOVED or "location" not in page.headers:
                return self._accepted(url, page, tuple(hops), conditional=bool(headers))
            target = self._next_hop(url, page, hops)

    def _next_hop(self, url: str, page: Response, hops: list[Hop]) -> str:
        target = _checked_url(page.headers["location"], page.url)
        if target in (page.url, *(hop.url for hop in hops)):
            raise FetchError(url, "redirects in a circle", "soft", status=page.status)
        hops.append(Hop(target, MOVED[page.status]))
        if len(hops) > MAX_REDIRECTS:
            raise FetchError(url, f"redirects more than {MAX_REDIRECTS} times", "soft", status=page.status)
        return target

    async def _within(self, seconds: float, url: str, headers: dict[str, str]) -> Response:
        """One request; every way in which it can fail becomes a FetchError."""
        try:
            async with asyncio.timeout(max(seconds, 0.001)):
                return await self._request(url, headers)
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise FetchError(url, "did not answer in time", "temporary") from error
        except DecodingError as error:
            raise FetchError(url, str(error), "soft") from error
        except (ForbiddenAddressError, httpx.InvalidURL) as error:
            raise FetchError(url, str(error), "hard") from error
        except UnknownNameError as error:
            raise UnresolvedHostError(url, str(error)) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise _connection_failure(url, error) from error

    async def _request(self, url: str, headers: dict[str, str]) -> Response:
        limits = self._limits
        timeouts = {
            "connect": limits.connect,
            "read": limits.read,
            "write": limits.read,
            "pool": limits.total,
        }
        asked = {"user-agent": self.agent, "accept-encoding": ACCEPTED, "accept": "*/*"} | headers
        request = httpx.Request(
            "GET",
            url,
            headers=httpx.Headers([("host", _netloc(url)), *asked.items()], encoding="latin-1"),
            extensions={"timeout": timeouts, "target": _target(url)},
        )
        started = time.monotonic()
        async with aclosing(await self._client.send(request, stream=True)) as response:
            seconds = time.monotonic() - started
            received = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers.raw}
            packed = b"" if response.status_code in MOVED else await self._read(response)
        body = decompress(packed, received.get("content-encoding", ""), limits.size) if packed else b""
        return Response(url, response.status_code, received, body, seconds=seconds)

    async def _read(self, response: httpx.Response) -> bytes:
        pieces, size = [], 0
        async for piece in response.aiter_raw():
            size += len(piece)
            if size > self._limits.size:
                raise DecodingError(f"is larger than {self._limits.size >> 20} MB", too_large=True)
            pieces.append(piece)
        return b"".join(pieces)

    def _accepted(self, url: str, page: Response, hops: tuple[Hop, ...], *, conditional: bool) -> Response:
        status = page.status
        if 200 <= status < 300 or (status == 304 and conditional):
            return Response(page.url, status, page.headers, page.body, hops, page.seconds)
        kind: FailureKind = "temporary" if status in TRY_LATER else "hard" if status == 410 else "soft"
        retry_after = self._retry_after(page.headers.get("retry-after"))
        raise FetchError(url, f"answered {status}", kind, status=status, retry_after=retry_after)

    def _retry_after(self, value: str | None) -> float | None:
        """Return the seconds to wait, given as seconds or as a date (RFC 9110, 10.2.3)."""
        if not value:
            return None
        if value.strip().isdigit():
            return float(value)
        try:
            when = parsedate_to_datetime(value)
        except ValueError:
            return None
        return max(0.0, (when.astimezone(UTC) - self._now()).total_seconds())


def _checked_url(url: str, base: str | None) -> str:
    found = absolute_url(url, base)
    if found is None:
        raise FetchError(base or url, f"leads to {url[:80]!r}, which is no web address", "hard")
    return found


def _netloc(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def _target(url: str) -> bytes:
    """Path and query as they stand in `url`: httpx would escape some characters anew."""
    return b"/" + url.partition("://")[2].partition("/")[2].encode("ascii")


def _connection_failure(url: str, error: BaseException) -> FetchError:
    """Return the failure of a connection: "soft" for a bad certificate, "temporary" for all else."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return FetchError(url, f"has no valid certificate: {cause.verify_message}", "soft")
        cause = cause.__cause__ or cause.__context__
    words = str(error).partition("(_ssl.c")[0].strip() or type(error).__name__
    return FetchError(url, f"broke off: {words}", "temporary")

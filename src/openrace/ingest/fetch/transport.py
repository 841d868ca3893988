"""The way of a request to the public internet, and nowhere else.

httpx's engine, httpcore, has in its network backend the public place where a name becomes an address. Ours
checks there, so the address that was checked is the very one that is connected to, on every hop (a name that
answers otherwise a moment later changes nothing), while TLS goes on verifying the name.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx

from openrace.ingest.fetch.public_addresses import Address, Network, is_public

Resolve = Callable[[str, int], Awaitable[list[str]]]


async def system_resolve(host: str, port: int) -> list[str]:
    """Return the addresses that the operating system knows for `host`."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class UnknownNameError(Exception):
    """A name led to no address at all."""


class ForbiddenAddressError(Exception):
    """A name led to addresses that are not public."""


@dataclass
class Transport(httpx.AsyncBaseTransport):
    """Carries httpx's requests over `pool`; httpcore's errors pass as they are, the fetcher knows them."""

    pool: httpcore.AsyncConnectionPool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        response = await self.pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port),
                headers=request.headers.raw,
                extensions=request.extensions,  # the target among them
            )
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Pieces(response))

    async def aclose(self) -> None:
        await self.pool.aclose()


@dataclass
class _Pieces(httpx.AsyncByteStream):
    """A body as it arrives, still packed."""

    response: httpcore.Response

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.response.aiter_stream()

    async def aclose(self) -> None:
        await self.response.aclose()


@dataclass
class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to public addresses only, and to the very one that was checked."""

    allowed: tuple[Network, ...]
    resolve: Resolve
    inner: httpcore.AsyncNetworkBackend = field(default_factory=httpcore.AnyIOBackend)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return the first address of `host` that answers; forbidden ones are never tried."""
        failure: Exception | None = None
        for address in await self._public_addresses(host, port):
            try:
                return await self.inner.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def _public_addresses(self, host: str, port: int) -> list[Address]:
        try:
            texts = await self.resolve(host.strip("[]"), port)
        except (OSError, UnicodeError) as error:  # the latter for what is no name: an empty label, a long one
            raise UnknownNameError(f"cannot resolve host {host} (DNS)") from error
        found = [ipaddress.ip_address(text.partition("%")[0]) for text in dict.fromkeys(texts)]
        public = [address for address in found if is_public(address, self.allowed)]
        if found and not public:
            raise ForbiddenAddressError(f"leads to {found[0]}, which is not on the public internet")
        return public

    async def sleep(self, seconds: float) -> None:
        await self.inner.sleep(seconds)

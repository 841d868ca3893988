"""A web server on loopback that misbehaves on purpose: real sockets, raw bytes, every request remembered.

    async with Site({"/feed": Reply(body=b"<rss>…")}) as site:
        page = await fetcher.fetch(site.url("/feed"))
        assert site.asked == ["/feed"]

A route is a Reply, a list of them (one after the other, the last again and again), or a coroutine function
that gets the Request and may write to the connection itself, returning None.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

BAD_CERTIFICATE = Path(__file__).with_name("bad-tls.pem")


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        headers = {"content-length": str(len(self.body))} | {k.lower(): v for k, v in self.headers.items()}
        lines = [f"HTTP/1.1 {self.status} Status", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if self.status == 304 else self.body)


@dataclass(frozen=True)
class Request:
    target: str
    headers: dict[str, str]
    writer: asyncio.StreamWriter

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def host(self) -> str:
        return self.headers.get("host", "").partition(":")[0]

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


Handler = Callable[[Request], Awaitable[Reply | None]]
Route = Reply | list[Reply] | Handler


class Site:
    """Routes by path, or by ``host/path`` where one server plays many names."""

    def __init__(self, routes: dict[str, Route], *, tls: bool = False) -> None:
        self.routes = routes
        self.requests: list[Request] = []
        self._tls = tls
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        context = None
        if self._tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(BAD_CERTIFICATE)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    @property
    def asked(self) -> list[str]:
        """The targets asked for, robots.txt left out."""
        return [request.target for request in self.requests if request.path != "/robots.txt"]

    def count(self, path: str) -> int:
        return sum(request.path == path for request in self.requests)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while request := await _read_request(reader, writer):
                self.requests.append(request)
                reply = await self._reply(request)
                if reply is None:
                    return
                await request.send(reply.encode())
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _reply(self, request: Request) -> Reply | None:
        route = self.routes.get(f"{request.host}{request.path}", self.routes.get(request.path, Reply(404)))
        if isinstance(route, list):
            return route.pop(0) if len(route) > 1 else route[0]
        return route if isinstance(route, Reply) else await route(request)


async def _read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
    }
    return Request(first.split(" ")[1], headers, writer)

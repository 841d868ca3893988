"""The safe fetch against a server that plays everything that the web does to a crawler."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import re
import socket
import ssl
import struct
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from loopback.site import BAD_CERTIFICATE, Reply, Request, Route, Site
from openrace.ingest.fetch.decompress import DecodingError, decompress
from openrace.ingest.fetch.fetcher import Fetcher, FetchError, Limits, Response
from openrace.ingest.fetch.public_addresses import is_public
from openrace.ingest.fetch.transport import system_resolve

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
NOW = datetime(2025, 5, 19, 10, tzinfo=UTC)
PATIENT = Limits(connect=10, read=10, total=20, size=1 << 20)
QUICK = Limits(connect=10, read=0.3, total=0.8, size=1 << 20)  # for servers that never answer


def fetch(
    routes: dict[str, Route],
    path: str = "/",
    *,
    tls: bool = False,
    limits: Limits = PATIENT,
    **options: object,
) -> Response:
    """One fetch of `path` from a site with these routes."""

    async def run() -> Response:
        async with Site(routes, tls=tls) as site, a_fetcher(limits=limits) as fetcher:
            return await fetcher.fetch(site.url(path), **options)  # type: ignore[arg-type]

    return asyncio.run(run())


def a_fetcher(**options: object) -> Fetcher:
    settings = {
        "agent": "openrace-test",
        "limits": PATIENT,
        "allowed": LOOPBACK,
        "now": lambda: NOW,
    } | options
    return Fetcher(**settings)  # type: ignore[arg-type]


def failure(routes: dict[str, Route], path: str = "/", **options: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch(routes, path, **options)  # type: ignore[arg-type]
    return caught.value


def raw(data: bytes, *, then: str = "close") -> Callable[[Request], Awaitable[None]]:
    """A handler that sends just these bytes, then closes, resets or hangs."""

    async def handler(request: Request) -> None:
        await request.send(data)
        if then == "hang":
            await asyncio.sleep(60)
        if then == "reset":
            connection = request.writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return handler


# -- what is well -----------------------------------------------------------------------------------


def test_a_page_comes_with_its_status_headers_and_body() -> None:
    page = fetch({"/": Reply(body=b"hello", headers={"ETag": '"1"', "Content-Type": "text/plain"})})
    assert (page.status, page.body, page.content_type, page.headers["etag"]) == (
        200,
        b"hello",
        "text/plain",
        '"1"',
    )


def test_we_say_who_we_are_and_send_no_cookies_back() -> None:
    async def run() -> list[Request]:
        site = Site({"/": Reply(headers={"Set-Cookie": "id=1"})})
        async with site, a_fetcher(agent="openrace/1 (desk@paper.example)") as fetcher:
            await fetcher.fetch(site.url("/"))
            await fetcher.fetch(site.url("/"))
        return site.requests

    for request in asyncio.run(run()):
        assert request.headers["user-agent"] == "openrace/1 (desk@paper.example)"
        assert "cookie" not in request.headers


def test_what_did_not_change_costs_one_empty_answer() -> None:
    async def unless_known(request: Request) -> Reply:
        known = (request.headers.get("if-none-match"), request.headers.get("if-modified-since"))
        return Reply(304, headers={"ETag": '"2"'}) if known == ('"1"', "yesterday") else Reply(body=b"new")

    page = fetch({"/": unless_known}, etag='"1"', modified="yesterday")
    assert (page.status, page.body, page.headers["etag"]) == (304, b"", '"2"')
    assert fetch({"/": unless_known}).body == b"new"


def test_a_state_goes_back_byte_for_byte() -> None:
    page = fetch({"/": Reply(headers={"ETag": '"é"'})})
    tag = page.headers["etag"]

    async def unless_known(request: Request) -> Reply:
        return Reply(304 if request.headers.get("if-none-match") == tag else 200)

    assert fetch({"/": unless_known}, etag=tag).status == 304


@pytest.mark.parametrize("target", ["/a//b?q='x'|[y]&%20=+&u=http://x/y?z", "/%zz;(c)[d]", "/?a", "/?a=%e9"])
def test_a_page_is_asked_for_as_its_address_is_spelled(target: str) -> None:
    async def run() -> list[str]:
        site = Site({"/": Reply(), "/a//b": Reply(), "/%zz;(c)[d]": Reply()})
        async with site, a_fetcher() as fetcher:
            await fetcher.fetch(site.url(target))
        return site.asked

    assert asyncio.run(run()) == [target]


def test_a_304_that_nobody_asked_for_is_a_failure() -> None:
    assert failure({"/": Reply(304)}).status == 304


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda plain: brotli.compress(plain, quality=4),
    "zstd": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("coding", PACKERS)
def test_bodies_are_unpacked(coding: str) -> None:
    packed = PACKERS[coding](b"hello " * 100)
    assert fetch({"/": Reply(body=packed, headers={"Content-Encoding": coding})}).body == b"hello " * 100


@given(st.binary(max_size=3000), st.lists(st.sampled_from(sorted(PACKERS)), max_size=3))
def test_unpacking_undoes_packing(plain: bytes, codings: list[str]) -> None:
    packed = plain
    for coding in codings:
        packed = PACKERS[coding](packed)
    assert decompress(packed, ", ".join(codings), 1 << 20) == plain


@given(st.binary(max_size=300), st.sampled_from(sorted(PACKERS)))
def test_what_is_no_packed_body_is_refused_or_bounded(junk: bytes, coding: str) -> None:
    try:
        assert len(decompress(junk, coding, 1000)) <= 1000
    except DecodingError as error:
        assert coding in str(error) or error.too_large  # noqa: PT017  either outcome is right


def test_raw_deflate_is_understood_too() -> None:
    packer = zlib.compressobj(wbits=-15)
    assert decompress(packer.compress(b"hello") + packer.flush(), "deflate", 100) == b"hello"


# -- redirects --------------------------------------------------------------------------------------


def to(path: str, status: int) -> Reply:
    return Reply(status, headers={"Location": path})


@pytest.mark.parametrize(
    ("status", "for_good"), [(301, True), (308, True), (302, False), (303, False), (307, False)]
)
def test_redirects_are_followed_and_told(status: int, for_good: bool) -> None:
    page = fetch({"/": to("/new?x=1#top", status), "/new": Reply(body=b"here")})
    assert page.body == b"here"
    assert page.url.endswith("/new?x=1")
    assert (page.moved_for_good is not None) is for_good


def test_a_move_for_good_must_be_one_on_every_hop() -> None:
    page = fetch({"/": to("/b", 301), "/b": to("/c", 302), "/c": Reply()})
    assert [hop.permanent for hop in page.hops] == [True, False]
    assert page.moved_for_good is None


def test_five_redirects_are_followed_and_a_sixth_is_not() -> None:
    routes: dict[str, Route] = {f"/{n}": to(f"/{n + 1}", 302) for n in range(9)}
    assert fetch(routes | {"/5": Reply(body=b"5")}, "/0").body == b"5"
    assert "more than 5 times" in str(failure(routes, "/0"))


@pytest.mark.parametrize("target", ["/", "/other"])
def test_a_circle_is_noticed(target: str) -> None:
    assert "in a circle" in str(failure({"/": to(target, 302), "/other": to("/", 302)}))


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://a.example/", "javascript:alert(1)", "http://["]
)
def test_a_redirect_leads_to_the_web_or_nowhere(target: str) -> None:
    assert failure({"/": to(target, 302)}).kind == "hard"


def test_every_hop_asks_for_permission() -> None:
    asked: list[str] = []

    async def permit(url: str) -> None:
        asked.append(url.rpartition("/")[2])
        if url.endswith("/c"):
            raise FetchError(url, "not today", "soft")

    assert "not today" in str(
        failure({"/a": to("/b", 302), "/b": to("/c", 302), "/c": Reply()}, "/a", permit=permit)
    )
    assert asked == ["a", "b", "c"]


# -- addresses --------------------------------------------------------------------------------------

NOT_PUBLIC = (
    "127.0.0.1 127.8.8.8 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 192.0.2.1",
    "198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 ::1 :: fe80::1 fc00::1 fd00:ec2::254 ff02::1 2001:db8::1",
    "::ffff:127.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::a00:1 2002:7f00:1::",
    "fec0::1",
)


@pytest.mark.parametrize("address", " ".join(NOT_PUBLIC).split())
def test_an_address_that_is_not_public_is_known(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_an_address_that_is_public_is_too(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_nothing_private_is_reached_unless_it_is_allowed() -> None:
    async def run(allowed: tuple[object, ...]) -> tuple[str, int]:
        async with Site({"/": Reply(body=b"secret")}) as site, a_fetcher(allowed=allowed) as fetcher:
            try:
                return (await fetcher.fetch(site.url("/"))).body.decode(), len(site.requests)
            except FetchError as error:
                return f"{error.kind}: {error.problem}", len(site.requests)

    assert asyncio.run(run(LOOPBACK)) == ("secret", 1)
    refused = "hard: leads to 127.0.0.1, which is not on the public internet"
    assert asyncio.run(run(())) == (refused, 0)


def test_a_redirect_to_a_private_address_is_refused() -> None:
    error = failure({"/": to("http://169.254.169.254/latest/meta-data/", 302)})
    assert (error.kind, "169.254.169.254" in error.problem) == ("hard", True)


def test_a_name_that_answers_otherwise_a_moment_later_changes_nothing() -> None:
    """What is checked is what is connected to: there is no second look-up that could say another address."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])
    asked: list[str] = []

    async def fickle(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    async def run() -> tuple[bytes, str]:
        async with Site({"/": Reply(body=b"first")}) as site, a_fetcher(resolve=fickle) as fetcher:
            first = await fetcher.fetch(site.url("/", host="rebind.example"))
            site.routes["/"] = Reply(headers={"Connection": "close"})
            await fetcher.fetch(site.url("/", host="rebind.example"))
            with pytest.raises(FetchError) as caught:
                await fetcher.fetch(site.url("/", host="rebind.example"))
            return first.body, caught.value.problem

    body, problem = asyncio.run(run())
    assert body == b"first"
    assert "10.0.0.1" in problem
    assert asked == ["rebind.example"] * 2


def test_of_a_name_with_both_kinds_of_address_only_the_public_ones_are_tried() -> None:
    async def both(host: str, port: int) -> list[str]:
        return ["10.0.0.1", "127.0.0.1"]

    async def run() -> bytes:
        async with Site({"/": Reply(body=b"public")}) as site, a_fetcher(resolve=both) as fetcher:
            return (await fetcher.fetch(site.url("/", host="both.example"))).body

    assert asyncio.run(run()) == b"public"


@pytest.mark.parametrize("host", ["999.1.1.1", "a..example", f"{'a' * 300}.example"])
def test_a_host_that_cannot_be_one_is_a_failure_like_another(host: str) -> None:
    async def run() -> None:
        async with a_fetcher(resolve=system_resolve) as fetcher:
            await fetcher.fetch(f"http://{host}/")

    with pytest.raises(FetchError, match=re.escape(host)):
        asyncio.run(run())


def test_a_name_that_is_not_known_may_be_tomorrow() -> None:
    async def run() -> None:
        async with a_fetcher(resolve=system_resolve) as fetcher:
            await fetcher.fetch("http://no-such-name.invalid/")

    with pytest.raises(FetchError, match=r"cannot resolve host no-such-name\.invalid") as caught:
        asyncio.run(run())
    assert caught.value.kind == "temporary"


# -- what is not well -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, "soft"),
        (404, "soft"),
        (401, "soft"),
        (451, "soft"),
        (410, "hard"),
        (429, "temporary"),
        (500, "temporary"),
        (503, "temporary"),
    ],
)
def test_a_failure_says_whether_it_may_pass(status: int, kind: str) -> None:
    error = failure({"/": Reply(status)})
    assert (error.kind, error.status, error.problem) == (kind, status, f"answered {status}")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        ("Mon, 19 May 2025 10:05:00 GMT", 300.0),
        ("Mon, 19 May 2025 09:00:00 GMT", 0.0),
        ("soon", None),
    ],
)
def test_retry_after_is_heard_in_seconds_and_as_a_date(said: str, seconds: float | None) -> None:
    assert failure({"/": Reply(503, headers={"Retry-After": said})}).retry_after == seconds


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n"
TROUBLE: dict[str, tuple[Route, str]] = {
    "silence": (raw(b"", then="hang"), "temporary"),
    "closed at once": (raw(b""), "temporary"),
    "reset in the middle of the body": (
        raw(HEAD + b"content-length: 99\r\n\r\nhalf", then="reset"),
        "temporary",
    ),
    "less than was promised": (raw(HEAD + b"content-length: 99\r\n\r\nhalf"), "temporary"),
    "a body that stops": (raw(HEAD + b"content-length: 99\r\n\r\nhalf", then="hang"), "temporary"),
    "no HTTP at all": (raw(b"SSH-2.0-OpenSSH\r\n\r\n"), "temporary"),
    "a broken gzip": (Reply(body=b"\x1f\x8bnot gzip", headers={"Content-Encoding": "gzip"}), "soft"),
    "half a gzip": (
        Reply(body=gzip.compress(b"x" * 9999)[:20], headers={"Content-Encoding": "gzip"}),
        "soft",
    ),
    "an unknown coding": (Reply(body=b"x", headers={"Content-Encoding": "rot13"}), "soft"),
    "packed too often": (Reply(body=b"x", headers={"Content-Encoding": "gzip," * 9}), "soft"),
    "too large a body": (Reply(body=b"x" * ((1 << 20) + 1)), "soft"),
    "endless headers": (raw(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 99999), "temporary"),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_trouble_ends_in_a_failure_that_names_the_address(trouble: str) -> None:
    route, kind = TROUBLE[trouble]
    error = failure({"/x": route}, "/x", limits=QUICK if kind == "temporary" else PATIENT)
    assert (error.kind, error.resource.endswith("/x")) == (kind, True)


def test_a_slow_drip_ends_at_the_total_deadline() -> None:
    async def drip(request: Request) -> None:
        await request.send(HEAD + b"\r\n")
        while True:
            await request.send(b".")
            await asyncio.sleep(0.05)

    assert "in time" in str(failure({"/": drip}, limits=QUICK))


def test_a_body_that_never_ends_stops_at_the_limit() -> None:
    async def endless(request: Request) -> None:
        await request.send(HEAD + b"\r\n")
        while True:
            await request.send(b"x" * 65536)

    assert "is larger than 1 MB" in str(failure({"/": endless}))


@pytest.mark.parametrize("coding", PACKERS)
def test_a_bomb_stops_at_the_limit_in_bounded_memory(coding: str) -> None:
    bomb = PACKERS[coding](bytes(64 << 20))
    tracemalloc.start()
    error = failure({"/": Reply(body=bomb, headers={"Content-Encoding": coding})})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "more than 1 MB" in error.problem
    assert peak < 40 << 20


def test_a_bomb_inside_a_bomb_stops_too() -> None:
    bomb = gzip.compress(gzip.compress(bytes(64 << 20)))
    assert "more than 1 MB" in str(
        failure({"/": Reply(body=bomb, headers={"Content-Encoding": "gzip, gzip"})})
    )


def test_a_certificate_that_nobody_vouches_for_is_not_believed() -> None:
    error = failure({"/": Reply(body=b"secret")}, tls=True)
    assert (error.kind, "has no valid certificate" in error.problem) == ("soft", True)


def test_a_certificate_is_held_against_the_name_that_was_asked_for() -> None:
    """The address is pinned, and still it is the name that the certificate must be for."""

    async def here(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async def run(host: str) -> str:
        trust = ssl.create_default_context(cafile=str(BAD_CERTIFICATE))
        async with (
            Site({"/": Reply(body=b"ours")}, tls=True) as site,
            a_fetcher(resolve=here, trust=trust) as fetcher,
        ):
            try:
                return (await fetcher.fetch(site.url("/", host=host))).body.decode()
            except FetchError as error:
                return error.problem

    assert asyncio.run(run("self.example")) == "ours"
    assert "Hostname mismatch" in asyncio.run(run("other.example"))


def test_a_failed_fetch_leaves_the_next_one_alone() -> None:
    async def run() -> list[bytes | str]:
        routes: dict[str, Route] = {
            "/bad": raw(HEAD + b"content-length: 99\r\n\r\nhalf", then="hang"),
            "/good": Reply(body=b"ok"),
        }
        results: list[bytes | str] = []
        async with Site(routes) as site, a_fetcher(connections=2, limits=Limits(10, 1.0, 20)) as fetcher:
            for path in ("/bad", "/good", "/bad", "/bad", "/good"):
                try:
                    results.append((await fetcher.fetch(site.url(path))).body)
                except FetchError as error:
                    results.append(error.kind)
        return results

    assert asyncio.run(run()) == ["temporary", b"ok", "temporary", "temporary", b"ok"]

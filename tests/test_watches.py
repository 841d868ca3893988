"""Watches: each match is told once, whatever is killed, slow, broken or secret."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path
from threading import Event
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import NOW, an_article, openrace, quoted_claims
from loopback.receivers import Hook, serve_hook, serve_mail
from openrace.errors import ConfigError
from openrace.pipeline.group_claims import group_into_families
from openrace.pipeline.run_watches import WatchPlan, run_watches, watched_since_yesterday
from openrace.store import article_table, claim_table, open_store, page_table
from openrace.user_files.secret_values import read_secret
from openrace.user_files.seed_files import Seeds
from openrace.user_files.watch_file import SavedSearch, add_watch, load_watches, remove_watch
from openrace.watching.messages import STATUS_LIMIT, Message, WatchMatch, atom_feed, payload

EMPTY = Seeds(feeds=(), outlets=(), people=(), organisations=(), topics=(), beats=())
NEXT = "2026-01-03T03:04:05Z"
ATOM = "{http://www.w3.org/2005/Atom}"


def keep(db: sqlite3.Connection, words: str, speaker: str = "Ada Byte", **given: Any) -> str:
    """Keep an article with one quotation and group it; the claim's id."""
    article = an_article(f"“{words},” said {speaker}.", **given)
    article_table.add_article(db, article, added=given.get("added", NOW))
    (claim,) = quoted_claims(article, speaker)
    claim_table.save_claims(db, article.id, [claim], "t")
    group_into_families(db, now=NOW)
    return claim.id


def plan(folder: Path, text: str, **given: Any) -> WatchPlan:
    file = folder / "watches.toml"
    file.write_text(text)
    return WatchPlan(file, folder / "site", EMPTY, **{"now": NOW, "deadline": 30.0} | given)


def run(db: sqlite3.Connection, how: WatchPlan) -> tuple[Any, list[str]]:
    told: list[str] = []
    return run_watches(db, how, warn=told.append), told


def watch(hook: Hook, more: str = "") -> str:
    return f'[[watch]]\nname = "w"\nquery = "weights"\nwebhook = "{hook.url}"\n{more}'


def test_a_match_is_told_once(db: sqlite3.Connection, tmp_path: Path) -> None:
    keep(db, "weights want to be free")
    with serve_hook() as hook:
        how = plan(tmp_path, watch(hook, "feed = true\n"), base_url="https://race.example/")
        assert run(db, how)[0][:2] == (1, 1)
        assert run(db, how)[0][:2] == (0, 0)
        (got,) = hook.got
    (match,) = got["matches"]
    assert (match["kind"], match["speaker"], match["line"]) == (
        "family",
        "Ada Byte",
        "“weights want to be free”",
    )
    assert match["address"].startswith("https://race.example/a/")
    feed = ElementTree.parse(tmp_path / "site/watch/w.xml").getroot()
    assert len(feed.findall(f"{ATOM}entry")) == 1
    (said,) = watched_since_yesterday(db, how.file, "2026-01-02T08:00:00Z", None)
    assert "“weights want to be free”" in said
    assert watched_since_yesterday(db, how.file, "2026-01-03T08:00:00Z", None) == []


def test_another_report_of_what_was_told_is_news_only_for_statements(
    db: sqlite3.Connection, tmp_path: Path
) -> None:
    keep(db, "weights want to be free and everybody knows it by now")
    kinds = ("family", "statement")
    text = "".join(f'[[watch]]\nname = "{k}"\nquery = "weights"\nof = ["{k}"]\n' for k in kinds)
    assert run(db, plan(tmp_path, text))[0].found == 2
    words = "weights want to be free and everybody knows it by now"
    keep(db, words, url="https://b.example/2", outlet="b.example")
    assert run(db, plan(tmp_path, text, now=NEXT))[0].found == 1


def test_what_came_before_the_watch_is_not_told(db: sqlite3.Connection, tmp_path: Path) -> None:
    keep(db, "weights want to be free")
    text = '[[watch]]\nname = "w"\nquery = "weights"\nsince = 2026-01-03\n'
    assert run(db, plan(tmp_path, text))[0].found == 0
    assert run(db, plan(tmp_path, text.replace("01-03", "01-02")))[0].found == 1


def test_a_changed_wording_and_words_that_are_gone_are_told(db: sqlite3.Connection, tmp_path: Path) -> None:
    before = "the weights of this model will be free for everybody who asks us"
    gone = keep(db, before)
    changed = keep(
        db, before.replace("will be", "will not be"), url="https://b.example/2", outlet="b.example"
    )
    article = claim_table.get_claim(db, gone)
    assert article
    page_table_row = (article.article_id, NOW, None, "other words", json.dumps([gone]))
    db.execute("INSERT INTO revisions VALUES (?, ?, ?, ?, ?)", page_table_row)
    assert page_table.iter_gone(db)
    with serve_hook() as hook:
        run(db, plan(tmp_path, watch(hook)))
    told = {(m["kind"], m["claim_id"]): m["note"] for m in hook.got[0]["matches"]}
    assert ("change", gone) in told
    alerts = [note for (kind, claim), note in told.items() if kind == "alert" and claim in (gone, changed)]
    assert len(alerts) == 1
    assert "not" in (alerts[0] or "")


def test_a_receiver_that_fails_is_tried_the_next_night_with_the_same_key(
    db: sqlite3.Connection, tmp_path: Path
) -> None:
    keep(db, "weights want to be free")
    with serve_hook() as hook:
        hook.answers = [503]
        report, told = run(db, plan(tmp_path, watch(hook)))
        assert report.failed == 1
        assert told == ["watch w: webhook: answered 503"]
        report, told = run(db, plan(tmp_path, watch(hook), now=NEXT))
        assert (report.sent, told) == (1, [])
    assert len({headers["idempotency-key"] for headers in hook.headers}) == 1
    assert len(hook.got) == 2


def test_a_receiver_that_never_answers_costs_its_own_deadline(db: sqlite3.Connection, tmp_path: Path) -> None:
    keep(db, "weights want to be free")
    ended = Event()
    with serve_hook() as slow, serve_hook() as quick:
        slow.before = ended.wait
        both = watch(slow) + watch(quick).replace('"w"', '"z"')
        report, told = run(db, plan(tmp_path, both, deadline=5.0))
        ended.set()
    assert (report.sent, report.failed) == (1, 1)
    assert told[0].startswith("watch w: webhook: did not answer")
    assert len(quick.got) == 1


def test_a_receiver_that_is_gone_for_a_week_is_given_up(db: sqlite3.Connection, tmp_path: Path) -> None:
    keep(db, "weights want to be free")
    text = '[[watch]]\nname = "w"\nquery = "weights"\nwebhook = "http://127.0.0.1:9/"\n'
    failed = [
        run(db, plan(tmp_path, text, now=f"2026-01-{day:02}T00:00:00Z"))[0].failed for day in range(2, 11)
    ]
    assert failed == [1] * 7 + [0] * 2


def test_a_broken_watch_is_told_with_its_line_and_the_others_go_on(
    db: sqlite3.Connection, tmp_path: Path
) -> None:
    keep(db, "weights want to be free")
    text = (
        '[[watch]]\nname = "a"\nquery = "is:maybe"\n\n[[watch]]\nname = "b"\nquery = "weights"\n\n'
        '[[watch]]\nname = "c"\nquery = "weights"\nwebhook = "ftp://x"\n'
    )
    report, told = run(db, plan(tmp_path, text))
    assert (report.found, report.failed) == (1, 2)
    assert any("watches.toml:1: watch a: is:maybe: there is no such is" in line for line in told)
    assert any("watches.toml:9: " in line and "webhook" in line for line in told)
    (only,) = run(db, plan(tmp_path, "[[watch]\n"))[1]
    assert "watches.toml:1: is not TOML" in only


def test_secrets_come_from_the_environment_or_a_private_file(tmp_path: Path) -> None:
    file = tmp_path / "hook.txt"
    file.write_text("https://hook.example/s3cret\n")
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="can be read by others") as refused:
        read_secret("file:hook.txt", tmp_path, {})
    assert "s3cret" not in str(refused.value)
    file.chmod(0o600)
    assert read_secret("file:hook.txt", tmp_path, {}) == "https://hook.example/s3cret"
    assert read_secret("env:HOOK", tmp_path, {"HOOK": "x"}) == "x"
    with pytest.raises(ConfigError, match="is not set"):
        read_secret("env:HOOK", tmp_path, {})
    with pytest.raises(ValueError, match="a secret does not stand here"):
        SavedSearch(where="w:1", name="w", query="x", token="s3cret")


def test_a_secret_stands_in_no_message_page_or_table(db: sqlite3.Connection, tmp_path: Path) -> None:
    keep(db, "weights want to be free")
    with serve_hook() as hook:
        secret = hook.url
        hook.answers = [500]
        text = watch(hook, 'feed = true\ntoken = "env:TOKEN"\n').replace(hook.url, "env:HOOK")
        _, told = run(db, plan(tmp_path, text, environment={"HOOK": secret, "TOKEN": "t0ken"}))
        assert hook.headers[0]["authorization"] == "Bearer t0ken"
    _, more = run(db, plan(tmp_path, text, now=NEXT, environment={"HOOK": secret, "TOKEN": "t0ken"}))
    everything = "\n".join([*told, *more, *db.iterdump(), (tmp_path / "site/watch/w.xml").read_text()])
    assert "secret-path" not in everything
    assert "t0ken" not in everything


def test_a_mail_is_received(db: sqlite3.Connection, tmp_path: Path) -> None:
    keep(db, "weights want to be free")
    got: list[EmailMessage] = []
    text = '[[watch]]\nname = "w"\nquery = "weights"\nmail = "desk@paper.example"\n'
    with serve_mail(got) as address:
        report, told = run(db, plan(tmp_path, text, environment={"OPENRACE_SMTP": address}))
    assert (report.sent, told) == (1, [])
    (mail,) = got
    assert (mail["To"], mail["Subject"]) == ("desk@paper.example", "openrace: w: 1 match")
    assert "“weights want to be free”" in mail.get_content()


def night(db: Path, at: str, **env: str) -> subprocess.CompletedProcess[str]:
    return openrace("nightly", "--no-crawl", "--at", at, db=db, **env)


def add_report(folder: Path, db: Path, number: int, words: str) -> None:
    line = {"url": f"https://o{number}.example/{number}", "published": f"2026-01-0{number}"}
    line |= {"text": f"Port Example.\n\n“{words},” said Ada Byte."}
    path = folder / f"{number}.jsonl"
    path.write_text(json.dumps(line) + "\n")
    assert openrace("import", str(path), db=db).returncode == 0


def test_three_nights_with_kills_tell_each_match_once(store_path: Path, tmp_path: Path) -> None:
    got: list[EmailMessage] = []
    with serve_hook() as hook, serve_mail(got) as mail:
        env = {"HOOK": hook.url, "OPENRACE_SMTP": mail}
        add_report(tmp_path, store_path, 1, "Our weights want to be free and everybody knows it by now")
        told = ["--everything", "--webhook", "env:HOOK", "--mail", "a@b.example", "--feed"]
        assert openrace("watch", "add", "w", "weights", *told, db=store_path).returncode == 0
        assert night(store_path, "2026-01-01T04:00:00Z", **env).returncode == 0
        digests = [morning(store_path, "2026-01-01")]
        add_report(tmp_path, store_path, 2, "Training such weights costs more than a hundred chips in a year")
        killed = kill_while_sending(store_path, hook, env)
        assert killed == -signal.SIGKILL
        after = night(store_path, "2026-01-02T05:00:00Z", **env)
        assert "interrupted while it sent webhook; not sent again" in after.stderr
        assert after.returncode == 3
        digests.append(morning(store_path, "2026-01-02"))
        add_report(tmp_path, store_path, 3, "Nobody here has ever seen those weights before Monday")
        assert night(store_path, "2026-01-03T04:00:00Z", **env).returncode == 0
    lines = [match["line"] for body in hook.got for match in body["matches"]]
    assert len(lines) == len(set(lines)) == 3
    mails = [part for part in got for _ in range(part.get_content().count("New statement."))]
    assert len(mails) == 3
    feed = (tmp_path / "site/watch/w.xml").read_text()
    assert feed.count("<entry>") == 3
    digests.append(morning(store_path, "2026-01-03"))
    for digest, words in zip(digests, ("free", "chips", "Monday"), strict=True):
        (matched,) = (line for line in digest.splitlines() if "w: New statement." in line)
        assert words in digest.partition(matched)[2][:400]


def morning(db: Path, day: str) -> str:
    """Return the digest that is read on `day`."""
    return openrace("digest", "--at", f"{day}T08:00:00Z", db=db).stdout


def kill_while_sending(db: Path, hook: Hook, env: dict[str, str]) -> int:
    """Run a night that is killed when the webhook has its words and has not answered."""
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("OPENRACE_")}
    surroundings |= {"OPENRACE_DB": str(db), **env}
    command = [sys.executable, "-m", "openrace", "nightly", "--no-crawl", "--at", "2026-01-02T04:00:00Z"]
    process = subprocess.Popen(command, env=surroundings, stderr=subprocess.DEVNULL)
    hook.before = process.kill
    code = process.wait()
    hook.before = lambda: None
    return code


def test_watches_are_added_listed_tried_and_removed(store_path: Path, tmp_path: Path) -> None:
    add_report(tmp_path, store_path, 1, "weights want to be free")
    night(store_path, NOW)
    assert openrace("watch", "add", "w", "weights", "speaker:ada", db=store_path).returncode == 0
    twice = openrace("watch", "add", "w", "chips", db=store_path)
    assert twice.returncode == 2
    assert "has the name of" in twice.stderr
    assert "weights speaker:ada" in openrace("watch", "list", db=store_path).stdout
    tried = openrace("watch", "test", "w", db=store_path)
    assert "weights want to be free" in tried.stdout
    assert "1 statements match" in tried.stderr
    assert openrace("watch", "add", "x", '"open', db=store_path).returncode == 2
    assert openrace("watch", "remove", "w", db=store_path).returncode == 0
    assert openrace("watch", "test", "w", db=store_path).returncode == 2
    assert open_store(store_path).execute("SELECT count(*) FROM watch_matches").fetchone()[0] == 0


def test_the_file_keeps_what_a_person_wrote(tmp_path: Path) -> None:
    path = tmp_path / "watches.toml"
    path.write_text('# ours\n[[watch]]\nname = "a"\nquery = "x"\n')
    before = path.read_text()
    add_watch(path, {"name": "b", "query": '"odd phrase" -y', "of": ["alert"], "since": NOW})
    assert [(w.name, w.query) for w in load_watches(path)] == [("a", "x"), ("b", '"odd phrase" -y')]
    assert remove_watch(path, "b")
    assert path.read_text().rstrip() == before.rstrip()


def a_message(line: str, speaker: str | None, times: int = 1) -> Message:
    match = WatchMatch(
        kind="family",
        claim_id="c",
        family_id="f",
        speaker=speaker,
        line=line,
        how="verbatim",
        outlet="A | B",
        published=None,
        link="https://a.example/x|y",
        page="a/1/#s-c",
    )
    return Message("w", "key", NOW, [match] * times, None)


def test_nothing_a_page_says_becomes_markup_or_a_mention() -> None:
    message = a_message("“<!channel> *bold* @everyone [x](http://evil.example)”", "Ada <b>")
    slack = payload(message, "slack")["text"]
    assert "<!channel>" not in slack
    assert "&lt;!channel&gt;" in slack
    assert "<https://a.example/x%7Cy|" in slack
    mattermost = payload(message, "mattermost")["text"]
    assert "@everyone" not in mattermost
    assert "[x](http" not in mattermost
    assert "@everyone" not in payload(message, "mastodon")["status"]


text_of_pages = st.text(min_size=1, max_size=700)


@given(line=text_of_pages, speaker=st.none() | text_of_pages, times=st.integers(1, 60))
def test_any_text_fits_a_status_and_a_feed(line: str, speaker: str | None, times: int) -> None:
    message = a_message(line, speaker, times)
    assert len(payload(message, "mastodon")["status"]) <= STATUS_LIMIT
    assert "more" in payload(message, "slack")["text"] or times <= 50
    found = [(1, NOW, message.matches[0])]
    assert ElementTree.fromstring(atom_feed("w", found, "https://race.example/")).tag == f"{ATOM}feed"

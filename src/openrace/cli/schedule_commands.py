"""openrace schedule cron|systemd: ready lines and units for the night, with the paths in use."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from shutil import which
from typing import Annotated

import typer

from openrace.cli.typer_app import NIGHT, SiteOptions, app, taking

schedule = typer.Typer(help="Print what makes the nightly run start by itself.", no_args_is_help=True)
app.add_typer(schedule, name="schedule", rich_help_panel=NIGHT)


def _hour(text: str) -> str:
    hours, _, minutes = text.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
        raise typer.BadParameter(f"{text!r} is not a time of day (use HH:MM)")
    return f"{int(hours):02}:{int(minutes):02}"


Hour = Annotated[
    str,
    typer.Option("--hour", metavar="HH:MM", help="At what time, by the clock of this machine.", parser=_hour),
]
DigestTo = Annotated[
    str | None,
    typer.Option("--digest-to", help="Send the digest to this address, with sendmail.", show_default=False),
]
Mail = Annotated[
    str | None, typer.Option(help="Send a mail to this address when a night fails.", show_default=False)
]

Ping = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="After each night that did not break off, ask for this address with curl.",
        show_default=False,
    ),
]


@schedule.command()
@taking(SiteOptions)
def cron(
    site: SiteOptions, hour: Hour = "04:00", mail: Mail = None, digest_to: DigestTo = None, ping: Ping = None
) -> None:
    """Print lines for `crontab -e`: the nightly run, then a backup.

    Cron mails what is printed: the end of the log when a night broke off, and what failed more often than the
    night before; a feed that fails every night is no news.
    """
    hours, minutes = hour.split(":")
    when = f"{int(minutes)} {int(hours)} * * *"
    log = shlex.quote(str(site.db.absolute().with_name("nightly.log")))
    worse = _command("status", {"--db": site.db}) + " --worse"
    well = f"{_ping(ping)} >>{log} 2>&1; " if ping else ""
    ended = f"case $? in 0) {well}: ;; 4) ;; 3) {well}{worse} 2>>{log} ;; *) tail -n 20 {log} ;; esac"
    steps = [f"{_night(site)} 2>>{log}", ended, f"{_backup(site)} >>{log} 2>&1"]
    if digest_to:
        steps.append(f"{_digest(site, digest_to)} 2>>{log}")
    lines = [f"MAILTO={mail}"] * bool(mail)
    typer.echo("\n".join([*lines, f"{when} {_in_cron('; '.join(steps))}"]))


@schedule.command()
@taking(SiteOptions)
def systemd(
    site: SiteOptions, hour: Hour = "04:00", mail: Mail = None, digest_to: DigestTo = None, ping: Ping = None
) -> None:
    """Print systemd user units; their first lines say where to save them."""
    after = [_backup(site)]
    if ping:
        after.append(shlex.join(["/bin/sh", "-c", f"{_ping(ping)} || true"]))  # its receiver may be gone
    if digest_to:
        after.append(shlex.join(["/bin/sh", "-c", _digest(site, digest_to)]))
    posts = "\n".join(f"ExecStartPost={_in_systemd(command)}" for command in after)
    on_failure = "OnFailure=openrace-failed.service\n" if mail else ""
    night = _in_systemd(_night(site))
    typer.echo(UNITS.format(night=night, posts=posts, hour=hour, on_failure=on_failure))
    if mail:
        typer.echo(FAILED.format(command=_in_systemd(shlex.join(["/bin/sh", "-c", _complaint(mail)]))))


UNITS = """\
# ~/.config/systemd/user/openrace.service
[Unit]
Description=The night of openrace
{on_failure}
[Service]
Type=oneshot
ExecStart={night}
{posts}
# 3: done, some inputs failed (the journal says which); 4: another run holds the lock
SuccessExitStatus=3 4
Nice=10

# ~/.config/systemd/user/openrace.timer
[Unit]
Description=The night of openrace, every day at {hour}

[Timer]
OnCalendar=*-*-* {hour}:00
Persistent=true

[Install]
WantedBy=timers.target

# systemctl --user daemon-reload && systemctl --user enable --now openrace.timer
# loginctl enable-linger        (so that it runs while you are logged out)"""


FAILED = """
# ~/.config/systemd/user/openrace-failed.service
[Unit]
Description=A mail that the night of openrace failed

[Service]
Type=oneshot
ExecStart={command}"""


def _complaint(mail: str) -> str:
    """Return the shell command that mails the end of the night's journal."""
    head = shlex.quote(f"To: {mail}\\nSubject: the night of openrace failed\\n\\n")
    journal = "journalctl --user --unit openrace --lines 30 --no-pager"
    return f"(printf {head}; {journal}) | /usr/sbin/sendmail -t"


def _program() -> list[str]:
    """Return the absolute path of this command: cron and systemd have another PATH than a person."""
    if Path(sys.argv[0]).name == "__main__.py":
        return [sys.executable, "-m", "openrace"]
    return [str(Path(which(sys.argv[0]) or sys.argv[0]).absolute())]


def _settings() -> list[str]:
    """Return what hands on the settings in use here: cron and systemd start in another folder."""
    path = Path(os.environ.get("OPENRACE_CONFIG") or "openrace.toml")
    return ["/usr/bin/env", f"OPENRACE_CONFIG={path.absolute()}"] if path.is_file() else []


def _command(name: str, options: dict[str, Path | str | None]) -> str:
    words = [*_settings(), *_program(), name]
    for option, value in options.items():
        if value:
            words += [option, str(value.absolute()) if isinstance(value, Path) else value]
    return shlex.join(words)


def _known(site: SiteOptions) -> dict[str, Path | str | None]:
    """Return the options that the night and the digest share."""
    return {
        "--db": site.db,
        "--to": site.to,
        "--seeds": site.seeds,
        "--corrections": site.corrections,
        "--base-url": site.base_url,
    }


def _night(site: SiteOptions) -> str:
    return _command("nightly", _known(site) | {"--contact": site.contact, "--look": site.look})


def _backup(site: SiteOptions) -> str:
    return _command("backup", {"--keep": "14", "--db": site.db})


def _ping(url: str) -> str:
    return shlex.join(["curl", "--silent", "--show-error", "--fail", "--max-time", "10", url])


def _digest(site: SiteOptions, mail_to: str) -> str:
    mail = _command("digest", _known(site) | {"--format": "eml", "--mail-to": mail_to})
    return f"{mail} | /usr/sbin/sendmail -t"


def _in_cron(command: str) -> str:
    """Escape percent signs, which end the command in a crontab."""
    return command.replace("%", r"\%")


def _in_systemd(command: str) -> str:
    """Escape percent signs (specifiers) and dollar signs (variables) for a systemd unit."""
    return command.replace("%", "%%").replace("$", "$$")

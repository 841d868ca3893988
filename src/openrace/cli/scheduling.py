"""openrace schedule cron|systemd: ready lines and units for the night, with the paths in use."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from shutil import which
from typing import Annotated

import typer

from openrace.cli.app import BaseUrl, Contact, Corrections, Database, Folder, Seeds, app

schedule = typer.Typer(help="Print what makes the night run by itself.", no_args_is_help=True)
app.add_typer(schedule, name="schedule", rich_help_panel="The night")


def _hour(text: str) -> str:
    hours, _, minutes = text.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
        raise typer.BadParameter(f"{text!r} is no time of day; write 04:00")
    return f"{int(hours):02}:{int(minutes):02}"


Hour = Annotated[
    str, typer.Option("--hour", metavar="HH:MM", help="When, by this machine's clock.", parser=_hour)
]
DigestTo = Annotated[
    str | None, typer.Option("--digest-to", help="Who gets the digest, by sendmail.", show_default=False)
]
Mail = Annotated[str | None, typer.Option(help="Who is told of a night that failed.", show_default=False)]


@schedule.command()
def cron(
    db: Database,
    hour: Hour = "04:00",
    mail: Mail = None,
    digest_to: DigestTo = None,
    to: Folder = None,
    seeds: Seeds = None,
    corrections: Corrections = None,
    base_url: BaseUrl = None,
    contact: Contact = None,
) -> None:
    """Lines for `crontab -e`. The night locks itself; a backup follows it."""
    hours, minutes = hour.split(":")
    when = f"{int(minutes)} {int(hours)} * * *"
    night = _command("nightly", {**_paths(db, seeds, corrections), "--to": to}, base_url, contact)
    log = shlex.quote(str(db.absolute().with_name("nightly.log")))
    steps = [f"{night} 2>>{log} || tail -n 20 {log}", f"{_backup(db)} >>{log} 2>&1"]
    if digest_to:
        steps.append(f"{_digest(_paths(db, seeds, corrections), digest_to, base_url)} 2>>{log}")
    lines = [f"MAILTO={mail}"] * bool(mail)
    typer.echo("\n".join([*lines, f"{when} {_in_cron('; '.join(steps))}"]))


@schedule.command()
def systemd(
    db: Database,
    hour: Hour = "04:00",
    digest_to: DigestTo = None,
    to: Folder = None,
    seeds: Seeds = None,
    corrections: Corrections = None,
    base_url: BaseUrl = None,
    contact: Contact = None,
) -> None:
    """Two user units: save them where their first lines say, then enable the timer."""
    night = _command("nightly", {**_paths(db, seeds, corrections), "--to": to}, base_url, contact)
    after = [_backup(db)]
    if digest_to:
        mailing = _digest(_paths(db, seeds, corrections), digest_to, base_url)
        after.append(shlex.join(["/bin/sh", "-c", mailing]))
    posts = "\n".join(f"ExecStartPost={_in_systemd(command)}" for command in after)
    typer.echo(UNITS.format(night=_in_systemd(night), posts=posts, hour=hour))


UNITS = """\
# ~/.config/systemd/user/openrace.service
[Unit]
Description=The night of openrace

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


def _program() -> list[str]:
    """This command by its absolute path: neither cron nor systemd knows a person's PATH."""
    if Path(sys.argv[0]).name == "__main__.py":
        return [sys.executable, "-m", "openrace"]
    return [str(Path(which(sys.argv[0]) or sys.argv[0]).absolute())]


def _paths(db: Path, seeds: Path | None, corrections: Path | None) -> dict[str, Path | None]:
    return {"--db": db, "--seeds": seeds, "--corrections": corrections}


def _command(
    name: str, paths: dict[str, Path | None], base_url: str | None, contact: str | None = None
) -> str:
    words = [*_program(), name]
    for option, path in paths.items():
        words += [option, str(path.absolute())] if path else []
    for option, text in {"--base-url": base_url, "--contact": contact}.items():
        words += [option, text] if text else []
    return shlex.join(words)


def _backup(db: Path) -> str:
    return shlex.join([*_program(), "backup", "--keep", "14", "--db", str(db.absolute())])


def _digest(paths: dict[str, Path | None], mail_to: str, base_url: str | None) -> str:
    mail = shlex.join(["--format", "eml", "--mail-to", mail_to])
    return f"{_command('digest', paths, base_url)} {mail} | /usr/sbin/sendmail -t"


def _in_cron(command: str) -> str:
    """In a crontab a percent sign would end the command."""
    return command.replace("%", r"\%")


def _in_systemd(command: str) -> str:
    """In a unit a percent sign begins a specifier, a dollar sign a variable."""
    return command.replace("%", "%%").replace("$", "$$")

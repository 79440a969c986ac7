"""``hcfmt generate``: an export that nobody wrote, sound to the last reference."""

import json
import os
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

import typer

import hcfmt
from hcfmt.cli.app import app
from hcfmt.cli.jobs import Jobs, processes
from hcfmt.cli.limits import size
from hcfmt.cli.output import write_err, write_out
from hcfmt.cli.output_paths import require_distinct
from hcfmt.cli.password import Password, PasswordFile, password_source
from hcfmt.cli.progress import progress_bar
from hcfmt.container import SALT, atomic_file
from hcfmt.errors import UsageError
from hcfmt.export.writer import ArchiveForm, output_form
from hcfmt.generation.plan import PROFILES, Plan, planned
from hcfmt.report.text_style import visible

_PEOPLE, _ROOMS, _TALK, _FILES = "People", "Rooms", "What they say", "Files"


def _count(help_: str, panel: str) -> Any:  # noqa: ANN401 - what typer returns
    return typer.Option(help=help_, rich_help_panel=panel, min=0, metavar="N", show_default="the profile's")


def _share(help_: str) -> Any:  # noqa: ANN401 - the same
    return typer.Option(help=help_, rich_help_panel=_TALK, min=0, max=1, metavar="SHARE", show_default="the profile's")


def _day(help_: str) -> Any:  # noqa: ANN401 - the same
    return typer.Option(
        help=help_, rich_help_panel=_TALK, formats=["%Y-%m-%d"], metavar="DATE", show_default="the profile's"
    )


@app.command()
def generate(
    *,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="What to write; .tar.gz.aes, .tar.gz or .tar at its end decides the form, else it is a directory.",
        ),
    ],
    profile: Annotated[
        Literal["tiny", "small", "medium", "large", "huge"],
        typer.Option(
            metavar="NAME",
            help=f"What the other options change: {', '.join(PROFILES)}. What they do not name shrinks where it must.",
        ),
    ] = "small",
    seed: Annotated[int, typer.Option(metavar="S", help="Another seed makes another company.", min=0)] = 1,
    users: Annotated[int | None, _count("All accounts.", _PEOPLE)] = None,
    guests: Annotated[int | None, _count("Of them guests.", _PEOPLE)] = None,
    deleted_users: Annotated[int | None, _count("Of them deleted.", _PEOPLE)] = None,
    locale: Annotated[
        list[str] | None,
        typer.Option(
            help="Where people come from, such as de_DE; may be given several times.",
            rich_help_panel=_PEOPLE,
            metavar="LOCALE",
            show_default="en_US",
        ),
    ] = None,
    rooms: Annotated[int | None, _count("All rooms.", _ROOMS)] = None,
    private_rooms: Annotated[int | None, _count("Of them private.", _ROOMS)] = None,
    archived_rooms: Annotated[int | None, _count("Of them archived.", _ROOMS)] = None,
    deleted_rooms: Annotated[int | None, _count("Of them deleted.", _ROOMS)] = None,
    renamed_rooms: Annotated[int | None, _count("Of them renamed, which hcfmt validate mentions.", _ROOMS)] = None,
    messages: Annotated[int | None, _count("Messages, a private one counted once.", _TALK)] = None,
    private_share: Annotated[float | None, _share("The part of them that is private.")] = None,
    notification_share: Annotated[float | None, _share("The part of them that integrations send.")] = None,
    since: Annotated[datetime | None, _day("The first day.")] = None,
    until: Annotated[datetime | None, _day("The day after the last.")] = None,
    text: Annotated[
        Literal["plain", "nasty"],
        typer.Option(
            metavar="KIND", rich_help_panel=_TALK, help="plain, or nasty: as hard to handle as validity allows."
        ),
    ] = "plain",
    attachments: Annotated[int | None, _count("Messages with a file.", _FILES)] = None,
    attachment_bytes: Annotated[
        int | None,
        typer.Option(
            help="The size of these files together, previews aside.",
            rich_help_panel=_FILES,
            parser=size,
            metavar="SIZE",
            show_default="the profile's",
        ),
    ] = None,
    emoticons: Annotated[int | None, _count("Custom emoticons.", _FILES)] = None,
    manifest: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write as JSON what was made: counts, ids, what to expect.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be made and how large, and stop.")] = False,
    random_salt: Annotated[
        bool, typer.Option("--random-salt", help="Seal with another salt each time, not with the seed's.")
    ] = False,
    digest: Annotated[
        Literal["md5", "sha256", "pbkdf2"] | None,
        typer.Option(
            "--digest",
            metavar="NAME",
            help="How the key is made of the password: md5, sha256 or pbkdf2.",
            show_default="md5",
        ),
    ] = None,
    jobs: Jobs = 1,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there already.")] = False,
    password: Password = None,
    password_file: PasswordFile = None,
) -> None:
    """Make an export of a company that does not exist: sound, realistic, of any size.

    People, rooms, conversations, files and pictures are made up. The same options and seed make the same archive.

    Examples:
      hcfmt generate -o demo.tar.gz.aes
      hcfmt generate -o big.tar.gz --profile large --locale de_DE --locale en_GB --jobs 2
      hcfmt generate -o export/ --messages 500 --text nasty --manifest expected.json
    """
    plan = planned(
        profile,
        seed=seed,
        users=users,
        guests=guests,
        deleted_users=deleted_users,
        locales=tuple(locale) if locale else None,
        rooms=rooms,
        private_rooms=private_rooms,
        archived_rooms=archived_rooms,
        deleted_rooms=deleted_rooms,
        renamed_rooms=renamed_rooms,
        messages=messages,
        private_share=private_share,
        notification_share=notification_share,
        since=_date(since),
        until=_date(until),
        nasty=text == "nasty",
        attachments=attachments,
        attachment_bytes=attachment_bytes,
        emoticons=emoticons,
    )
    require_distinct("--manifest", manifest, output)
    form = output_form(output) or ArchiveForm.DIRECTORY
    if form is not ArchiveForm.ENCRYPTED:
        names = ("--password", "--password-file", "--digest", "--random-salt")
        _need_no(dict(zip(names, (password, password_file, digest, random_salt), strict=True)), output)
    from hcfmt.generation.vocabulary import require_locale  # noqa: PLC0415 - brings in what the other commands do not need

    for one in plan.locales:
        require_locale(one)
    if dry_run:
        write_out(_announced(plan, output))
        return
    secret = password_source(password, password_file, confirm=True) if form is ArchiveForm.ENCRYPTED else None
    salt = os.urandom(SALT) if random_salt else None
    meter = _Meter(plan.estimated_bytes)
    with (
        atomic_file(manifest, force=force) if manifest else nullcontext() as file,
        progress_bar() as watch,
        processes(jobs) as executor,
    ):
        meter.show = watch(meter) if watch else None
        made = hcfmt.generate(
            output,
            plan,
            password=secret,
            digest=digest or "md5",
            salt=salt,
            executor=executor,
            force=force,
            watch=meter.tell,
        )
        if file:
            file.write(json.dumps(made, indent=2).encode() + b"\n")
    people = _many(plan.users, "person", "people")
    write_err([f"{visible(output)} written: {_many(plan.messages, 'message')} of {people}."])


def _need_no(sealing: Mapping[str, object], output: str) -> None:
    """Raise UsageError where an option was given that only a sealed archive has a use for."""
    for option, value in sealing.items():
        if value is not None and value is not False:
            raise UsageError(
                f"{option} is for sealed archives, and {output} would not be one: leave it out, or name the output"
                f" {ArchiveForm.ENCRYPTED}."
            )


def _date(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@dataclass(slots=True)
class _Meter:
    """How far the making came, in bytes of members; the whole is an estimate."""

    size: int | None
    bytes_read: int = 0
    show: Any = None

    def tell(self, path: str, size: int) -> None:
        """Add a member that is about to be written."""
        self.bytes_read += size
        if self.show:
            self.show(path)


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def _announced(plan: Plan, output: str) -> list[str]:
    """Say what would be made, in sentences."""
    private = plan.private_messages
    room_messages = plan.messages - private
    closed = f"{plan.archived_rooms:,} archived and {plan.deleted_rooms:,} deleted"
    return [
        f"{visible(output)} would hold, from {plan.since} to {plan.until}:",
        f"  {_many(plan.users, 'user')}, of them {_many(plan.guests, 'guest')} and {plan.deleted_users:,} deleted",
        f"  {_many(plan.rooms, 'room')}, of them {plan.private_rooms:,} private, {closed}",
        f"  {_many(room_messages, 'message')} in rooms, of them {plan.notifications:,} of integrations",
        f"  {_many(private, 'private message')}, each in two histories",
        f"  {_many(plan.attachments, 'attachment')} of {_many(plan.attachment_bytes, 'byte')} together",
        f"  {_many(plan.emoticons, 'emoticon')}",
        f"  about {plan.estimated_bytes:,} bytes before they are compressed",
    ]

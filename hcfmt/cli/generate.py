"""``hcfmt generate``: writes the archive of a fictitious company."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, BinaryIO

import typer

import hcfmt
from hcfmt.cli.app import app
from hcfmt.cli.choices import choice, listed
from hcfmt.cli.generation_plan import list_scenarios, many, plan_lines
from hcfmt.cli.jobs import processes
from hcfmt.cli.limits import size
from hcfmt.cli.options import Jobs, Password, PasswordFile
from hcfmt.cli.output import standard_output, write_err, write_out
from hcfmt.cli.output_paths import named_inputs
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import progress_bar
from hcfmt.container import DIGESTS, SALT
from hcfmt.container.atomic_write import atomic_file
from hcfmt.container.distinct_files import require_different, require_not_input
from hcfmt.errors import UsageError
from hcfmt.export.dialects import CHECKED, HC_MIGRATE
from hcfmt.export.writer import ArchiveForm, output_form
from hcfmt.extras import require_extra
from hcfmt.generation.generate import write_export
from hcfmt.generation.plan import PROFILES, planned
from hcfmt.generation.scenarios import SCENARIOS
from hcfmt.report.visible_text import visible

_USERS, _ROOMS, _MESSAGES, _FILES = "Users", "Rooms", "Messages", "Files"
_PROFILES = "the profile's"
_TEXTS = ("plain", "nasty")
_STDOUT = "-"
_SHARED = 30_000  # messages from which other processes save more time than they need to start


def _count(help_: str, panel: str) -> Any:  # noqa: ANN401 - what typer returns
    return typer.Option(help=help_, rich_help_panel=panel, min=0, metavar="N", show_default=_PROFILES)


def _share(help_: str) -> Any:  # noqa: ANN401 - as above
    return typer.Option(help=help_, rich_help_panel=_MESSAGES, min=0, max=1, metavar="SHARE", show_default=_PROFILES)


def _day(help_: str) -> Any:  # noqa: ANN401 - as above
    return typer.Option(
        help=help_, rich_help_panel=_MESSAGES, formats=["%Y-%m-%d"], metavar="DATE", show_default=_PROFILES
    )


def _complete_locale(incomplete: str) -> list[str]:
    from hcfmt.generation.vocabulary import locale_names  # noqa: PLC0415 - slow to import

    return [name for name in locale_names() if name.startswith(incomplete)]


@app.command()
def generate(
    *,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="The archive to write: .tar.gz.aes, .tar.gz or .tar by its suffix, else a directory; - writes"
            " .tar.gz.aes to standard output.",
        ),
    ],
    profile: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help=f"The plan that the other options change: {listed(PROFILES)}.",
            **choice("profile", lambda: PROFILES),
        ),
    ] = "small",
    dialect: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=f"The exporter whose form the archive has: {listed(CHECKED)}.",
            show_default=HC_MIGRATE,
            **choice("dialect", lambda: CHECKED),
        ),
    ] = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            "--edge-case",
            metavar="NAME",
            help="Something that importers stumble over, of --list-scenarios; repeat it for several.",
            show_default="none",
            **choice("scenario", lambda: SCENARIOS),
        ),
    ] = None,
    _: Annotated[
        bool,
        typer.Option("--list-scenarios", callback=list_scenarios, is_eager=True, help="List the scenarios, and exit."),
    ] = False,
    seed: Annotated[int, typer.Option(metavar="S", help="Another seed gives another company.", min=0)] = 1,
    users: Annotated[int | None, _count("All users.", _USERS)] = None,
    guests: Annotated[int | None, _count("Guests among them.", _USERS)] = None,
    deleted_users: Annotated[int | None, _count("Deleted users among them.", _USERS)] = None,
    locale: Annotated[
        list[str] | None,
        typer.Option(
            help="Locale of names and texts, such as de_DE; fi_FI:en_US for names and texts. Repeat it for several.",
            rich_help_panel=_USERS,
            metavar="LOCALE",
            show_default="en_US",
            autocompletion=_complete_locale,
        ),
    ] = None,
    rooms: Annotated[int | None, _count("All rooms.", _ROOMS)] = None,
    private_rooms: Annotated[int | None, _count("Private rooms among them.", _ROOMS)] = None,
    archived_rooms: Annotated[int | None, _count("Archived rooms among them.", _ROOMS)] = None,
    deleted_rooms: Annotated[int | None, _count("Deleted rooms among them.", _ROOMS)] = None,
    renamed_rooms: Annotated[
        int | None, _count("Renamed rooms among them; hcfmt validate notes each (HC710).", _ROOMS)
    ] = None,
    messages: Annotated[int | None, _count("All messages; a private one counts once.", _MESSAGES)] = None,
    private_share: Annotated[float | None, _share("Share of private messages, 0 to 1.")] = None,
    notification_share: Annotated[float | None, _share("Share of notifications by integrations, 0 to 1.")] = None,
    since: Annotated[datetime | None, _day("The first day.")] = None,
    until: Annotated[datetime | None, _day("The day after the last.")] = None,
    text: Annotated[
        str,
        typer.Option(
            metavar="KIND",
            rich_help_panel=_MESSAGES,
            help="Names and texts: plain, or nasty ones that are hard to handle; hcfmt validate warns of some names.",
            **choice("kind of text", lambda: _TEXTS),
        ),
    ] = "plain",
    attachments: Annotated[int | None, _count("Messages with a file.", _FILES)] = None,
    attachment_bytes: Annotated[
        int | None,
        typer.Option(
            help="Size of these files together, without previews.",
            rich_help_panel=_FILES,
            parser=size,
            metavar="SIZE",
            show_default=_PROFILES,
        ),
    ] = None,
    emoticons: Annotated[int | None, _count("Custom emoticons.", _FILES)] = None,
    manifest: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the manifest as JSON: counts, conversations, checksums.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the plan and its estimated size; write nothing.")
    ] = False,
    random_salt: Annotated[
        bool, typer.Option("--random-salt", help="Encrypt with a random salt instead of the seed's.")
    ] = False,
    digest: Annotated[
        str | None,
        typer.Option(
            "--digest",
            metavar="NAME",
            help=f"Key derivation from the password: {listed(DIGESTS)}.",
            show_default="md5",
            **choice("digest", lambda: DIGESTS),
        ),
    ] = None,
    jobs: Jobs = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite existing files.")] = False,
    password: Password = None,
    password_file: PasswordFile = None,
) -> None:
    """Generate the archive of a fictitious company: realistic, of any size, and valid but for two scenarios.

    The same options and seed give the same archive. Missing numbers are derived from the given ones.

    What is written is private to you. A fixture that others read, as in a container, needs 'chmod a+r'.

    Examples:
      hcfmt generate -o demo.tar.gz.aes --profile demo
      hcfmt generate -o big.tar.gz --profile large --locale de_DE --locale en_GB
      hcfmt generate -o export/ --messages 500 --text nasty --manifest all.json
      hcfmt generate -o cloud.tar.gz --dialect cloud --scenario large-ids
    """
    plan = planned(
        profile,
        dialect=dialect,
        scenarios=tuple(dict.fromkeys(scenario)) if scenario else None,
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
    inputs = named_inputs(password_file)
    require_not_input(output, inputs)
    if manifest:
        require_different(manifest, output)
    form = ArchiveForm.ENCRYPTED if output == _STDOUT else output_form(output) or ArchiveForm.DIRECTORY
    if form is not ArchiveForm.ENCRYPTED:
        names = ("--password", "--password-file", "--digest", "--random-salt")
        _refuse(dict(zip(names, (password, password_file, digest, random_salt), strict=True)), output)
    require_extra("generate")
    if locale:  # those of a profile are known
        from hcfmt.generation.vocabulary import require_locale  # noqa: PLC0415 - slow to import

        for name in locale:
            require_locale(name)
    if dry_run:
        write_out(plan_lines(plan, output))
        return
    secret = password_source(password, password_file, confirm=True) if form is ArchiveForm.ENCRYPTED else None
    salt = os.urandom(SALT) if random_salt else None
    meter = _Meter(plan.estimated_bytes)
    with (
        atomic_file(manifest, force=force, inputs=inputs) if manifest else nullcontext() as file,
        progress_bar() as watch,
        processes(jobs, pays=plan.messages >= _SHARED) as executor,
    ):
        meter.show = watch(meter) if watch else None
        write = hcfmt.generate if manifest else write_export
        contents: Mapping[str, Any] | None = None
        with _opened(output) as target:
            contents = write(
                target,
                plan,
                password=secret,
                digest=digest or "md5",
                salt=salt,
                executor=executor,
                force=force,
                watch=meter.add,
            )
        if file and not contents:
            raise UsageError("Standard output was closed before the end, so that no manifest is written.")
        if file:
            file.writelines(part.encode() for part in json.JSONEncoder(indent=2).iterencode(contents))
            file.write(b"\n")
    if output != _STDOUT:
        write_err([f"{visible(output)} written: {many(plan.messages, 'message')} of {many(plan.users, 'user')}."])


@contextmanager
def _opened(output: str) -> Iterator[str | BinaryIO]:
    """Yield the path to write, or standard output for "-"."""
    if output != _STDOUT:
        yield output
        return
    with standard_output() as stream:
        yield stream.buffer


def _refuse(options: Mapping[str, object], output: str) -> None:
    """Raise UsageError if an option was given that only encrypted archives use."""
    for option, value in options.items():
        if value is not None and value is not False:
            raise UsageError(
                f"{option} is for encrypted archives, whose names end in {ArchiveForm.ENCRYPTED}, but the output is"
                f" {output}."
            )


def _date(value: datetime | None) -> date | None:
    return value.date() if value else None


@dataclass(slots=True)
class _Meter:
    """The progress in bytes of members; ``size`` is an estimate."""

    size: int | None
    bytes_read: int = 0
    show: Any = None

    def add(self, path: str, size: int) -> None:
        """Add a member that is about to be written."""
        self.bytes_read += size
        if self.show:
            self.show(path)

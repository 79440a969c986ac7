"""What ``hcfmt generate`` prints of a plan and of the scenarios."""

import typer

from hcfmt.cli.output import write_out
from hcfmt.export.dialects import TITLES
from hcfmt.generation.plan import Plan
from hcfmt.generation.scenarios import SCENARIOS
from hcfmt.report.visible_text import visible


def list_scenarios(requested: bool) -> None:  # noqa: FBT001 - typer calls it
    """Print each scenario with its verdict, then exit."""
    if requested:
        width = max(map(len, SCENARIOS))
        write_out(f"{name:{width}}  {row.verdict:7}  {row.has}" for name, row in SCENARIOS.items())
        raise typer.Exit


def many(count: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is 1."""
    return f"{count:,} {noun if count == 1 else f'{noun}s'}"


def plan_lines(plan: Plan, output: str) -> list[str]:
    """Return the lines of a dry run."""
    private = plan.private_messages
    room_messages = plan.messages - private
    closed = f"{plan.archived_rooms:,} archived and {plan.deleted_rooms:,} deleted"
    return [
        f"{visible(output)} would contain, from {plan.since} to {plan.until}:",
        f"  the files of {TITLES[plan.dialect]}",
        f"  {many(plan.users, 'user')}, of them {many(plan.guests, 'guest')} and {plan.deleted_users:,} deleted",
        f"  {many(plan.rooms, 'room')}, of them {plan.private_rooms:,} private, {closed}",
        f"  {many(room_messages, 'message')} in rooms, of them {plan.notifications:,} of integrations",
        f"  {many(private, 'private message')}, each in two histories",
        f"  {many(plan.attachments, 'attachment')} of {many(plan.attachment_bytes, 'byte')} together",
        f"  {many(plan.emoticons, 'emoticon')}",
        *(f"  {SCENARIOS[name].has}" for name in plan.scenarios),
        f"  about {plan.estimated_bytes:,} bytes before they are compressed",
    ]

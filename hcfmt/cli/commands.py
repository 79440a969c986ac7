"""The commands in the order of the help, each with its module, which adds it to the app when it is imported."""

from collections.abc import Sequence
from importlib import import_module

COMMANDS = {
    "validate": "hcfmt.cli.validate",
    "stats": "hcfmt.cli.stats",
    "ls": "hcfmt.cli.members",
    "cat": "hcfmt.cli.members",
    "extract": "hcfmt.cli.extract",
    "messages": "hcfmt.cli.messages",
    "export": "hcfmt.cli.export",
    "compare": "hcfmt.cli.compare",
    "receipt": "hcfmt.cli.receipt",
    "diff": "hcfmt.cli.diff",
    "plan": "hcfmt.cli.plan",
    "rules": "hcfmt.cli.catalogue",
    "rule": "hcfmt.cli.catalogue",
    "importers": "hcfmt.cli.importers",
    "importer": "hcfmt.cli.importers",
    "schema": "hcfmt.cli.schema",
    "decrypt": "hcfmt.cli.encrypt",
    "encrypt": "hcfmt.cli.encrypt",
    "fix": "hcfmt.cli.fix",
    "salvage": "hcfmt.cli.salvage",
    "anonymise": "hcfmt.cli.anonymise",
    "generate": "hcfmt.cli.generate",
    "break": "hcfmt.cli.break_",
    "reduce": "hcfmt.cli.reduce",
    "corpus": "hcfmt.cli.corpus",
    "serve": "hcfmt.cli.serve",
}


def load_commands(arguments: Sequence[str] = ()) -> None:
    """Import the module of the command that the arguments begin with; all modules if they begin with none.

    The help, the shell's completion and the suggestions for a misspelt command need all.
    """
    named = COMMANDS.get(arguments[0]) if arguments else None
    for module in [named] if named else COMMANDS.values():
        import_module(module)

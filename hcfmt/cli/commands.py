"""The commands in the groups and the order of the help, each with its module, whose import adds it to the app."""

from collections.abc import Sequence
from importlib import import_module

GROUPS = {
    "Check and compare": {
        "validate": "hcfmt.cli.validate",
        "stats": "hcfmt.cli.stats",
        "diff": "hcfmt.cli.diff",
        "receipt": "hcfmt.cli.receipt",
    },
    "Look inside": {
        "ls": "hcfmt.cli.members",
        "cat": "hcfmt.cli.members",
        "extract": "hcfmt.cli.extract",
        "messages": "hcfmt.cli.messages",
        "export": "hcfmt.cli.export",
        "view": "hcfmt.cli.view",
    },
    "Write a changed copy": {
        "salvage": "hcfmt.cli.salvage",
        "fix": "hcfmt.cli.fix",
        "anonymise": "hcfmt.cli.anonymise",
        "reduce": "hcfmt.cli.reduce",
        "decrypt": "hcfmt.cli.encrypt",
        "encrypt": "hcfmt.cli.encrypt",
    },
    "Test importers and clients": {
        "generate": "hcfmt.cli.generate",
        "break": "hcfmt.cli.break_",
        "corpus": "hcfmt.cli.corpus",
        "compare": "hcfmt.cli.compare",
        "serve": "hcfmt.cli.serve",
    },
    "Look up": {
        "rules": "hcfmt.cli.catalogue",
        "rule": "hcfmt.cli.catalogue",
        "importers": "hcfmt.cli.importers",
        "importer": "hcfmt.cli.importers",
        "schema": "hcfmt.cli.schema",
        "plan": "hcfmt.cli.plan",
    },
}
COMMANDS = {name: module for commands in GROUPS.values() for name, module in commands.items()}


def load_commands(arguments: Sequence[str] = ()) -> None:
    """Import the module of the command that the arguments begin with; all modules if they begin with none.

    The help, the shell's completion and the suggestions for a misspelt command need all.
    """
    named = COMMANDS.get(arguments[0]) if arguments else None
    for module in [named] if named else COMMANDS.values():
        import_module(module)

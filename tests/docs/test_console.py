"""The terminal that runs the commands of the documentation."""

from pathlib import Path

import pytest

from tests.support.console import Terminal, commands

CASES = {
    "the output of a command": ("$ echo new\nold\n", "$ echo new\nnew\n"),
    "an error": ("$ ls none 2>&1 | grep -c none\n", "$ ls none 2>&1 | grep -c none\n1\n"),
    "an exit status": ("$ (exit 3)\n$ echo $?\n", "$ (exit 3)\n$ echo $?\n3\n"),
    "an exported variable": ("$ export A=b\n$ echo $A\n", "$ export A=b\n$ echo $A\nb\n"),
    "a command of two lines": ("$ echo 1 \\\n    2\n", "$ echo 1 \\\n    2\n1 2\n"),
    "a cut at the end": ("$ seq 9\nx\n...\n", "$ seq 9\n1\n...\n"),
    "a cut in the middle": ("$ seq 9\nx\ny\n...\nz\n", "$ seq 9\n1\n2\n...\n9\n"),
    "nothing to cut": ("$ seq 2\nx\n...\ny\n", "$ seq 2\n1\n2\n"),
    "a command that goes on": ("$ echo first; sleep 60 &\n", "$ echo first; sleep 60 &\nfirst\n"),
}


@pytest.mark.parametrize(("page", "expected"), CASES.values(), ids=CASES)
def test_a_block_is_shown_with_the_output_of_its_commands(page: str, expected: str, tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        assert terminal.rendered(f"```console\n{page}```") == f"```console\n{expected}```"


def test_a_command_reads_a_file_of_the_page(tmp_path: Path) -> None:
    page = "<!-- file: a.toml -->\n```toml\nkey = 1\n```\n\n```console\n$ cat a.toml\n```"
    with Terminal(tmp_path) as terminal:
        assert terminal.rendered(page).endswith("$ cat a.toml\nkey = 1\n```")


def test_blocks_of_other_languages_stay_as_they_are(tmp_path: Path) -> None:
    page = "```sh\n$ echo 1\n```"
    with Terminal(tmp_path) as terminal:
        assert (terminal.rendered(page), commands(page)) == (page, [])

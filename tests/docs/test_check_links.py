"""The check of the built site's links."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import ROOT

OTHER = '<h1 id="top">Other</h1>'
CASES = {
    "a page": ("b.html", True),
    "an anchor of a page": ("b.html#top", True),
    "an anchor of the page itself": ("#here", True),
    "the top of the page": ("#", True),
    "another host": ("https://example.com/none", True),
    "a page that does not exist": ("c.html", False),
    "an anchor that does not exist": ("b.html#none", False),
    "an anchor that the page itself does not have": ("#none", False),
    "a file outside of the site that does not exist": ("../none/b.html", False),
}


@pytest.mark.parametrize(("link", "leads_somewhere"), CASES.values(), ids=CASES)
def test_a_link_that_leads_nowhere_is_reported(link: str, leads_somewhere: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a column
    (tmp_path / "a.html").write_text(f'<p id="here"><a href="{link}">x</a></p>')
    (tmp_path / "b.html").write_text(OTHER)
    process = subprocess.run(
        [sys.executable, ROOT / "docs" / "site" / "check_links.py", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    expected = (0, "") if leads_somewhere else (1, f"a.html: {link}\n")
    assert (process.returncode, process.stderr) == expected

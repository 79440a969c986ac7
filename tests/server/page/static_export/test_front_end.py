"""The page without a server: the same page with other scripts and its policy inside."""

import pytest

from hcfmt.server.page.static_export.front_end import page_files, static_page

SERVED = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<script src="page/texts.js" defer></script>
<script src="page/source_http.js" defer></script>
</head>
"""


def test_the_page_reads_files_and_has_its_policy_inside() -> None:
    lines = static_page(SERVED).splitlines()
    assert lines[:3] == SERVED.splitlines()[:3]
    assert lines[3].startswith('<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ')
    assert lines[4:] == [
        '<meta charset="utf-8">',
        '<script src="page/texts.js" defer></script>',
        '<script src="page/data_files.js" defer></script>',
        '<script src="page/search_words.js" defer></script>',
        '<script src="page/source_files.js" defer></script>',
        "</head>",
    ]


def test_a_page_without_the_script_of_a_server_is_refused() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        static_page("<head>\n</head>\n")


def test_the_files_are_those_of_the_page_without_the_script_of_a_server() -> None:
    paths = ["/".join(parts) for parts, _ in page_files()]
    assert len(paths) == len(set(paths))
    assert {"README.txt", "page/data_files.js", "page/search_words.js", "page/source_files.js"} <= set(paths)
    assert "page/source_http.js" not in paths

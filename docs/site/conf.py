"""Settings of the site, which Sphinx builds from the Markdown of the repository: ``tox run -e docs``."""

import sys
from pathlib import Path

from hcfmt import __version__

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

project = "hcfmt"
author = "The authors of hcfmt"
version = release = __version__
extensions = ["myst_parser", "github_markdown"]

# The source directory is the root of the repository, so that links between pages are the same here and on GitHub.
root_doc = "docs/README"
include_patterns = [
    "*.md",
    "benchmarks/*.md",
    "docs/*.md",
    "generated/**.md",
    "hcfmt/check/pages/*.md",
    "schemas/**.md",
    "tests/README.md",
]
exclude_patterns = [".*", "**/node_modules", "build", "dist"]
repository = "https://github.com/hcfmt/hcfmt"
# Pages whose links are the navigation, in the order of the page.
indexes = ["docs/README", "generated/importers/README"]

myst_heading_anchors = 6
nitpicky = True
smartquotes = False  # "--fail-on" has two hyphens
suppress_warnings = ["misc.highlighting_failure"]  # no highlighter knows the language of recipes

html_theme = "furo"
html_title = "hcfmt"
html_static_path = [str(HERE / "static")]
html_css_files = ["site.css"]
html_extra_path = [str(HERE / "start")]
html_copy_source = False
html_use_index = False
html_show_sourcelink = False
html_show_copyright = False
html_theme_options = {
    "source_repository": repository,
    "source_branch": "main",
    "source_directory": "",
}
pygments_style = "default"
pygments_dark_style = "github-dark"

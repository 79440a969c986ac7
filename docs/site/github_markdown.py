"""Extension of Sphinx for Markdown that is written for GitHub, so that the same pages are read there and on the site.

Anchors such as ``<a id="room-links"></a>`` become targets of links; links to files and directories of the repository
that are no pages lead to GitHub; the links of index pages become the navigation; rule pages end as those of
``hcfmt rule`` do.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from hcfmt.check.catalogue import RULES

_ANCHOR = re.compile(r'<a id="([^"]+)">')
_SECTION = re.compile(r"^## (.*)$", re.MULTILINE)
_PAGE_LINK = re.compile(r"\[([^\]]+)\]\(([^():\s#]+)\.md\)")
_RULE_PAGES = "hcfmt/check/pages/"


class AnchorTargets(SphinxTransform):
    """Registers HTML anchors as targets of links, as MyST does with headings."""

    default_priority = 800  # before MyST resolves links within a page, at 879

    def apply(self, **_: Any) -> None:  # noqa: ANN401 - as the base class has it
        """Register the anchors of a page."""
        slugs = self.env.metadata[self.env.docname].setdefault("myst_slugs", {})
        for node in self.document.findall(nodes.raw):
            slugs |= {anchor: (node.line, anchor, "") for anchor in _ANCHOR.findall(node.astext())}
        setattr(self.document, "myst_slugs", slugs)  # noqa: B010 - an attribute of MyST, unknown to the types
        if self.env.docname.startswith(_RULE_PAGES):
            # Linked from their index: with them in the navigation of every page the build takes twice as long.
            self.env.metadata[self.env.docname]["orphan"] = True


class RepositoryLinks(SphinxTransform):
    """Turns links to files and directories that are no pages into links to GitHub."""

    default_priority = 801

    def apply(self, **_: Any) -> None:  # noqa: ANN401 - as the base class has it
        """Replace the links of a page."""
        for kind in (addnodes.download_reference, addnodes.pending_xref):
            for node in list(self.document.findall(kind)):
                target = normpath(PurePosixPath(self.env.docname).parent / node["reftarget"])
                path = Path(self.env.srcdir, target)
                if node.get("refdomain") is None and path.exists():
                    view = "tree" if path.is_dir() else "blob"
                    link = nodes.reference(refuri=f"{self.config.repository}/{view}/main/{target}")
                    link += node.children
                    node.replace_self(link)


def navigation(text: str) -> Iterator[str]:
    """Yield a hidden table of contents for each section of an index page, of all its links but those to rule pages."""
    _, *parts = _SECTION.split(f"## \n{text}")
    for caption, section in zip(parts[::2], parts[1::2], strict=True):
        links = {page: title for title, page in _PAGE_LINK.findall(section) if _RULE_PAGES not in page}
        if links:
            pages = [f"{title} <{page}>" for page, title in links.items()]
            titled = [f":caption: {caption}"] if caption else []
            yield "\n".join(["", "```{toctree}", ":hidden:", *titled, "", *pages, "```", ""])


def complete(app: Sphinx, docname: str, source: list[str]) -> None:
    """Add to a page what its file lacks: navigation, or the end of a rule's page."""
    if docname.startswith(_RULE_PAGES):
        source[0] += RULES[PurePosixPath(docname).name].page_end
    if docname in app.config.indexes:
        source[0] += "".join(navigation(source[0]))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.add_config_value("repository", "", "env")
    app.add_config_value("indexes", [], "env")
    app.add_transform(AnchorTargets)
    app.add_transform(RepositoryLinks)
    app.connect("source-read", complete)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

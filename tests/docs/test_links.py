"""Every link, anchor and citation of the documentation leads somewhere."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (".ci", ".github", "benchmarks", "docs", "generated", "hcfmt", "schemas", "tests")
SKIPPED = {"__pycache__", "node_modules", ".venv", ".tox"}
TEXT = {".cfg", ".css", ".go", ".html", ".ini", ".js", ".json", ".md", ".py", ".sh", ".sql", ".toml", ".yaml", ".yml"}

CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1|`[^`\n]+`|^ {4}.*?$", re.MULTILINE | re.DOTALL)
INLINE_LINK = re.compile(r"\[[^\]\[]*\]\(([^()\s]+)\)")
DEFINITION = re.compile(r"^\[([^\]\[]+)\]: (\S+)$", re.MULTILINE)
SHORTCUT = re.compile(r"\[([^\]\[]+)\](?![(:\[])")
PRIVATE = re.compile(
    r"\bfacts? [0-9](?:\.[0-9]|\b)|\bfacts:[0-9]|\bseed[ :]0[0-9]{2}\b|\([AJMRUZ][0-9]{1,2}(?:,[^)]*)?\)"
    r"|\b(?:importers|wild|clients|facts)\.md\b|\bshared/(?:api|design|format|seeds)\b"
)
"""References to notes that no reader has."""
CITATION = re.compile(r"\bdocs/([a-zA-Z_-]+\.md)#([a-z0-9-]+)")


def files() -> Iterator[Path]:
    """Yield the text files of the repository."""
    paths = [*ROOT.glob("*"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))]
    for path in sorted(paths):
        if path.is_file() and path.suffix in TEXT and not SKIPPED & set(path.relative_to(ROOT).parts):
            yield path


PAGES = [path for path in files() if path.suffix == ".md"]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())


@cache
def prose(page: Path) -> str:
    """Return a page's text without code."""
    return CODE.sub("", page.read_text("utf-8"))


@cache
def anchors(page: Path) -> list[str]:
    """Return the anchors of a page: explicit ones, and the slugs of headings as GitHub makes them."""
    text = page.read_text("utf-8")
    slugs = []
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        plain = re.sub(r"<[^>]+>|[^\w\s-]", "", heading).strip().lower()
        slugs.append(re.sub(r"\s", "-", plain))
    explicit = re.findall(r'<a id="([^"]+)"></a>', text)
    return [*explicit, *sorted(set(slugs) - set(explicit))]


def leads_nowhere(target: str, base: Path) -> bool:
    """Whether a link from a file leads to no file or no anchor of the repository; links to the web are not followed."""
    if re.match(r"(https?|mailto):", target):
        return False
    path, _, anchor = unquote(target).partition("#")
    page = (base.parent / path).resolve() if path else base
    return not page.exists() or (bool(anchor) and (page.suffix != ".md" or anchor not in anchors(page)))


@each_page
def test_every_link_leads_to_a_file_and_an_anchor(page: Path) -> None:
    targets = [*INLINE_LINK.findall(prose(page)), *(target for _, target in DEFINITION.findall(prose(page)))]
    assert [target for target in targets if leads_nowhere(target, page)] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name == "docs"], ids=lambda path: path.name)
def test_every_name_of_a_source_is_defined_and_used(page: Path) -> None:
    defined = Counter(name for name, _ in DEFINITION.findall(prose(page)))
    used = set(SHORTCUT.findall(prose(page)))
    assert set(defined) == used
    assert [name for name, count in defined.items() if count > 1] == []


@each_page
def test_every_anchor_is_unique(page: Path) -> None:
    assert [anchor for anchor, count in Counter(anchors(page)).items() if count > 1] == []


def sources(node: object) -> Iterator[str]:
    """Yield every link of ``x-source`` in a schema."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "x-source" and isinstance(value, list):
                yield from value
            else:
                yield from sources(value)
    elif isinstance(node, list):
        for value in node:
            yield from sources(value)


@pytest.mark.parametrize("path", sorted((ROOT / "schemas").rglob("*.json")), ids=lambda path: path.name)
def test_every_source_of_a_schema_leads_to_an_anchor(path: Path) -> None:
    assert [source for source in sources(json.loads(path.read_bytes())) if leads_nowhere(source, path)] == []


def test_every_citation_leads_to_an_anchor() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {page}#{anchor}"
        for path in files()
        for page, anchor in CITATION.findall(path.read_text("utf-8"))
        if anchor not in anchors(ROOT / "docs" / page)
    ]
    assert broken == []


def test_no_file_cites_what_no_reader_has() -> None:
    private = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in files()
        if path != Path(__file__)
        for found in PRIVATE.finditer(path.read_text("utf-8"))
    ]
    assert private == []


def test_the_index_lists_every_page() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / target).resolve() for target in INLINE_LINK.findall(prose(index))}
    assert set((ROOT / "docs").glob("*.md")) - linked == {index}


def test_the_changelog_has_the_sections_of_keep_a_changelog() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= {
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Security",
    }
    assert re.search(r"\n\n\[Unreleased\]: \S+\n\Z", text), "entries stand above the links"


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md", "tests/README.md"])
def test_every_path_that_a_guide_names_exists(name: str) -> None:
    names = re.findall(r"`([\w./-]+(?:/|\.(?:py|json|md|toml)))`", (ROOT / name).read_text("utf-8"))
    existing = {path.relative_to(ROOT).as_posix() for path in files()}
    existing |= {f"{parent.as_posix()}/" for path in existing for parent in Path(path).parents}
    expected = [path for path in names if not re.search("CODE|KIND", path)]
    assert [path for path in expected if not any(f"/{candidate}".endswith(f"/{path}") for candidate in existing)] == []

"""Pages of importers in Markdown: what an importer does, condition by condition, with evidence and remedy."""

from collections.abc import Iterator

from hcfmt.profiles.profile import ARCHIVE, Condition, Profile

_EVIDENCE = {"run": "seen when the importer was run", "read": "read in its source, not run"}
_UNCHANGED = "(the documented sample as it is)"


def profile_page(importer: Profile) -> str:
    """Return the page of an importer: all its conditions."""
    head = f"# {importer.name}: {importer.title}\n\nSource: {importer.source}.\n"
    return "\n".join([head, *(_section(condition) for condition in importer.condition)])


def condition_page(importer: Profile, condition: Condition) -> str:
    """Return the page of one condition, with the source that its evidence is in."""
    _, _, body = _section(condition, importer.source).partition("\n\n")
    return f"# {importer.name} {condition.id}\n\n{body}"


def _section(condition: Condition, source: str = "") -> str:
    """Return the section of a condition; ``source`` is the importer's, if no page around it names that."""
    lines = [f"## {condition.id} {condition.effect}", "", condition.happens, "", *_facts(condition, source)]
    for title, recipe in (("Bad", condition.bad), ("Good", condition.good or _UNCHANGED if condition.bad else "")):
        lines += ["", f"### {title}", "", "```text", recipe.strip(), "```"] if recipe else []
    return "\n".join([*lines, ""])


def _facts(condition: Condition, source: str) -> Iterator[str]:
    where = "the archive" if condition.where == (ARCHIVE,) else ", ".join(f"`{place}`" for place in condition.where)
    yield f"- Looks at: {where}"
    if condition.loses:
        yield f"- What is lost: {', '.join(condition.loses)}"
    if condition.by_design:
        yield "- The importer does not look at such things; its verdict leaves them out."
    if condition.remedy:
        yield f"- What to do: {condition.remedy}"
    yield f"- Evidence: {condition.source} ({_EVIDENCE[condition.evidence]})"
    if source:
        yield f"- Source: {source}"

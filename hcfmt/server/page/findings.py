"""The findings of a validation, as the page shows them."""

from typing import Any

Findings = dict[str, Any]


def not_checked(reason: str) -> Findings:
    """Return the document of findings that are not known, with a sentence that says why."""
    return {"state": "not checked", "reason": reason}

"""The names that templates of conversations may use: purposes of rooms, teams, and gaps."""

from collections.abc import Mapping

ANY, PRIVATE, SELF = "any", "private", "self"
"""In place of a purpose: every room, the private messages of two people, and those of a person to themselves."""

NEWCOMER = "newcomer"
"""The role of somebody who is new: threads with it are told in the first days of this person alone."""

FALLBACKS: Mapping[str, str] = {
    "books": "social",
    "games": "social",
    "guild": "development",
    "hiring": "company",
    "incident": "operations",
    "management": "company",
    "onboarding": "company",
    "parents": "social",
    "party": "social",
    "pets": "social",
    "quality": "development",
    "security": "operations",
    "sport": "social",
}
"""Purposes that a language may lack, and the purpose whose threads its rooms have then."""

PURPOSES = frozenset(
    {"company", "design", "development", "lunch", "office", "operations", "release", "sales", "social", "support"}
)
"""Purposes of rooms for which every language has threads."""

TEAMS = frozenset({"design", "development", "management", "office", "operations", "sales", "support"})

LINKS = frozenset({"build", "graph", "image", "page", "pull", "ticket", "video"})
"""What {link.…} leads to."""

_MOMENTS = (
    "ticket other_ticket build pull version next_version service host branch commit project customer team domain city "
    "time earlier weekday yesterday_date date tomorrow_date month year n few many percent minutes page "
    "digit number octet"
)
MOMENTS = frozenset(_MOMENTS.split())
"""Gaps that the engine fills: values of the moment, the same in the whole thread but for the last three."""

ABOUT = frozenset(
    {"city", "customer", "guild", "number", "prefix", "project", "service", "team", "ticket", "version", "year"}
)
"""Words that a room may be about, which all its threads share."""

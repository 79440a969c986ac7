"""Names that HipChat derives from other names."""

import pytest

from hcfmt.export.canonical_names import proposed_mention_name


@pytest.mark.parametrize(
    ("name", "mention_name"), [("Anna Müller", "AnnaMüller"), ("李 飞", "李飞"), ("=cmd|' /C", "cmdC")]
)
def test_a_mention_name_is_proposed_for_a_name(name: str, mention_name: str) -> None:
    assert proposed_mention_name(name) == mention_name

"""Inputs are named as shortly as they can be told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.report.input_names import short_names

PARTS = st.sampled_from(["a", "b", "x.tar"])
PATHS = st.builds(lambda root, parts: root + "/".join(parts), st.sampled_from(["", "/"]), st.lists(PARTS, min_size=1))


@pytest.mark.parametrize(
    ("inputs", "names"),
    [
        (["/a/x.tar"], ["x.tar"]),
        (["/a/x.tar", "/b/x.tar"], ["a/x.tar", "b/x.tar"]),
        (["/a/x.tar", "/a/y.tar"], ["x.tar", "y.tar"]),
        (["/a/x.tar", "x.tar"], ["a/x.tar", "x.tar"]),
        (["/x.tar", "/a/x.tar"], ["/x.tar", "a/x.tar"]),
        (["a/x.tar", "-", "s3://bucket/x.tar"], ["a/x.tar", "-", "s3://bucket/x.tar"]),
        (["/a/x.tar", "/a/x.tar"], ["x.tar", "x.tar"]),
    ],
)
def test_an_absolute_path_is_named_by_its_last_parts(inputs: list[str], names: list[str]) -> None:
    assert list(short_names(inputs)) == names


@given(st.lists(PATHS))
def test_different_inputs_have_different_names(inputs: list[str]) -> None:
    assert len(set(short_names(inputs))) == len(set(inputs))

"""A name in use gets a number, without regard to letter case."""

from itertools import islice

from hcfmt.generation.names_registry import NamesRegistry


def test_a_taken_name_gets_a_number_within_the_limit() -> None:
    register = NamesRegistry("ALL")
    assert [register.first_free(name, 4) for name in ("all", "abcd", "ABCD", "abcd")] == [
        "all2",
        "abcd",
        "ABC2",
        "abc3",
    ]
    assert not register.is_free("AbC2")


def test_numbered_names_continue_where_they_ended() -> None:
    register = NamesRegistry()
    assert list(islice(register.numbered("a", 9, " "), 3)) == ["a", "a 2", "a 3"]
    assert next(register.numbered("a", 9, " ")) == "a 4"

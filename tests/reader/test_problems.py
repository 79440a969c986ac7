"""Problems are counted all, kept a few, and once for each member however often it is read."""

import pytest

from hcfmt.check.context import CheckContext
from hcfmt.errors import Defect, Fault
from hcfmt.findings import Flaw, Quoted
from hcfmt.reader.problems import KEPT, ProblemError, Problems

FLAW = Flaw("It is {value}.", {"value": Quoted("secret")}, path=("User", "name"))


def test_all_problems_are_counted_and_the_first_of_each_rule_are_kept() -> None:
    problems = Problems(CheckContext(), strict=False)
    for index in range(KEPT + 5):
        problems.add_flaw("HC301", FLAW, "users.json", index)
    problems.add_flaw("HC601", FLAW, "rooms.json", 0)
    assert problems.counts == {"HC301": KEPT + 5, "HC601": 1}
    assert len(problems.kept) == KEPT + 1
    assert str(problems.kept[0].location) == "rooms.json#/0/User/name"
    assert problems.kept[0].message == "It is a string of 6 characters."


def test_a_member_that_is_read_again_has_its_problems_once() -> None:
    problems = Problems(CheckContext(), strict=False)
    for _ in range(3):
        problems.begin("users.json")
        problems.add_flaw("HC301", FLAW, "users.json", 0)
    assert (problems.counts, len(problems.kept)) == ({"HC301": 1}, 1)


def test_a_strict_reading_raises_the_first() -> None:
    problems = Problems(CheckContext(), strict=True)
    with pytest.raises(
        ProblemError, match=r"^HC301 users\.json#/4/User/name: It is a string of 6 characters\.$"
    ) as error:
        problems.add_flaw("HC301", FLAW, "users.json", 4)
    assert error.value.problem.code == "HC301"
    with pytest.raises(Fault, match="cut"):
        problems.add_fault(Defect("gzip-cut", "It is cut."))

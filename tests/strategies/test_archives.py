"""Tests of drawn archives: sound ones are valid, and broken ones break the requested rule."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from hcfmt.check import slice_check
from hcfmt.check.engine import Options, validate
from hcfmt.corpus.breaking import damage_of
from hcfmt.damage import EXCUSED
from hcfmt.errors import UsageError
from hcfmt.export import schema_errors, schema_walk
from hcfmt.export.writer import ArchiveForm
from hcfmt.generation.plan import Plan, planned
from hcfmt.strategies import Sample, archives, broken_archives, worlds
from hcfmt.verdict import Report, Verdict

SLOW = (HealthCheck.too_slow, HealthCheck.filter_too_much)
NARROW = settings(max_examples=6, suppress_health_check=SLOW)
NOTED = {"HC710", "HC436", "HC437", "HC717"}  # renamed rooms, and names of nasty plans


def report(sample: Sample, directory: Path) -> Report:
    path = directory / f"archive{sample.form}"
    path.write_bytes(sample.data)
    return validate(str(path), Options(password=sample.password.encode))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("samples")


@given(worlds(users=3, rooms=2, messages=5, attachments=1, seeds=(7,), locales=("de_DE",)))
@settings(max_examples=50)
def test_a_plan_stays_within_its_bounds(plan: Plan) -> None:
    bounds = {"users": 3, "rooms": 2, "messages": 5, "attachments": 1, "seed": 7}
    assert {name: bound for name, bound in bounds.items() if getattr(plan, name) > bound} == {}
    assert plan.locales == ("de_DE",)


@given(archives(worlds(seeds=(1,))))
@NARROW
def test_every_archive_is_sound(directory: Path, sample: Sample) -> None:
    found = report(sample, directory)
    assert found.verdict is Verdict.VALID
    assert {code for code, times in found.totals.items() if times} <= NOTED
    assert sample.manifest["expected"]["users"]["total"] == sample.plan.users
    assert (sample.rule, sample.answers) == (None, ())


@given(broken_archives())
@NARROW
@pytest.mark.slow
def test_a_broken_archive_breaks_its_rule_alone(directory: Path, sample: Sample) -> None:
    found = {code for code, times in report(sample, directory).totals.items() if times}
    assert sample.rule in found
    assert found <= {sample.rule, *damage_of(sample.rule or "", sample.variant).companions, *NOTED}
    assert {answer.rule for answer in sample.answers} == {sample.rule}


COMPILED: list[tuple[ModuleType, str, Callable[..., object]]] = [
    (slice_check, "_accepted", lambda *_: None),
    (schema_errors, "has_no_flaw", lambda *_: False),
    (schema_walk, "is_accepted", lambda *_: False),
]
"""Functions by which compiled code accepts values, and the functions that replace them and accept none."""


@pytest.mark.parametrize(("module", "name"), [(module, name) for module, name, _ in COMPILED])
def test_a_function_that_accepts_by_compiled_code_has_this_name(module: ModuleType, name: str) -> None:
    assert callable(getattr(module, name))


@given(archives(worlds(seeds=(1,), messages=20)) | broken_archives())
@NARROW
def test_an_examination_record_by_record_agrees_with_compiled_code(directory: Path, sample: Sample) -> None:
    found = report(sample, directory)
    with pytest.MonkeyPatch.context() as patch:
        for module, name, refuse in COMPILED:
            patch.setattr(module, name, refuse, raising=True)
        assert report(sample, directory) == found


@pytest.mark.slow
def test_hypothesis_prints_a_sample_in_short() -> None:
    any_sample = settings(database=None, phases=[Phase.generate])  # to look for the simplest takes a minute
    sample = find(archives(worlds(seeds=(1,), messages=0)), lambda _: True, settings=any_sample)
    printer = RepresentationPrinter()
    printer.pretty(sample)
    assert printer.getvalue() == repr(sample)
    assert len(repr(sample)) < 1_500


@given(broken_archives("unknown-sender", forms=(ArchiveForm.TAR,)))
@settings(NARROW, max_examples=2)
def test_a_rule_and_a_form_can_be_chosen(directory: Path, sample: Sample) -> None:
    assert (sample.rule, sample.form) == ("HC401", ArchiveForm.TAR)
    assert report(sample, directory).totals["HC401"] == 1
    assert "rule='HC401'" in repr(sample)
    assert len(repr(sample)) < sum(len(field.name) for field in fields(Plan)) + 1_000


@pytest.mark.parametrize("rule", ["HC999", *EXCUSED])
def test_a_rule_that_cannot_be_broken_is_refused(rule: str) -> None:
    @given(broken_archives(rule))
    @NARROW
    def never(sample: Sample) -> None:
        raise AssertionError(sample)

    with pytest.raises(UsageError):
        never()


@given(broken_archives("HC107", plans=st.just(planned("tiny", users=1, rooms=0, messages=0))))
@settings(NARROW, max_examples=1)
def test_plans_can_be_given(sample: Sample) -> None:
    assert sample.plan.users == 1

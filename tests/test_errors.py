"""What goes wrong in one process is told in another."""

import pickle

import pytest

from hcfmt.errors import Fault, HcfmtError, UsageError


@pytest.mark.parametrize("error", [Fault("gzip-cut", "It ends too soon.", 7), Fault("x", ""), UsageError("No file.")])
def test_an_error_comes_whole_from_another_process(error: HcfmtError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (type(again), again.args) == (type(error), error.args)
    assert getattr(again, "defect", None) == getattr(error, "defect", None)

"""Archives for tests, made of the documented sample by a recipe."""

from hcfmt.corpus.recipe_sample import PASSWORD, Cooked, cook, sample_members, sample_path
from hcfmt.recipes import UNCHANGED

__all__ = ["PASSWORD", "SAMPLE", "UNCHANGED", "Cooked", "cook", "sample_files"]

SAMPLE = sample_path()


def sample_files() -> dict[str, bytes]:
    """Return the sample's files by path."""
    return {path: content for path, content in sample_members() if not path.endswith("/")}

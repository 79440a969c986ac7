"""Every public function takes a password as text, bytes or a function."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hcfmt import PROFILES, Options, Verdict, break_archive, generate, open_store, validate
from hcfmt.container import Password, open_archive
from hcfmt.errors import UsageError

PLAN = PROFILES["tiny"]
WORD = "pässword \N{SNOWMAN}"
FORMS: dict[str, Password] = {
    "text": WORD,
    "bytes": WORD.encode(),
    "a function that returns text": lambda: WORD,
    "a function that returns bytes": WORD.encode,
}

each_form = pytest.mark.parametrize("password", FORMS.values(), ids=FORMS)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("passwords") / "export.tar.gz.aes"
    generate(path, PLAN, password=WORD)
    return path


@each_form
def test_every_form_of_a_password_validates(archive: Path, password: Password) -> None:
    assert validate(archive, Options(password=password)).verdict is Verdict.VALID


def test_of_several_passwords_the_one_that_fits_opens_an_archive(archive: Path) -> None:
    several = ["another", WORD]
    assert validate(archive, Options(password=several)).verdict is Verdict.VALID
    with open_store(archive, password=iter(several)) as store:
        assert list(store.users())
    with open_archive(str(archive), password=several) as opened:
        assert opened.password == WORD.encode()


@each_form
def test_every_form_of_a_password_generates_the_same_file(archive: Path, password: Password, tmp_path: Path) -> None:
    path = tmp_path / "export.tar.gz.aes"
    generate(path, PLAN, password=password)
    assert path.read_bytes() == archive.read_bytes()


@each_form
def test_every_form_of_a_password_breaks_an_archive(archive: Path, password: Password, tmp_path: Path) -> None:
    broken = break_archive(archive, tmp_path / "broken.tar.gz.aes", "HC202", password=password)
    assert broken.report.totals["HC202"] == 1


@each_form
def test_every_form_of_a_password_opens_a_store(archive: Path, password: Password) -> None:
    with open_store(archive, password=password) as store:
        assert list(store.users())


@pytest.mark.parametrize("password", [5, lambda: None])
@pytest.mark.parametrize(
    "use",
    [
        lambda archive, password, _: validate(archive, Options(password=password)),
        lambda _, password, new: generate(new, PLAN, password=password),
        lambda archive, password, new: break_archive(archive, new, "HC202", password=password),
        lambda archive, password, _: open_store(archive, password=password),
        lambda archive, password, _: open_archive(str(archive), password=password),
    ],
    ids=["validate", "generate", "break_archive", "open_store", "open_archive"],
)
def test_every_function_refuses_another_value(
    use: Callable[[Path, Any, Path], object],
    password: Any,  # noqa: ANN401 - any value
    archive: Path,
    tmp_path: Path,
) -> None:
    new = tmp_path / "new.tar.gz.aes"
    with pytest.raises(UsageError, match="give it as str or bytes, several of them, or a function"):
        use(archive, password, new)
    assert not new.exists()


def test_a_function_is_not_called_where_nothing_is_encrypted(tmp_path: Path) -> None:
    generate(tmp_path / "export.tar", PLAN)
    report = validate(tmp_path / "export.tar", Options(password=lambda: pytest.fail("called")))
    assert report.verdict is Verdict.VALID

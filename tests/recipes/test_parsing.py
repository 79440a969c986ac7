"""A recipe that cannot be read is answered with the line, the column, what is wrong and what would be right."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.errors import UsageError
from hcfmt.recipes import Recipe, RecipeError, parse
from hcfmt.recipes.actions import SetValue, WriteMember
from hcfmt.recipes.statements import STATEMENTS

CASES = [
    ("please", 1, 7, "'=', '+=', '-' or '->' is missing after 'please'. Example: users.json = []"),
    ("users.json == []", 1, 11, "'=', '+=', '-' or '->' is missing after 'users.json'."),
    ("prefx data/", 1, 6, "Did you mean the keyword 'prefix'?"),
    ("a = b\n c = d", 2, 1, "A line begins with a path or a keyword, not with a space."),
    ("users.json#/0/User/id 3", 1, 22, "'=' or '-' is missing here. Example: users.json#/0"),
    ("users.json#/0 += 3", 1, 14, "'=' or '-' is missing here."),
    ("users.json#0/User/id = 3", 1, 12, "A JSON Pointer begins with '/'."),
    (r"users.json#/\xff = 3", 1, 12, "A JSON Pointer is text in UTF-8."),
    ("users.json#/0 = nothing", 1, 17, 'This is not JSON (Expecting value). A text has quotes: "nothing"'),
    ("users.json#/0 = [1, 2", 1, 22, "This is not JSON (Expecting ',' delimiter). Write a text such "),
    ("users.json#/0 =", 1, 17, "This is not JSON (Expecting value)."),
    (f"users.json#/0 = {'[' * 100_000}", 1, 17, "The value nests too deep."),
    (f"users.json#/0 = {'9' * 5_000}", 1, 17, "The value holds a number of too many digits."),
    ("users.json#/0 = 3 * 2", 1, 17, 'Only a text or a list can be repeated. Example: "x" * 300'),
    ('users.json#/0 = "x" * 999999999999', 1, 17, "The repetitions of a recipe expand to at most 67,108,864 bytes."),
    ("a/(n*99999999)/ =", 1, 3, "The repetitions of a recipe expand to at most 67,108,864 bytes."),
    ("users.json - x", 1, 14, "Nothing follows '-', which removes what is before it."),
    ("users.json#/0 - x", 1, 17, "Nothing follows '-', which removes what is before it."),
    ("a -> ", 1, 6, "The target is missing. Example: a -> /etc/passwd"),
    ("digest sha512", 1, 8, "There is no key derivation 'sha512'; there are md5, sha256, pbkdf2."),
    ("layers tar gzip", 1, 8, "There is no order of layers 'tar gzip'; there are aes gzip tar, "),
    ("layers", 1, 7, "Something is missing here. Example: layers gzip tar"),
    ("tar", 1, 4, "Something is missing here. Example: tar cut 700"),
    ("tar cut", 1, 8, "Something is missing here. Example: tar cut 700"),
    ("tar  700", 1, 5, "Something is missing here."),
    ("tar cuts 700", 1, 5, "There is no change of the tar layer 'cuts'; did you mean 'cut'? There are cut, flip, add."),
    ("tar pad x", 1, 5, "There is no change of the tar layer 'pad'; there are cut, flip, add."),
    ("gzip cut twenty", 1, 10, "'twenty' is not a number. Example: gzip cut -20"),
    (f"gzip flip {'9' * 5_000}", 1, 11, "...' is not a number."),
    ("aes pad ab", 1, 9, r"A padding is one byte. Example: aes pad \x00"),
    ("name ../elsewhere", 1, 6, "A name holds no slash and no space. Example: name export.zip"),
    ("option --max-member 5", 1, 8, "There is no option of a check '--max-member'; did you mean '--max-members'?"),
    ("option --max-members -5", 1, 22, "The limit is a number from 0 to "),
    ("option --max-depth 5", 1, 20, "The limit is a number from 16 to 500."),
    ("prefix a b", 1, 9, r"A space in a path is written \x20."),
    ("rename a b c", 1, 11, r"A space in a path is written \x20."),
    ("header users.json 512 a", 1, 19, "A tar header has 512 bytes, which count from 0."),
    ("header users.json 510 abc", 1, 23, "Only 2 bytes of the tar header are left from 510 on."),
    ("header users.json x abc", 1, 19, "'x' is not a number. Example: header users.json 345 old"),
    ("a = \ud800", 1, 5, "Half of a surrogate pair is not text."),
    ("(the documented sample as it is)\nmetadata.json -", 1, 5, "'=', '+=', '-' or '->' is missing after '(the'."),
]  # fmt: skip


@pytest.mark.parametrize(("recipe", "line", "column", "sentence"), CASES, ids=[case[0][:40] for case in CASES])
def test_an_error_has_its_place_and_an_example(recipe: str, line: int, column: int, sentence: str) -> None:
    with pytest.raises(RecipeError) as caught:
        parse(recipe)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert str(caught.value).startswith(f"Recipe, line {line}, column {column}: ")
    assert sentence in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("recipe", ["x" * ((1 << 20) + 1), "\n" * 10_000])
def test_a_recipe_is_bounded(recipe: str) -> None:
    with pytest.raises(RecipeError, match=r"A recipe has at most 1?[0,]+"):
        parse(recipe.replace("x", "a"))


def test_repetitions_of_all_lines_count_together() -> None:
    line = 'a.json#/a = "x" * 7000000'
    assert len(parse("\n".join([line] * 3)).lines) == 3
    with pytest.raises(RecipeError, match=r"^Recipe, line 4, column 13: "):
        parse("\n".join([line] * 4))


def test_empty_lines_comments_and_windows_line_ends_are_accepted() -> None:
    recipe = parse("# a comment\r\n\r\nusers.json#/0 = 1\r\n   \nb = x \n")
    assert recipe == Recipe(((3, SetValue("users.json", ("0",), b"1")), (5, WriteMember("b", b"x "))))


@pytest.mark.parametrize("word", STATEMENTS)
def test_a_member_named_like_a_keyword_is_written_with_an_escape(word: str) -> None:
    (line,) = parse(f"\\x{ord(word[0]):02x}{word[1:]} = x").lines
    assert line == (1, WriteMember(word, b"x"))


ODD = st.sampled_from([*'"#/=->*()\\x1[ ', "\n", "\r", "\ud800", "\udce9"])
TEXTS = st.text(ODD | st.characters(), max_size=40)
LINES = TEXTS | st.builds("{} {}".format, st.sampled_from(sorted(STATEMENTS)) | TEXTS, TEXTS)


@given(st.lists(LINES, max_size=4).map("\n".join))
def test_any_text_is_a_recipe_or_an_error_in_words(text: str) -> None:
    with suppress(UsageError):
        parse(text)
        return
    with pytest.raises(RecipeError, match=r"^Recipe, line [1-9]"):
        parse(text)

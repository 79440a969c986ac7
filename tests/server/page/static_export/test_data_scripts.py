"""Data as scripts: the same value to JavaScript, whatever is in it."""

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.container.new_tree import NewTree
from hcfmt.server.page.static_export.data_scripts import DataScripts, script_text

TEXTS = st.text() | st.sampled_from(["</script>", "<!--", "\u2028", "\u2029", "__proto__", '"__proto__":', "\\"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)


def test_a_file_calls_the_function_with_its_name_and_value(tmp_path: Path) -> None:
    tree = NewTree(str(tmp_path / "out"))
    DataScripts(tree).write("messages/room-1/0", [1])
    tree.close()
    script = (tmp_path / "out" / "data" / "messages" / "room-1" / "0.js").read_bytes()
    assert script == b'hcfmtData("messages/room-1/0",[1]);\n'


@given(VALUES)
def test_a_script_is_json_but_for_the_property_that_is_no_property(value: object) -> None:
    text = script_text(value)
    assert orjson.loads(text.replace(b'["__proto__"]:', b'"__proto__":')) == value or b'["__proto__"]' in text
    assert not any(special in text for special in (b"</", b"<!", "\u2028".encode(), "\u2029".encode()))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"__proto__": 1, "a": "__proto__"}, '{["__proto__"]:1,"a":"__proto__"}'),
        ({'"__proto__': 1}, '{"\\"__proto__":1}'),
        ("</script><!--", r'"<\/script><\u0021--"'),
        ("\u2028\u2029", r'"\u2028\u2029"'),
    ],
)
def test_what_a_script_would_misread_is_escaped(value: object, text: str) -> None:
    assert script_text(value).decode() == text

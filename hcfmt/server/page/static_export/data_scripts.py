"""Writes data as scripts, which a page from file: may load: each calls ``hcfmtData`` with its name and its value."""

import re
from typing import Any

import orjson

from hcfmt.container.new_tree import NewTree

# What JSON allows and a script would take for something else: the end of an embedded script, the beginning of a
# comment, and, before ECMAScript 2019, ends of lines.
_ESCAPED = {b"</": rb"<\/", b"<!": rb"<\u0021", b"\xe2\x80\xa8": rb"\u2028", b"\xe2\x80\xa9": rb"\u2029"}
_PROTOTYPE = re.compile(rb'(?<!\\)"__proto__":')  # a property in JSON, but the prototype of the object in a script


class DataScripts:
    """Writes the files below ``data/``."""

    def __init__(self, tree: NewTree) -> None:
        """Take the directory of the page."""
        self._tree = tree

    def write(self, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Write a value under a name, such as ``messages/room-1/0``, which is a path below ``data/``, too."""
        *above, last = name.split("/")
        script = [b'hcfmtData("', name.encode(), b'",', script_text(value), b");\n"]
        self._tree.write_file(("data", *above, f"{last}.js"), script)


def script_text(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return a JSON value as an expression of JavaScript that is the same value."""
    text = orjson.dumps(value)
    for special, escaped in _ESCAPED.items():
        text = text.replace(special, escaped)
    return _PROTOTYPE.sub(b'["__proto__"]:', text) if b"__proto__" in text else text

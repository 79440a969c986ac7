"""Archives for tests of receipts: members packed in every form, and their receipts."""

import io

from hypothesis import strategies as st

from hcfmt import Options, validate
from hcfmt.receipts import Receipt
from tests.support.builders import END, PASSWORD, encrypted, entry, zipped

Members = tuple[tuple[str, bytes], ...]

FORMS = ("tar", "tar.gz", "tar.gz.aes", "tar.aes", "tar with dots", "tar with directories")

PATHS = (
    "users.json",
    "rooms.json",
    "rooms/1/history.json",
    "users/2/history.json",
    "rooms/1/files/BcudLU14VxUEeUK/plan of Zaphod.pdf",
    "files/img/emoticons/1/zaphod-1500000000.png",
    "users/files/abcdefghijklmno/Beeblebrox.docx",
    "notes/Zaphod.txt",
    "a name\nwith a line break%0A",
)

ODD_PATHS = ("/users.json", "../users.json", "Users.JSON")
"""Paths that no test writes: they lead elsewhere, or to another file on some systems."""

MEMBERS = st.dictionaries(st.sampled_from(PATHS + ODD_PATHS), st.binary(max_size=40), max_size=6).map(
    lambda x: tuple(x.items())
)


def packed(members: Members, form: str) -> bytes:
    """Return members as an archive of a form."""
    tar = tar_of(members, form)
    inner = zipped(tar) if ".gz" in form else tar
    return encrypted(inner) if form.endswith(".aes") else inner


def tar_of(members: Members, form: str) -> bytes:
    """Return the tar inside an archive of a form."""
    prefix = "./" if form == "tar with dots" else ""
    directories = {path.rpartition("/")[0] for path, _ in members} - {""} if form == "tar with directories" else ()
    return b"".join(
        [
            *(entry(f"{path}/".encode(), flag=b"5") for path in sorted(directories)),
            *(entry((path if path.startswith("/") else prefix + path).encode(), content) for path, content in members),
            END,
        ]
    )


def receipt_of(data: bytes) -> Receipt:
    """Return the receipt of the bytes of an archive."""
    receipt = validate(io.BytesIO(data), Options(password=PASSWORD, receipt=True)).receipt
    assert receipt
    return receipt

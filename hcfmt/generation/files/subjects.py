"""What files show: a table of subjects, which chooses their kinds, and draws the pictures among them."""

from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple

from PIL import Image

from hcfmt.generation.files.photos import landscape, lunch, office, pet, whiteboard
from hcfmt.generation.files.screenshots import chart, design, error, recording

Frames = list[Image.Image]


class Subject(NamedTuple):
    """A subject: of a hundred files that a company's people send how many show it, and the kinds of these files.

    ``draw`` returns the frames of the picture that such a file is or contains; only a recording has several.
    """

    share: int
    kinds: tuple[str, ...]
    draw: Callable[[Random], Frames]


def _still(draw: Callable[[Random], Image.Image]) -> Callable[[Random], Frames]:
    return lambda random: [draw(random)]


SUBJECTS: Mapping[str, Subject] = {
    "screenshot_error": Subject(14, ("png",), _still(error)),
    "screenshot_chart": Subject(12, ("png",), _still(chart)),
    "screenshot_design": Subject(7, ("png",), _still(design)),
    "photo_lunch": Subject(7, ("jpg",), _still(lunch)),
    "photo_office": Subject(6, ("jpg",), _still(office)),
    "photo_landscape": Subject(6, ("jpg",), _still(landscape)),
    "photo_pet": Subject(4, ("jpg",), _still(pet)),
    "whiteboard": Subject(4, ("jpg",), _still(whiteboard)),
    "recording": Subject(6, ("gif",), recording),
    "report": Subject(6, ("pdf",), _still(chart)),
    "slides": Subject(3, ("pdf",), _still(design)),
    "contract": Subject(2, ("pdf",), _still(landscape)),
    "notes": Subject(9, ("docx", "docx", "txt"), _still(whiteboard)),
    "log": Subject(5, ("log", "log", "log", "txt"), _still(error)),
    "table": Subject(3, ("csv",), _still(chart)),
    "backup": Subject(3, ("zip",), _still(chart)),
    "data": Subject(2, ("json",), _still(chart)),
    "binary": Subject(1, ("bin",), _still(chart)),
}
"""The subjects by name; a kind that is there twice is twice as frequent."""

"""Strategies for whole exports: small plans, archives generated from plans, and archives with one broken rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from hcfmt.container.private_files import temporary_directory
from hcfmt.corpus.breaking import break_archive, damage_of
from hcfmt.damage import DAMAGES, VARIANTS
from hcfmt.errors import UsageError
from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.editing import Answer
from hcfmt.export.writer import ArchiveForm
from hcfmt.generation.generate import generate
from hcfmt.generation.plan import Plan, planned
from hcfmt.generation.plan_fields import LARGEST_LEAST

PASSWORD = "hipchat"  # noqa: S105 - of generated archives, so no secret
_FORMS = tuple(form for form in ArchiveForm if form is not ArchiveForm.DIRECTORY)
_SEEDS = (1, 2, 3)  # few, as Faker takes half a second for each
_FIRST, _LAST = date(2010, 1, 1), date(2018, 12, 31)  # HipChat's years
_SHARES = (0.0, 0.25, 0.5, 1.0)
_RESULTS = 32  # cached archives


@dataclass(frozen=True, slots=True)
class Sample:
    """An archive: the bytes of the file, its form, its password if it is encrypted, and its plan.

    ``manifest`` has the ids, counts and statistics that a reader should find; for a broken archive, those before the
    damage. ``rule`` is the code of the broken rule, ``variant`` the name of the way (None for the usual one), and
    ``answers`` are the changes.
    """

    data: bytes
    form: ArchiveForm
    password: str
    plan: Plan
    manifest: Mapping[str, Any]
    rule: str | None = None
    answers: tuple[Answer, ...] = ()
    variant: str | None = None

    def __repr__(self) -> str:
        """Return a short text without the archive's bytes."""
        broken = f", rule={self.rule!r}" if self.rule else ""
        broken += f", variant={self.variant!r}" if self.variant else ""
        return f"Sample({len(self.data):,} bytes of {self.form}{broken}, plan={self.plan})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ANN401, FBT001 - the protocol of IPython
        """Print the same short text in Hypothesis, which otherwise prints every field of a dataclass."""
        printer.text("Sample(...)" if cycle else repr(self))


@st.composite
def worlds(
    draw: st.DrawFn,
    *,
    users: int = 8,
    rooms: int = 4,
    messages: int = 40,
    attachments: int = 3,
    seeds: tuple[int, ...] = _SEEDS,
    locales: tuple[str, ...] = ("en_US",),
    dialects: tuple[str, ...] = (HC_MIGRATE,),
) -> Plan:
    """Return a strategy for plans of small exports.

    ``users``, ``rooms``, ``messages`` and ``attachments`` are the greatest numbers drawn; names of people come from one
    or two of ``locales``, and the form from one of ``dialects``. Plans shrink to one user without rooms. There are few
    seeds, as the first draw with each takes half a second.
    """
    user_count = draw(st.integers(1, users))
    guests = draw(st.integers(0, user_count - 1))
    room_count = draw(st.integers(0, rooms))
    archived = draw(st.integers(0, room_count))
    share = draw(st.sampled_from(_SHARES))  # drawn without rooms too: equal draws shrink best
    private = share if room_count else 1.0
    message_count = draw(st.integers(min(1, room_count), max(1, messages)))  # a plan with rooms needs a message
    notified = min(draw(st.sampled_from(_SHARES)), 1 - private)
    files = draw(st.integers(0, min(attachments, message_count - round(message_count * notified))))
    since = draw(st.dates(_FIRST, _LAST))
    return Plan(
        users=user_count,
        guests=guests,
        deleted_users=draw(st.integers(0, user_count - 1 - guests)),
        rooms=room_count,
        private_rooms=draw(st.integers(0, room_count)),
        archived_rooms=archived,
        deleted_rooms=draw(st.integers(0, room_count - archived)),
        renamed_rooms=draw(st.integers(0, room_count)),
        messages=message_count,
        private_share=private,
        notification_share=notified,
        attachments=files,
        attachment_bytes=files * LARGEST_LEAST + draw(st.integers(0, 20_000)) if files else 0,
        emoticons=draw(st.integers(0, 2)),
        since=since,
        until=since + timedelta(days=draw(st.integers(7, 400))),
        locales=tuple(draw(st.lists(st.sampled_from(locales), min_size=1, max_size=2, unique=True))),
        seed=draw(st.sampled_from(seeds)),
        nasty=draw(st.booleans()),
        dialect=draw(st.sampled_from(dialects)),
    )


def archives(
    plans: st.SearchStrategy[Plan] | None = None, forms: tuple[ArchiveForm, ...] = _FORMS
) -> st.SearchStrategy[Sample]:
    """Return a strategy for sound archives, generated from plans (``worlds()`` by default) in one of some forms.

    A draw takes about a tenth of a second: run few examples, and suppress ``HealthCheck.too_slow``.
    """
    return st.builds(_sound, worlds() if plans is None else plans, st.sampled_from(forms))


@st.composite
def broken_archives(
    draw: st.DrawFn,
    rule: str | None = None,
    *,
    plans: st.SearchStrategy[Plan] | None = None,
    forms: tuple[ArchiveForm, ...] = _FORMS[:1],
) -> Sample:
    """Return a strategy for archives in which one rule is broken once: the rule of a code or name, or any rule.

    It is broken in any of its ways (``hcfmt break --list``), of which the usual one is the simplest.
    The default ``plans`` have something of everything, so that every rule can be broken; an export that lacks what a
    damage changes is not drawn. Raises UsageError for an unknown rule, and for a rule that cannot be broken.
    """
    code = damage_of(rule).code if rule else draw(st.sampled_from(list(DAMAGES)))
    variant = draw(st.sampled_from([None, *VARIANTS.get(code, ())]))
    plan = draw(_rich() if plans is None else plans)
    sample = _broken(plan, draw(st.sampled_from(forms)), code, variant, draw(st.integers(1, 100)))
    return sample or reject()


def _rich() -> st.SearchStrategy[Plan]:
    """Return a strategy for plans with something of everything."""
    return st.builds(
        lambda seed, nasty: planned(
            "tiny", users=12, guests=2, deleted_users=2, rooms=6, private_rooms=2, archived_rooms=1, deleted_rooms=1,
            messages=150, attachments=8, attachment_bytes=120_000, emoticons=3, seed=seed, nasty=nasty,
        ),
        st.sampled_from(_SEEDS),
        st.booleans(),
    )  # fmt: skip


@lru_cache(_RESULTS)
def _sound(plan: Plan, form: ArchiveForm) -> Sample:
    with temporary_directory() as directory:
        path = Path(directory, f"sound{form}")
        manifest = generate(str(path), plan, password=PASSWORD if form is ArchiveForm.ENCRYPTED else None)
        return Sample(path.read_bytes(), form, PASSWORD, plan, manifest)


@lru_cache(_RESULTS)
def _broken(plan: Plan, form: ArchiveForm, code: str, variant: str | None, seed: int) -> Sample | None:
    """Return the sample with a broken rule; None if the export lacks what the damage changes."""
    sound = _sound(plan, form)
    with temporary_directory() as directory:
        before, after = Path(directory, f"sound{form}"), Path(directory, f"broken{form}")
        before.write_bytes(sound.data)
        try:
            broken = break_archive(str(before), str(after), code, variant=variant, seed=seed, password=PASSWORD)
        except UsageError:
            return None
        data = after.read_bytes()
        return Sample(data, form, PASSWORD, plan, sound.manifest, code, broken.answers, variant)

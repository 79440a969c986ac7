"""Fixes of what is around the members: encryption, compression and the tar, which are made anew."""

from hcfmt.fixes.plan import Plan


def misnamed_container(plan: Plan) -> None:
    """Write the layers that the name promises."""
    plan.around({"layers": [*plan.archive.layers]}, {"layers": [*plan.form.layers]})


def encrypted_again(plan: Plan) -> None:
    """Encrypt with the key derivation that importers expect."""
    plan.digest = "md5"
    plan.around({"digest": plan.archive.digest}, {"digest": plan.digest})


def packed_once(plan: Plan) -> None:
    """Write each layer once."""
    plan.around({"layers": [*plan.archive.layers]}, {"layers": [*plan.form.layers]})


def end_written_anew(plan: Plan) -> None:
    """Write the end of each layer as it should be, with nothing behind it."""
    plan.around({"end": "as it was"}, {"end": "written anew"})


def header_written_anew(plan: Plan) -> None:
    """Write the headers of members as every reader of tar understands them."""
    plan.around({"headers": "as they were"}, {"headers": "written anew"})

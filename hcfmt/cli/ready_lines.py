"""What ``hcfmt serve`` prints when it is ready: a text for a person at a terminal, one line of JSON for a program."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hcfmt.report.text_style import json_text
from hcfmt.report.visible_text import visible

if TYPE_CHECKING:
    from hcfmt.server.running import Running


def ready_lines(running: "Running", *, is_terminal: bool) -> Iterator[str]:
    """Yield the lines that tell where a server is reached and, in a terminal, how to end it."""
    if is_terminal:
        yield from _text(running)
    else:
        yield json_text(_fields(running))


def _text(running: "Running") -> Iterator[str]:
    yield f"Page:   {running.page}"
    yield f"Docs:   {running.url}/docs"
    yield f"API:    {running.api}"
    yield f"Token:  {running.token}"
    if running.tls_url and running.certificate:
        yield f"TLS:    {running.tls_url}, with the certificate {visible(str(running.certificate))}"
    yield "Ctrl-C ends the server."


def _fields(running: "Running") -> dict[str, str]:
    fields = {"url": running.url, "api": running.api, "token": running.token}
    if running.tls_url and running.certificate:
        fields |= {"tls_url": running.tls_url, "certificate": str(running.certificate)}
    return fields

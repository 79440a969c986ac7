"""The head of a request: a target that is not encoded is mended, and a head beyond the limit is refused."""

import re

import h11

HEAD_ENDS = b"\r\n\r\n"
TOO_LONG = 431  # the status for a head beyond the limit (RFC 6585, 5)
_REQUEST_LINE = re.compile(rb"([A-Z]+) (.*) (HTTP/1\.[01]\r?)", re.DOTALL)
# Who sends both may mean to have one server see another request where the next sees a body (RFC 9112, 6.1).
_LENGTHS = {b"content-length", b"transfer-encoding"}
_ODD = re.compile(rb"[^\x21-\x7e]")


class Heads(h11.Connection):
    """HTTP as h11 reads it, with a limit for every head: h11 has one only for what is not yet whole.

    ``is_too_long`` tells, after an h11.RemoteProtocolError, whether that was why.
    """

    def __init__(self, limit: int) -> None:
        """Read what a client sends, with at most so many bytes before the end of a head."""
        super().__init__(h11.SERVER, limit)
        self.is_too_long = False
        self._limit = limit

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """Return what comes next; raises h11.RemoteProtocolError for what is no HTTP, or a head that is too long."""
        before = len(self.trailing_data[0]) if self.their_state is h11.IDLE else 0
        try:
            event = super().next_event()
        except h11.RemoteProtocolError as error:
            self.is_too_long = error.error_status_hint == TOO_LONG
            raise
        if isinstance(event, h11.Request):
            if before - len(self.trailing_data[0]) > self._limit:
                self.is_too_long = True
                raise h11.RemoteProtocolError("The head is too long", error_status_hint=TOO_LONG)
            if {name for name, _ in event.headers} >= _LENGTHS:
                raise h11.RemoteProtocolError("The body has two lengths")
        return event


def mended(data: bytes) -> bytes:
    """Return the beginning of a request with a target in which all is encoded that has to be, such as blanks."""
    line, newline, rest = data.partition(b"\n")
    match = _REQUEST_LINE.fullmatch(line)
    if match is None or not _ODD.search(match[2]):
        return data
    target = _ODD.sub(lambda odd: b"%%%02X" % odd[0][0], match[2])
    return b"%s %s %s%s%s" % (match[1], target, match[3], newline, rest)

"""Operations on emoticons."""

from hcfmt.server.api import objects
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import paging, representations
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.store import Record


def get_all_emoticons(call: Call) -> ApiResponse:
    """List the emoticons of the group by ascending id; an export holds no global ones."""
    is_global = call.query.get("type") == "global"

    def fetch(start: int, size: int) -> list[Record]:
        return [] if is_global else call.store.emoticons(start=start, size=size)

    def represent(record: Record) -> objects.Object:
        return objects.emoticon_ref(call.links, record)

    body = paging.collection(call, call.links.to("emoticon"), fetch, represent)
    return ApiResponse(body=representations.expand(call, body))


def get_emoticon(call: Call) -> ApiResponse:
    """Return an emoticon by id or shortcut."""
    key = call.path["emoticon_id_or_shortcut"]
    record = call.store.find_emoticon(key)
    if record is None:
        raise ApiError(404, f"Emoticon {key[:100]} not found")
    return ApiResponse(body=representations.expand(call, representations.emoticon(call, record)))

"""Histories: order, pages, bounds, private messages."""

from datetime import datetime
from itertools import chain, islice
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.server.api import tokens
from hcfmt.server.errors import ApiError
from hcfmt.server.store import Chat
from tests.support import conformance
from tests.support import store_exports as exports
from tests.support.api import BASE, MAIN, Api

FAR = "date=2100-01-01"


def rooms(api: Api) -> list[int]:
    return [room["id"] for room in api.store.rooms(archived=True, size=1_000)]


def busiest(api: Api) -> int:
    return max(rooms(api), key=lambda room: api.store.count_history(Chat(room=room)))


def whole_history(api: Api, room: int, query: str = FAR) -> list[dict[str, Any]]:
    """Return a room's history in one page, the oldest message first."""
    page = api.room("getRoomHistory", room, f"{query}&max-results=1000").body
    assert "next" not in page["links"]
    items: list[dict[str, Any]] = page["items"]
    return items


def ids(messages: list[dict[str, Any]]) -> list[str]:
    return [message["id"] for message in messages]


def test_a_history_is_sorted_oldest_first(api: Api) -> None:
    room = busiest(api)
    messages = whole_history(api, room)
    assert len(messages) == api.store.count_history(Chat(room=room)) > 100  # more than a page
    assert [message["date"] for message in messages] == sorted(message["date"] for message in messages)


def test_recent_means_the_latest_75_without_other_pages(api: Api) -> None:
    room = busiest(api)
    for query in ("", "date=recent", "date=RECENT", "date=recent&start-index=10", "date=recent&max-results=1000"):
        page = api.room("getRoomHistory", room, query).body
        assert ids(page["items"]) == ids(whole_history(api, room)[-75:])
        assert page["links"] == {"self": f"{BASE}/room/{room}/history"}
        assert page["startIndex"] == 0


def test_recent_accepts_fewer_than_75(api: Api) -> None:
    room = busiest(api)
    page = api.room("getRoomHistory", room, "max-results=5").body
    assert (ids(page["items"]), page["maxResults"]) == (ids(whole_history(api, room)[-5:]), 5)


def test_recent_is_bounded_by_an_end_date(api: Api) -> None:
    room = busiest(api)
    messages = whole_history(api, room)
    page = api.room("getRoomHistory", room, f"end-date={quote(messages[-30]['date'])}").body
    assert ids(page["items"]) == ids(messages[-30:])
    assert api.room("getRoomHistory", room, "end-date=2099-01-01").body["items"] == []
    assert ids(api.room("getRoomHistory", room, "end-date=1999-01-01").body["items"]) == ids(messages[-75:])


@pytest.mark.parametrize(
    "query", [f"{FAR}&end-date=null", f"{FAR}&end-date=null&timezone=Asia/Tokyo", f"{FAR}&end-date="]
)
def test_an_end_date_of_null_has_no_effect(api: Api, query: str) -> None:
    room = busiest(api)
    assert ids(whole_history(api, room, query)) == ids(whole_history(api, room))


def test_reverse_applies_to_the_page_only(api: Api) -> None:
    room = busiest(api)
    forward = api.room("getRoomHistory", room, f"{FAR}&start-index=3&max-results=4").body["items"]
    backward = api.room("getRoomHistory", room, f"{FAR}&start-index=3&max-results=4&reverse=False").body["items"]
    assert ids(forward) == ids(whole_history(api, room)[-7:-3])
    assert forward == backward[::-1]


def test_next_and_prev_repeat_the_query_without_the_token(api: Api) -> None:
    room = busiest(api)
    query = f"{FAR}&timezone=Asia/Tokyo&max-results=10&start-index=20&reverse=false&include_deleted=false&auth_token=x"
    links = api.room("getRoomHistory", room, query).body["links"]
    expected = {
        "date": ["2100-01-01"],
        "timezone": ["Asia/Tokyo"],
        "max-results": ["10"],
        "reverse": ["false"],
        "include_deleted": ["false"],
    }
    queries = {name: parse_qs(urlsplit(links[name]).query) for name in ("next", "prev")}
    assert links["self"] == f"{BASE}/room/{room}/history"
    assert {name: item.pop("start-index") for name, item in queries.items()} == {"next": ["30"], "prev": ["10"]}
    assert queries == {"next": expected, "prev": expected}


@pytest.mark.parametrize("query", [f"{FAR}&max-results=0", f"{FAR}&start-index=1000000000", "date=1999-01-01"])
def test_an_empty_page_has_no_next_page(api: Api, query: str) -> None:
    page = api.room("getRoomHistory", busiest(api), query).body
    assert (page["items"], "next" in page["links"]) == ([], False)


def test_date_is_an_exclusive_upper_bound(api: Api) -> None:
    messages = whole_history(api, busiest(api))
    bound = messages[40]["date"]
    for spelling in (bound, bound.replace("+00:00", "Z"), bound.replace("+", " ")):
        page = whole_history(api, busiest(api), f"date={quote(spelling)}")
        assert ids(page) == ids([message for message in messages if message["date"] < bound])


def test_paging_by_the_oldest_date_ends(api: Api) -> None:
    room, date = busiest(api), "2100-01-01"
    messages: list[dict[str, Any]] = []
    while page := api.room("getRoomHistory", room, f"date={quote(date)}&max-results=50").body["items"]:
        messages = page + messages
        date = page[0]["date"]
    assert ids(messages) == ids(whole_history(api, room))


def test_end_date_is_an_inclusive_lower_bound(api: Api) -> None:
    messages = whole_history(api, busiest(api))
    first, last = messages[20]["date"], messages[60]["date"]
    page = whole_history(api, busiest(api), f"date={quote(last)}&end-date={quote(first)}")
    assert ids(page) == ids([message for message in messages if first <= message["date"] < last])


def test_dates_are_in_the_time_zone_and_responses_in_utc(api: Api) -> None:
    room = busiest(api)
    day = datetime.fromisoformat(whole_history(api, room)[30]["date"]).date()
    tokyo = whole_history(api, room, f"date={day}&timezone=Asia/Tokyo")
    assert ids(tokyo) == ids(whole_history(api, room, f"date={day}T00:00:00{quote('+')}09:00"))
    assert all(message["date"].endswith("+00:00") for message in tokyo)


def test_an_end_date_with_another_time_zone_is_unauthorized(api: Api) -> None:
    query = f"{FAR}&end-date=2018-01-01"
    for zone in ("UTC", "utc"):
        assert api.room("getRoomHistory", busiest(api), f"{query}&timezone={zone}").body["items"]
    with pytest.raises(ApiError) as excinfo:
        api.room("getRoomHistory", busiest(api), f"{query}&timezone=Asia/Tokyo")
    assert (excinfo.value.status, excinfo.value.message) == (401, "Invalid OAuth session")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("date=yesterday", "date"),
        (f"{FAR}&end-date=2018-02-30", "end-date"),
        ("end-date=2018-02-30", "end-date"),
        ("timezone=Nowhere", "timezone"),
        (f"{FAR}&timezone=Nowhere", "timezone"),
        ("max-results=1001", "max-results"),
        ("start-index=-1", "start-index"),
        ("reverse=perhaps", "reverse"),
    ],
)
def test_an_invalid_parameter_is_refused_with_its_name(api: Api, query: str, field: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        api.room("getRoomHistory", busiest(api), query)
    assert (excinfo.value.status, excinfo.value.details["field"]) == (400, field)


def test_deleted_messages_have_no_text_and_can_be_excluded() -> None:
    records = [("UserMessage", exports.room_message(at, at, deleted=at == 2)) for at in (1, 2, 3)]
    with exports.store_of(exports.members([exports.user(1)], [exports.room(7)], {"rooms/7": records})) as store:
        tokens.put_main_token(store, MAIN)
        api, deleted = Api(store), exports.uuid(2)
        message = api("getRoomMessage", {"id_or_name": 7, "message_id": deleted}).body["message"]
        assert message["message"] == ""
        assert ids(whole_history(api, 7)) == [exports.uuid(1), deleted, exports.uuid(3)]
        assert ids(whole_history(api, 7, f"{FAR}&include_deleted=false")) == [exports.uuid(1), exports.uuid(3)]
        with pytest.raises(ApiError, match="not found"):
            api("getRoomMessage", {"id_or_name": 7, "message_id": deleted}, "include_deleted=false")


def test_the_latest_messages_are_sorted_oldest_first(api: Api) -> None:
    room = busiest(api)
    messages = whole_history(api, room)
    page = api.room("getLatestRoomHistory", room).body
    assert ids(page["items"]) == ids(messages[-75:])
    assert page["links"] == {"self": f"{BASE}/room/{room}/history/latest"}
    assert (page["startIndex"], page["maxResults"]) == (0, 75)
    assert ids(api.room("getLatestRoomHistory", room, "max-results=3").body["items"]) == ids(messages[-3:])


def test_not_before_bounds_the_latest_messages(api: Api) -> None:
    room = busiest(api)
    messages = whole_history(api, room)
    query = f"not-before={messages[-10]['id'].upper()}"
    assert ids(api.room("getLatestRoomHistory", room, query).body["items"]) == ids(messages[-10:])
    with pytest.raises(ApiError) as excinfo:
        api.room("getLatestRoomHistory", room, "not-before=nothing")
    assert (excinfo.value.status, excinfo.value.message) == (404, "Message nothing not found")


def test_a_single_message_equals_that_of_the_history(api: Api) -> None:
    room = busiest(api)
    for message in islice(whole_history(api, room), 20):
        body = api("getRoomMessage", {"id_or_name": room, "message_id": message["id"].upper()}).body
        assert body == {"message": message}


def test_a_private_history_has_the_messages_of_two_users(api: Api) -> None:
    users = [user["id"] for user in api.store.users(guests=True, deleted=True, size=100)]
    for peer in users:
        page = api.user("getUserHistory", peer, f"{FAR}&max-results=1000").body
        assert page["links"]["self"] == f"{BASE}/user/{peer}/history"
        assert {item["from"]["id"] for item in page["items"]} <= {api.owner, peer}
        for item in page["items"][:3]:
            path = {"id_or_email": peer, "message_id": item["id"]}
            assert api("getUserMessage", path).body == {"message": item}
        latest = api.user("getLatestUserHistory", peer).body
        assert ids(latest["items"]) == ids(page["items"][-75:])


def test_both_users_see_the_same_private_history(api: Api) -> None:
    user, peer = next(
        (a["id"], b["id"])
        for a in api.store.users()
        for b in api.store.users()
        if a["id"] < b["id"] and api.store.count_history(Chat(owner=a["id"], peer=b["id"]))
    )
    own_page = api.as_user(user).user("getUserHistory", peer, FAR).body["items"]
    peer_page = api.as_user(peer).user("getUserHistory", user, FAR).body["items"]
    assert own_page
    assert own_page == peer_page


def test_an_addon_has_no_private_history(api: Api) -> None:
    with pytest.raises(ApiError) as excinfo:
        api.as_addon().user("getUserHistory", api.owner)
    assert excinfo.value.status == 403


@settings(max_examples=25)
@given(size=st.integers(min_value=1, max_value=300), reverse=st.booleans(), data=st.data())
def test_paging_through_any_history_yields_every_message_once_in_order(
    nasty: Api, size: int, data: st.DataObject, *, reverse: bool
) -> None:
    room = data.draw(st.sampled_from(rooms(nasty)))
    query = f"{FAR}&max-results={size}&reverse={str(reverse).lower()}"
    pages = [page["items"] for page in nasty.pages("getRoomHistory", {"id_or_name": room}, query)]
    messages = chain.from_iterable(page[::-1] if reverse else page for page in pages)
    stored = nasty.store.history(Chat(room=room), size=1_000)
    assert ids(list(messages)) == [message.record["id"].lower() for message in stored]
    assert all(len(page) == size for page in pages[:-1])


def test_every_message_of_a_nasty_archive_has_a_proven_set_of_keys(nasty: Api) -> None:
    key_sets = set()
    for room in rooms(nasty):
        for message in whole_history(nasty, room):
            assert set(message) in conformance.MESSAGE_KEYS[message["type"]]
            key_sets.add(frozenset(message))
    for user in nasty.store.users(size=1_000):
        client = nasty.as_user(user["id"])
        for peer in nasty.store.users(guests=True, deleted=True, size=1_000):
            page = client.user("getUserHistory", peer["id"], f"{FAR}&max-results=1000").body
            assert all(set(item) in conformance.MESSAGE_KEYS["message"] for item in page["items"])
    assert len(key_sets) >= 4

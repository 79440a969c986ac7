"""Webhook queue: finds the webhooks of an event and delivers to them, in order, from one thread."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hcfmt.errors import UsageError
from hcfmt.export.safe_regex import matches
from hcfmt.server import json_rendering
from hcfmt.server.api.links import with_parameters
from hcfmt.server.api.webhook_delivery import TIMEOUT, UndeliverableError, exchange
from hcfmt.server.errors import ApiError
from hcfmt.server.redaction import redact_text
from hcfmt.server.settings import without_brackets

if TYPE_CHECKING:
    from hcfmt.server.api.events import Event
    from hcfmt.server.store import Store

KIND = "webhook"
"""The kind of the store's documents that hold webhooks, each under its id.

Read here are ``room`` (an id, or None for all), ``event``, ``url``, ``pattern`` (or None) and ``oauth_client_id`` (may
be absent).
"""

OF_ANY_ROOM = frozenset({"room_created"})
"""Events that go to the webhooks of every room: the new room has none of its own yet."""

_SUCCESSES = range(200, 300)

MAX_QUEUED = 1_000  # deliveries; further ones are listed as failed
MAX_LISTED = 1_000  # deliveries
MAX_BYTES = 16 << 20  # of all queued bodies, and of all listed ones


@dataclass(frozen=True, slots=True)
class Reply:
    """The JSON that the receiver of a webhook answered, for the room of its event.

    ``client`` is the oauthId of the add-on that created the webhook, None for a user's. ``base`` is that of the links
    in the payload.
    """

    room: int
    client: str | None
    base: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Delivery:
    """A payload for one webhook, and its body as JSON; ``signature`` is a JSON Web Token, or empty."""

    webhook: int
    url: str
    payload: Mapping[str, Any]
    body: bytes
    room: int
    client: str | None
    base: str
    signature: str


class WebhookQueue:
    """Queue of deliveries in the order of their events. Thread-safe; its thread starts with the first delivery."""

    def __init__(
        self,
        store: "Store",
        hosts: Iterable[str] = (),
        sign: "Callable[[str, Event], str]" = lambda *_: "",
        reply: "Callable[[Reply], Iterable[Event]]" = lambda _: (),
    ) -> None:
        """Deliver to the webhooks of ``store``: to this machine, and to ``hosts`` by name whatever their addresses.

        ``sign`` returns the token of a delivery to an add-on, empty for none. ``reply`` posts what a receiver answers,
        and returns the events of that; it raises ApiError for what cannot be posted.
        """
        self._store = store
        self._sign = sign
        self._reply = reply
        self.hosts = frozenset(without_brackets(host.casefold()) for host in hosts)
        """The names of ``hosts`` as they are compared: in lower case, without brackets."""

        self._queued: deque[_Delivery] = deque()
        self._queued_bytes = 0
        self._current: _Delivery | None = None
        self._closed = False
        self._listed: deque[tuple[dict[str, Any], int]] = deque()  # with the bytes of each body
        self._listed_bytes = 0
        self._number = 0
        self._thread: threading.Thread | None = None
        self._changed = threading.Condition()

    def send(self, events: "Iterable[Event]", base: str = "") -> None:
        """Queue the deliveries of events, whose links have the ``base``; returns at once."""
        for event in events:
            for delivery in _deliveries(self._store, event, base, self._sign):
                self._submit(delivery)

    def deliveries(self, wait: float = 0.0) -> dict[str, Any]:
        """Return the finished deliveries, oldest first, and the number of pending ones.

        Waits up to ``wait`` seconds until none is pending.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._pending, wait)
            return {"items": [item for item, _ in self._listed], "pending": self._pending}

    def clear(self) -> None:
        """Forget finished and queued deliveries; the current one will not be listed."""
        with self._changed:
            self._queued.clear()
            self._listed.clear()
            self._queued_bytes = self._listed_bytes = 0
            self._current = None
            self._changed.notify_all()

    def close(self) -> None:
        """Stop the thread after its current delivery; queued deliveries are dropped."""
        with self._changed:
            self._closed = True
            self._queued.clear()
            self._changed.notify_all()
        if self._thread:
            self._thread.join(TIMEOUT)

    @property
    def _pending(self) -> int:
        return len(self._queued) + (self._current is not None)

    def _submit(self, delivery: _Delivery) -> None:
        with self._changed:
            if self._closed:
                return
            if len(self._queued) >= MAX_QUEUED or self._queued_bytes + len(delivery.body) > MAX_BYTES:
                self._list(delivery, None, "Too many deliveries are queued.")
                return
            self._queued.append(delivery)
            self._queued_bytes += len(delivery.body)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="hcfmt-webhooks", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queued or self._closed)
                if self._closed:
                    return
                delivery = self._current = self._queued.popleft()
                self._queued_bytes -= len(delivery.body)
            status, error = self._deliver(delivery)
            with self._changed:
                if self._current is delivery:
                    self._current = None
                    self._list(delivery, status, error)
                self._changed.notify_all()

    def _deliver(self, delivery: _Delivery) -> tuple[int | None, str | None]:
        """Deliver, post what the receiver answers, and return the status and the sentence of an error.

        The answer to a notification is not posted: it would be the next one to answer.
        """
        url, headers = delivery.url, {}
        if delivery.signature:
            url = with_parameters(url, {"signed_request": delivery.signature})
            headers = {"Authorization": f"JWT {delivery.signature}"}
        try:
            answer = exchange("POST", url, self.hosts, delivery.body, headers)
        except UndeliverableError as undeliverable:
            return None, str(undeliverable)
        with self._changed:
            is_cleared = self._current is not delivery
        is_reply = answer.is_json and answer.status in _SUCCESSES and delivery.payload["event"] != "room_notification"
        if is_reply and not is_cleared:
            try:
                self.send(self._reply(Reply(delivery.room, delivery.client, delivery.base, answer.body)), delivery.base)
            except (ApiError, UsageError):
                return answer.status, "The answer is no notification that can be posted."
        return answer.status, None

    def _list(self, delivery: _Delivery, status: int | None, error: str | None) -> None:
        self._number += 1
        item = {
            "number": self._number,
            "webhook_id": delivery.webhook,
            "url": redact_text(delivery.url),
            "payload": delivery.payload,
            "status": status,
            "error": error,
        }
        self._listed.append((item, len(delivery.body)))
        self._listed_bytes += len(delivery.body)
        while len(self._listed) > MAX_LISTED or self._listed_bytes > MAX_BYTES:
            self._listed_bytes -= self._listed.popleft()[1]


def _deliveries(store: "Store", event: "Event", base: str, sign: "Callable[[str, Event], str]") -> Iterator[_Delivery]:
    """Yield a delivery for each webhook that is registered for an event of its room and whose pattern matches."""
    for key, webhook in store.documents(KIND).items():
        is_of_room = webhook["room"] in {None, event.room} or event.name in OF_ANY_ROOM
        if webhook["event"] != event.name or not is_of_room:
            continue
        pattern = webhook.get("pattern")
        if pattern and event.text is not None and not matches(pattern, event.text):
            continue
        payload = {"event": event.name, "item": event.item, "webhook_id": int(key)}
        client = webhook.get("oauth_client_id")
        if client:
            payload["oauth_client_id"] = client
        signature = sign(client, event) if client and webhook.get("authentication") == "jwt" else ""
        body = json_rendering.render(payload)
        yield _Delivery(int(key), webhook["url"], payload, body, event.room, client, base, signature)

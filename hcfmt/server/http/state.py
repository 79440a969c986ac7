"""The state of a server, shared by its routes and middlewares."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from hcfmt.server.api import jwt, tokens
from hcfmt.server.api.webhooks import WebhookQueue
from hcfmt.server.http.body_memory import BodyReader
from hcfmt.server.http.faults import FaultPlan, Faults
from hcfmt.server.http.log import Log
from hcfmt.server.http.rates import RateLimits
from hcfmt.server.http.request_log import RequestLog
from hcfmt.server.http.webhook_replies import replying
from hcfmt.server.page.page import Page
from hcfmt.server.settings import Settings

if TYPE_CHECKING:
    from hcfmt.server.store import Store


class ServerState:
    """The store of a server, its page, settings, clock and log, and all that changes while it runs."""

    def __init__(self, store: "Store", settings: Settings, clock: Callable[[], float], log: Log, page: Page) -> None:
        """Create the state of a new server; the main token is written to the store."""
        self.store = store
        self.page = page
        self.settings = settings
        self.clock = clock
        self.log = log
        reply = replying(store, settings, clock)
        sign = jwt.signer(store, settings.token, clock)
        self.webhooks = WebhookQueue(store, settings.webhook_hosts, sign, reply)
        self.fault_plan = FaultPlan(settings.latency, settings.failures, settings.seed)
        self.faults = Faults(self.fault_plan)
        self.request_log = RequestLog(settings.max_requests)
        self.limits = RateLimits(settings, clock)
        self.bodies = BodyReader(settings)
        tokens.put_main_token(store, settings.token)

    def close(self) -> None:
        """Stop the delivery of webhooks; the store stays open."""
        self.webhooks.close()

    def reset(self) -> None:
        """Restore the state at the start: data, tokens, faults, rate limits, requests and deliveries."""
        with self.store.transaction():  # so that the main token is always valid
            self.store.reset()
            tokens.put_main_token(self.store, self.settings.token)
        self.webhooks.clear()  # afterwards, so that it includes the deliveries of writes before the reset
        self.faults.change(self.fault_plan)
        self.request_log.clear()
        self.limits.clear()

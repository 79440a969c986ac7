"""cabot-alert-hipchat 2.0.3, which posts forms, unmodified and over TLS, with stand-ins for Cabot and Django."""

import importlib
import sys
from types import ModuleType, SimpleNamespace
from unittest.mock import MagicMock
from urllib.parse import urlparse

import pytest

from hcfmt.pytest_plugin import HipchatServer, HipchatServers
from tests.support.http_client import ROOM
from tests.support.serving import get, trusting

PLUGIN = "cabot_alert_hipchat.models"
TEXT = "Service Päyments reporting ERROR status: http://cabot.example/service/7/ @all"


@pytest.fixture(scope="module")
def server(servers: HipchatServers) -> HipchatServer:
    return servers("tiny", seed=5, tls=True)


@pytest.fixture
def plugin(server: HipchatServer, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the plug-in, configured for the server by its variables; whatever it alerts of has the text."""
    for name in ("django", "django.db", "django.conf", "django.core", "django.core.urlresolvers", "cabot"):
        monkeypatch.setitem(sys.modules, name, MagicMock())
    template = SimpleNamespace(Context=dict, Template=lambda _: SimpleNamespace(render=lambda _: TEXT))
    monkeypatch.setitem(sys.modules, "django.template", template)
    alert = SimpleNamespace(AlertPlugin=object, AlertPluginUserData=SimpleNamespace)
    monkeypatch.setitem(sys.modules, "cabot.cabotapp", MagicMock())
    monkeypatch.setitem(sys.modules, "cabot.cabotapp.alert", alert)
    monkeypatch.setitem(sys.modules, "urlparse", SimpleNamespace(urlparse=urlparse))  # Python 2's
    monkeypatch.delitem(sys.modules, PLUGIN, raising=False)
    monkeypatch.setenv("HIPCHAT_ALERT_ROOM", str(ROOM))
    monkeypatch.setenv("HIPCHAT_API_KEY", server.token)
    monkeypatch.setenv("HIPCHAT_DOMAIN", urlparse(server.tls_url or "").netloc)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.certificate))
    return importlib.import_module(PLUGIN)


def test_its_alert_is_a_notification_in_the_room(server: HipchatServer, plugin: ModuleType) -> None:
    plugin.HipchatAlert().send_alert_update(MagicMock(), [], [])
    latest = f"{server.tls_url}/v2/room/{ROOM}/history/latest?max-results=1"
    (newest,) = get(latest, headers=server.headers, verify=trusting(server)).json()["items"]
    assert (newest["type"], newest["message"], newest["message_format"]) == ("notification", TEXT, "text")
    assert newest["color"] == "yellow"
    (request,) = server.requests(method="POST")
    assert (request["status"], request["path"]) == (204, f"/v2/room/{ROOM}/notification")

"""Operations that describe the server (docs/api.md#capabilities) and the group."""

from hcfmt.server.api import objects
from hcfmt.server.api.tokens import SCOPES
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import representations
from hcfmt.server.operations.call import ApiResponse, Call


def get_capabilities(call: Call) -> ApiResponse:
    """Return the capabilities descriptor, the entry point of add-ons."""
    links = call.links
    scopes = {
        scope: {"id": scope, "name": name, "description": description} for scope, (name, description) in SCOPES.items()
    }
    body = {
        "name": "HipChat",
        "key": "hipchat",
        "description": "Group chat and IM built for teams",
        "connect_server_api_version": 1,
        "vendor": {"name": "Atlassian", "url": "http://atlassian.com"},
        "links": {
            "self": links.to("capabilities"),
            "api": links.base,
            "homepage": links.root,
            "subdomain": links.root,
        },
        "capabilities": {
            "hipchatApiProvider": {"url": f"{links.base}/", "availableScopes": scopes},
            "oauth2Provider": {
                "authorizationUrl": f"{links.root}/users/authorize",
                "tokenUrl": links.to("oauth", "token"),
            },
        },
    }
    return ApiResponse(body=body)


def get_group(call: Call) -> ApiResponse:
    """Return the group."""
    if call.path["group_id"] != str(objects.GROUP):
        raise ApiError(404, "Group not found")
    return ApiResponse(body=representations.group(call))

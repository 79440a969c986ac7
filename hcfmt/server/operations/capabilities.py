"""Operations that describe the server (docs/api.md#capabilities) and what add-ons tell of themselves."""

from hcfmt.export import schemas
from hcfmt.server.api.tokens import SCOPES
from hcfmt.server.openapi import contract
from hcfmt.server.operations.addon_descriptors import SCHEMA
from hcfmt.server.operations.call import ApiResponse, Call

_DRAFT = "http://json-schema.org/draft-04/schema#"


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


def get_addon_capabilities_schema(_: Call) -> ApiResponse:
    """Return the JSON Schema of an add-on's descriptor, of which both drafts have the same keywords."""
    return ApiResponse(body={**contract.without_extensions(schemas.read(SCHEMA)), "$schema": _DRAFT})

"""Who may see the page: whoever opened its address with the main token, which a cookie replaces from then on."""

import hashlib
import hmac

from starlette.responses import RedirectResponse, Response

from hcfmt.server.errors import ApiError
from hcfmt.server.http.request import RequestContext
from hcfmt.server.http.responses import Handler

_PURPOSE = b"the page of hcfmt"
_REFUSAL = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Not authorized</title>
<h1>Not authorized</h1>
<p>Open the address that hcfmt printed when it started: it ends in <code>?token=</code> and the server's token.
"""
_DOCS = "<p>The API is described at <a href='docs'>/docs</a>, which needs no token.\n"


class PageSession:
    """Recognises browsers that opened the page's address.

    A cookie is sent to all ports of a host, so it does not hold the token, and its name has the port. It is sent too
    when somebody follows a link to a message from elsewhere, but with no other request of another site (SameSite=Lax).
    """

    def __init__(self, token: str) -> None:
        """Take the main token."""
        self._token = token.encode()
        self._secret = hmac.digest(self._token, _PURPOSE, hashlib.sha256).hex()

    def is_open(self, context: RequestContext) -> bool:
        """Whether a request has the cookie, or the main token as a Bearer token."""
        cookie = context.request.cookies.get(_name(context), "")
        is_known = hmac.compare_digest(cookie.encode("utf-8", "replace"), self._secret.encode())
        return is_known or self._is_token(context.bearer)

    def guard(self, handler: Handler) -> Handler:
        """Return a handler that raises ApiError(401) for a request without the cookie, and handles any other."""

        async def guarded(context: RequestContext) -> Response:
            self.require(context)
            return await handler(context)

        return guarded

    def require(self, context: RequestContext) -> None:
        """Raise ApiError(401) for a request without the cookie."""
        if not self.is_open(context):
            raise ApiError(401, "The page needs the cookie that its address with the token sets")

    def open(self, context: RequestContext) -> Response | None:
        """Return the response to the page's address with a token, which leads to the one without; None for others."""
        token = dict(context.pairs).get("token")
        if token is None:
            return None
        if not self._is_token(token):
            return refusal(has_docs=False)
        response = RedirectResponse(f"{context.links.root}/", 303)
        is_secure = context.request.url.scheme == "https"
        response.set_cookie(_name(context), self._secret, httponly=True, samesite="lax", secure=is_secure)
        return response

    def _is_token(self, text: str) -> bool:
        return hmac.compare_digest(text.encode("utf-8", "replace"), self._token)


def refusal(*, has_docs: bool) -> Response:
    """Return the page for a browser without the cookie; ``has_docs`` if the server describes its API, too."""
    return Response(_REFUSAL + (_DOCS if has_docs else ""), 401, media_type="text/html; charset=utf-8")


def _name(context: RequestContext) -> str:
    """Return the name of the cookie, which no other server of this machine uses."""
    return f"hcfmt-page-{(context.request.scope.get('server') or ('', 0))[1]}"

"""The endpoint of the API: authorizes a request, reads its body and calls the operation."""

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from hcfmt.server.http.authorization import Authorization
from hcfmt.server.http.bodies import read_body
from hcfmt.server.http.middleware.injected_faults import raise_injected_failure
from hcfmt.server.http.request import RequestContext
from hcfmt.server.http.responses import operation_response
from hcfmt.server.http.state import ServerState
from hcfmt.server.openapi import contract
from hcfmt.server.openapi.contract import Operation
from hcfmt.server.operations import OPERATIONS, execute
from hcfmt.server.operations.call import Call


class OperationEndpoint:
    """Handler of requests whose operation is known."""

    def __init__(self, state: ServerState) -> None:
        """Create the endpoint; raises LookupError if contract and code define different operations."""
        difference = {operation.id for operation in contract.operations()} ^ set(OPERATIONS)
        if difference:
            raise LookupError(f"Contract and code define different operations: {', '.join(sorted(difference))}")
        self._state = state
        self._authorization = Authorization(state)

    async def __call__(self, context: RequestContext) -> Response:
        """Respond to a request; the body is received only after authorization."""
        operation = context.operation
        assert operation  # noqa: S101 - set by OperationLookup
        if operation.method == "GET":  # a single turn in a thread, as each costs a tenth of a request
            return await run_in_threadpool(
                lambda: self._authorization.authorize(context, operation) or self._call_operation(context, operation)
            )
        if response := await run_in_threadpool(self._authorization.authorize, context, operation):
            return response
        async with self._state.bodies.receive(context):
            return await run_in_threadpool(self._call_operation, context, operation)

    def _call_operation(self, context: RequestContext, operation: Operation) -> Response:
        """Read the query and body, call the operation, and deliver its events to webhooks."""
        query = operation.query(context.pairs)
        body = None
        if operation.method != "GET":
            body = read_body(operation, context.request.headers.get("content-type", ""), context.body)
        raise_injected_failure(context, self._state.clock())
        call = Call(
            operation=operation,
            path=context.path_parameters,
            query=query,
            body=body,
            token=context.token,
            links=context.links,
            store=self._state.store,
            now=self._state.clock(),
            main_token=self._state.settings.token,
            basic=context.basic if operation.is_open else None,
            server_version=self._state.settings.server_version,
            deleted_rooms=self._state.settings.deleted_rooms,
            webhook_hosts=self._state.webhooks.hosts,
        )
        result = execute(call)
        self._state.webhooks.send(result.events, context.links.base)
        return operation_response(result)

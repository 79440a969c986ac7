"""Workers of a Dask cluster as an executor (extra ``cluster``)."""

import pkgutil
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from hcfmt.errors import HcfmtError, UsageError, WorkerLostError
from hcfmt.extras import require_extra
from hcfmt.version import __version__

if TYPE_CHECKING:
    from distributed import Client

_P = ParamSpec("_P")
_T = TypeVar("_T")
_SCHEMES = ("tcp://", "tls://")
_CONNECT_SECONDS = 30
_VERSION = "hcfmt.version:__version__"


class ClusterExecutor(Executor):
    """Executor on the workers of a Dask cluster, which run the task of a lost worker again.

    ``in_flight`` is the number of tasks that keep all workers busy; ``shares_files`` says that a path of this machine
    means nothing to the workers.
    """

    shares_files = False

    def __init__(self, client: "Client") -> None:
        """Take a connected client. Raises UsageError unless every worker has this version of hcfmt."""
        _require_version(client)
        self.in_flight = 2 * sum(client.nthreads().values())
        self._client = client
        self._executor = client.get_executor(pure=False)

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Call a function on a worker; the future holds its result or its exception."""
        return _ClusterFuture(self._executor.submit(_Call(fn, args, kwargs)))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as in the base class
        """Leave the cluster, whose workers go on for others; with ``cancel_futures`` drop the tasks that wait."""
        self._executor.shutdown(wait and not cancel_futures)
        self._client.close()


def connect_cluster(address: str) -> ClusterExecutor:
    """Connect to the scheduler of a Dask cluster, ``tcp://HOST:PORT`` or ``tls://HOST:PORT``.

    The certificates of ``tls`` are those of Dask's own configuration. Raises UsageError where the scheduler cannot be
    reached, where there is no worker, and where one has no hcfmt or another version of it.
    """
    if not address.startswith(_SCHEMES):
        raise UsageError("The address of a scheduler is tcp://HOST:PORT or tls://HOST:PORT.")
    require_extra("cluster")
    from distributed import Client  # noqa: PLC0415 - it takes a second, and few runs need it

    client = Client.__new__(Client)
    try:
        client.__init__(address, set_as_default=False, timeout=_CONNECT_SECONDS)  # type: ignore[misc]
    except (OSError, ValueError, TypeError) as error:
        # Its finalizer would close what never opened: it prints a traceback, or waits for itself.
        client.status = "closed"
        raise UsageError(f"{address}: the scheduler cannot be reached ({type(error).__name__}).") from None
    try:
        return ClusterExecutor(client)
    except BaseException:
        client.close()
        raise


class _Call:
    """Call of a function: Dask logs the arguments of a call that fails, and these may hold a password."""

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._function = function
        self._args = args
        self._kwargs = kwargs
        self._version = __version__

    @property
    def __name__(self) -> str:
        """The name of the function, which Dask shows."""
        return self._function.__name__

    def __call__(self) -> Any:  # noqa: ANN401 - of any function
        """Return the function's result, or as a ``_Failure`` an error that Dask need not log, as it is expected.

        One such error is that of a worker of another version, which came later.
        """
        if self._version != __version__:
            return _Failure(UsageError(f"A worker has hcfmt {__version__}: {_same_version(self._version)}."))
        try:
            return self._function(*self._args, **self._kwargs)
        except HcfmtError as error:
            return _Failure(error)


class _Failure:
    """Error of a call, as its result."""

    def __init__(self, error: HcfmtError) -> None:
        self.error = error


class _ClusterFuture(Future[_T]):
    """Future of a cluster whose exceptions are those of the function, WorkerLostError or UsageError."""

    def __init__(self, inner: Future[_T]) -> None:
        super().__init__()
        self._inner: Future[_T] | None = inner
        inner.add_done_callback(self._settle)

    def cancel(self) -> bool:
        """Cancel the call if it has not begun; return whether it is cancelled."""
        inner = self._inner
        if super().cancel() and inner:
            inner.cancel()
        return self.cancelled()

    def running(self) -> bool:
        """Whether the cluster has the call and has not ended it; only its scheduler knows which calls have begun."""
        return not self.done()

    def _settle(self, inner: Future[_T]) -> None:
        self._inner = None  # which refers to this future, and would keep the result in a cycle
        if not self.set_running_or_notify_cancel():
            return
        error = CancelledError() if inner.cancelled() else inner.exception()
        result: Any = None if error else inner.result()
        if error or isinstance(result, _Failure):
            self.set_exception(_translated(error) if error else result.error)
        else:
            self.set_result(result)


def _translated(error: BaseException) -> BaseException:
    """Return the exception in place of one of Dask's."""
    for cause in _causes(error):
        if type(cause).__name__ == "KilledWorker":
            return WorkerLostError()
        if isinstance(cause, ImportError) and (cause.name or "").startswith("hcfmt"):
            return UsageError(f"A worker has no hcfmt, or another version: {_same_version(__version__)}.")
        if isinstance(cause, CancelledError):
            return UsageError("The connection to the scheduler was lost, so there is no result.")
    return error


def _same_version(version: str) -> str:
    return f"install hcfmt {version}, as here, on the scheduler and on all workers"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__


def _require_version(client: "Client") -> None:
    answers = client.run(pkgutil.resolve_name, _VERSION, on_error="return")
    workers = [answer for answer in answers.values() if not isinstance(answer, OSError)]  # of a worker lost meanwhile
    if not workers:
        raise UsageError("The scheduler has no workers: start some with 'dask worker'.")
    try:
        scheduler = client.run_on_scheduler(pkgutil.resolve_name, _VERSION)
    except ImportError as error:
        scheduler = error
    for version in (scheduler, *workers):
        if version != __version__:
            has = f"hcfmt {version}" if isinstance(version, str) else "no hcfmt"
            raise UsageError(f"The scheduler or a worker has {has}: {_same_version(__version__)}.")

"""A real S3 API on the loopback, which needs nothing of the network."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from tests.support.file_server import without_proxy

BUCKET = "exports-bucket"


@contextmanager
def s3_server(objects: Mapping[str, bytes]) -> Iterator[None]:
    """Serve objects of one bucket by their keys; the environment names the server and its keys."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        without_proxy(patch)
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "key-of-the-tests")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-tests")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        try:
            forget_connections()
            fsspec.filesystem("s3").makedirs(BUCKET, exist_ok=True)  # the servers of a process share all buckets
            for key, data in objects.items():
                put_object(key, data)
            yield
        finally:
            forget_connections()
            server.stop()


def put_object(key: str, data: bytes) -> None:
    """Store an object in the bucket."""
    fsspec.filesystem("s3").pipe(f"{BUCKET}/{key}", data)


def forget_connections() -> None:
    """Drop the connections of this process, which know the address and the keys of their server."""
    fsspec.get_filesystem_class("s3").clear_instance_cache()

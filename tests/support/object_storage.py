"""An object storage of our own for tests: a server in this process that speaks S3, on a free port of this computer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BUCKET = "ziping"


@dataclass(frozen=True, slots=True)
class Storage:
    """A running server with one bucket."""

    endpoint: str

    @property
    def environment(self) -> dict[str, str]:
        """What a computer has to know of it; any key will do."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "AK",
            "AWS_SECRET_ACCESS_KEY": "SK",
            "AWS_DEFAULT_REGION": "cn-north-1",
            "AWS_CONFIG_FILE": "none",
            "AWS_SHARED_CREDENTIALS_FILE": "none",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def upload(self, folder: Path, address: str) -> None:
        """What lies in a folder, to an address, as docs/大规模.md says it."""
        self._open().put(f"{folder}/", f"{address}/", recursive=True)

    def put(self, address: str, data: bytes) -> None:
        """One file."""
        self._open().pipe_file(address, data)

    def _open(self) -> Any:
        import s3fs

        return s3fs.S3FileSystem(endpoint_url=self.endpoint, key="AK", secret="SK", use_listings_cache=False)  # noqa: S106


@contextmanager
def open_storage() -> Iterator[Storage]:
    """Start it, and stop it."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        storage = Storage("http://{}:{}".format(*server.get_host_and_port()))
        storage._open().makedirs(BUCKET, exist_ok=True)  # what was there, this process keeps
        yield storage
    finally:
        server.stop()

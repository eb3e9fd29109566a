"""Batches of work on several computers, by Dask (extra ``cluster``): what :func:`on_all_cores` does here, with the same results.

A batch is a task. The process of a Dask worker hands it to a pool of its own computer, which names and bounds what goes wrong as it does here
(:mod:`workbook_tools.review.workers`); so a file that takes too much costs a process of that pool. The batches of a lost worker are done again by
another: Dask sees to that. Only this process writes files, keeps results and uses the ledger.
"""

from __future__ import annotations

import atexit
import multiprocessing.process
import os
import platform
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from workbook_tools.core.errors import SettingsError
from workbook_tools.files.carrying import Carrier, Parcel, received
from workbook_tools.files.leftovers import temporary_folder
from workbook_tools.files.program import digest_program
from workbook_tools.files.storage import is_storage
from workbook_tools.review.batch_work import Limits, LostItem
from workbook_tools.review.workers import Crew

if TYPE_CHECKING:
    from distributed import Client, Future
    from distributed.security import Security

Item = TypeVar("Item")
Done = TypeVar("Done")
_PATIENCE, _WAIT = 0.1, 60
"""Seconds between two looks at the pool; and until somebody must be there to work."""
_AHEAD = 3
"""So many batches for each core are under way, so that no worker waits for the next."""


@dataclass(frozen=True, slots=True)
class _Lost:
    """Stands for the result of a lost item, and says why it was lost. Whoever sent the work decides what to do about it."""

    reason: LostItem


class Cluster:
    """The workers of a scheduler, for one command."""

    def __init__(self, client: Client, root: Path, shared: str) -> None:
        self._client, self._shared = client, shared
        in_storage = is_storage(shared)
        self._carrier = Carrier(root, with_files=not shared, by_name=in_storage)
        self.has_folder = bool(shared) and not in_storage
        """Whether the workers see the working folder, with all that is in it."""

    def do(
        self,
        batches: Iterable[Sequence[Item]],
        work: Callable[[Iterable[Item]], list[Done]],
        give_up: Callable[[Item, LostItem], Done],
        limits: Limits,
        *,
        in_order: bool = True,
    ) -> Iterator[list[Done]]:
        """What ``work`` makes of each batch, as :func:`on_all_cores` gives it. Raises SettingsError: nobody works, or not with this program."""
        from distributed.comm.core import CommClosedError

        waiting: deque[tuple[Sequence[Item], Future[bytes]]] = deque()
        try:
            for batch in batches:
                waiting.append((batch, self._send(work, batch, limits)))
                if len(waiting) > _AHEAD * self._count_cores():
                    yield self._collect(*self._take_next(waiting, in_order=in_order), work, give_up, limits)
            while waiting:
                yield self._collect(*self._take_next(waiting, in_order=in_order), work, give_up, limits)
        except (CancelledError, CommClosedError):
            raise SettingsError(
                "与 Dask 调度器的连接断了。请检查网络和调度器，再运行一次；已做完的不会重做。"
            ) from None
        finally:
            with suppress(Exception):  # the scheduler may be gone
                self._client.cancel([future for _, future in waiting])

    def _count_cores(self) -> int:
        return sum(self._client.nthreads().values()) or 1

    def _send(
        self, work: Callable[[Iterable[Item]], list[Done]], batch: Sequence[Item], limits: Limits
    ) -> Future[bytes]:
        parcel = self._carrier.pack((work, batch))
        return self._client.submit(_do_batch, parcel, limits, self._shared, digest_program(), pure=False)

    def _take_next(
        self, waiting: deque[tuple[Sequence[Item], Future[bytes]]], *, in_order: bool
    ) -> tuple[Sequence[Item], Future[bytes]]:
        """The first batch, or the first that is done."""
        from distributed import wait as wait_for

        asked = [waiting[0][1]] if in_order else [future for _, future in waiting]
        while True:
            with suppress(TimeoutError), self._client.as_current():
                wait_for(asked, timeout=_WAIT, return_when="FIRST_COMPLETED")
                break
            _need_workers(self._client)
        found = next(one for one in waiting if one[1].done())
        waiting.remove(found)
        return found

    def _collect(
        self,
        batch: Sequence[Item],
        future: Future[bytes],
        work: Callable[[Iterable[Item]], list[Done]],
        give_up: Callable[[Item, LostItem], Done],
        limits: Limits,
    ) -> list[Done]:
        """The results of a batch. If several workers were lost over it, it is done item by item; an item over which they are lost again is given up."""
        from distributed import KilledWorker

        try:
            answer = future.result()
        except KilledWorker:
            if len(batch) == 1:
                return [give_up(batch[0], LostItem(said="Several workers were lost while it was at hand."))]
            sent = [([item], self._send(work, [item], limits)) for item in batch]
            return [done for one, future in sent for done in self._collect(one, future, work, give_up, limits)]
        except (ImportError, RuntimeError) as exc:
            if isinstance(exc, ImportError) or "deserialization" in str(exc):
                raise SettingsError(
                    f"有一台电脑（或调度器）上没有装好本程序：{exc}。请在每一台上装好同样的再运行一次。"
                ) from None
            raise
        done: list[Done | _Lost] = self._carrier.open(answer)
        return [
            give_up(item, one.reason) if isinstance(one, _Lost) else one for item, one in zip(batch, done, strict=True)
        ]


@contextmanager
def open_cluster(address: str, root: Path, shared: str = "", tls: Path | None = None) -> Iterator[Cluster]:
    """The workers at the address of a scheduler (``tcp://…``, or ``tls://…`` with the certificate in the folder ``tls``, see :func:`_read_security`).

    ``root`` is the working folder; ``shared`` what the workers find it under: a folder, or an object storage to which it was copied. Without it the
    files are sent to them. Raises SettingsError: Dask is not installed, nobody answers, nobody works there, or with another program.
    """
    _need_dask()
    with _connect(address, address, _read_security(address, tls)) as client:
        yield Cluster(client, root, shared)


@contextmanager
def open_local(root: Path, cores: int = 0) -> Iterator[Cluster]:
    """A scheduler and a worker of this computer, for so many cores (0: all). Raises SettingsError: Dask is not installed."""
    _need_dask()
    from distributed import LocalCluster

    threads = cores or os.cpu_count() or 1
    local = LocalCluster(n_workers=1, threads_per_worker=threads, dashboard_address=":0")
    with local, _connect(local, "local") as client:
        yield Cluster(client, root, str(root.resolve()))


@contextmanager
def _connect(place: Any, address: str, security: Security | None = None) -> Iterator[Client]:
    from distributed import Client

    try:
        client = Client(place, timeout=f"{_WAIT}s", set_as_default=False, security=security)
    except (OSError, ValueError) as exc:
        raise SettingsError(f"连不上 Dask 调度器 {address}（{exc or exc.__cause__}）。{_advise(exc)}") from None
    with client:
        _need_workers(client)
        yield client


def _advise(fault: Exception) -> str:
    """Advice for somebody who cannot reach the scheduler."""
    said = f"{fault} {fault.__cause__}"
    if "WRONG_VERSION_NUMBER" in said:
        return "它没有用证书加密：地址请写 tcp://，或者给调度器和各台电脑都配上证书。"
    if "expired" in said:
        return "证书过期了，请重新做一个，换到每台电脑上。"
    if "SSL" in said or "certificate" in said:
        return f"证书用不了，或者两边的不是同一套：{CERTIFICATE}、{_KEY} 请用调度器和各台电脑用的那一对。"
    return "请核对地址，看看调度器是否已启动、防火墙是否放行；调度器用证书加密的，地址要写 tls://。"


CERTIFICATE, _KEY, _ISSUER = "cert.pem", "key.pem", "ca.pem"
"""Files in the folder of certificates: the certificate that all computers share, its key, and its issuer if it is not self-signed."""


def _read_security(address: str, folder: Path | None) -> Security | None:
    """How the connection to a ``tls://`` address is encrypted: with the certificate of a folder, or as Dask's own settings say. Raises SettingsError."""
    from distributed.security import Security

    if not address.startswith("tls://"):
        if folder:
            raise SettingsError(f"设置了证书（[cluster] tls），地址 {address} 却不加密。地址请写 tls://，或去掉 tls。")
        return None
    if folder is None:
        own = Security()
        if not own.get_tls_config_for_role("client")["cert"]:
            raise SettingsError(f"地址 {address} 要用证书加密，wbt.toml 的 [cluster] tls 没有写证书放在哪个文件夹。")
        return own
    certificate, key, issuer = (folder / name for name in (CERTIFICATE, _KEY, _ISSUER))
    if missing := [path for path in (certificate, key) if not path.is_file()]:
        raise SettingsError(f"没有证书文件 {missing[0]}。怎样做证书，见 docs/大规模.md。")
    trusted = issuer if issuer.is_file() else certificate
    return Security(
        require_encryption=True, tls_ca_file=str(trusted), tls_client_cert=str(certificate), tls_client_key=str(key)
    )


def _need_dask() -> None:
    if not all(map(find_spec, ("dask", "distributed", "fsspec"))):
        raise SettingsError(
            '没有安装 Dask，不能用几台电脑一起做。请先运行 pip install "workbook-tools[cluster]"，或去掉 --dask。'
        )


def _need_workers(client: Client) -> None:
    """Raises SettingsError if there are no workers."""
    try:
        client.wait_for_workers(1, timeout=_WAIT)
    except TimeoutError:
        raise SettingsError(
            f"等了 {_WAIT} 秒，没有一台电脑在干活。请在各台电脑上启动 Dask 的工作进程，再运行一次；已做完的不会重做。"
        ) from None


# -- in the process of a worker ---------------------------------------------------------------------------------------


def _do_batch(parcel: Parcel, limits: Limits, shared: str, program: str) -> bytes:
    """A task: what came of the items of a batch, packed."""
    if digest_program() != program:
        raise SettingsError(
            f"电脑 {platform.node()} 上的程序与本机的不一样（版本，或 Python、各组件的版本）。请装成同样的再运行一次。"
        )
    with received(parcel, shared) as ((work, batch), carrier):
        return carrier.pack(_own_crew(limits).do(work, batch)).content


class _StandingCrew:
    """The pool of this computer, which lasts as long as this process: what its processes have learned of forms serves all batches.

    Each thread of the worker waits for one batch at a time; what goes wrong is seen to by one of them.
    """

    def __init__(self, limits: Limits, cores: int) -> None:
        self._folder = temporary_folder()
        self._crew: Crew[_Carried, Any] = Crew(_do_carried, _tell_lost, cores, limits, Path(self._folder.name))
        self._one_alone = Lock()

    def do(self, work: Callable[[Iterable[Any]], list[Any]], batch: Sequence[Any]) -> list[Any]:
        carried = [(work, item) for item in batch]
        future = self._crew.schedule(carried)
        while not wait([future], timeout=_PATIENCE).done:
            if self._one_alone.acquire(blocking=False):
                try:
                    self._crew.look()
                finally:
                    self._one_alone.release()
        with self._one_alone:
            return self._crew.collect(carried, future)

    def end(self) -> None:
        self._crew.end()
        self._folder.cleanup()


_Carried = tuple[Callable[[Iterable[Any]], list[Any]], Any]
"""An item with the work to be done on its batch."""


def _do_carried(carried: Iterable[_Carried]) -> list[Any]:
    items = iter(carried)
    work, first = next(items)
    return work(chain([first], (item for _, item in items)))


def _tell_lost(_: _Carried, lost: LostItem) -> _Lost:
    return _Lost(lost)


_CREWS: dict[Limits, _StandingCrew] = {}
_MAKING = Lock()


def _own_crew(limits: Limits) -> _StandingCrew:
    with _MAKING:
        if limits not in _CREWS:
            from distributed import get_worker

            # Dask calls its workers daemons, which may have no children: its setting distributed.worker.daemon would have to be changed for all.
            multiprocessing.process.current_process()._config.pop("daemon", None)  # type: ignore[attr-defined]
            _CREWS[limits] = crew = _StandingCrew(limits, get_worker().state.nthreads)
            atexit.register(crew.end)
    return _CREWS[limits]

"""Who does the work of a command: this computer, or a cluster that its user or wbt.toml names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

from workbook_tools.campaign.defaults import settings_of
from workbook_tools.campaign.folder import SETTINGS_FILE, Campaign
from workbook_tools.files.storage import is_storage

if TYPE_CHECKING:
    from workbook_tools.review.batch_work import Workers

P = ParamSpec("P")
Done = TypeVar("Done")
LOCAL = "local"
"""In place of the address of a scheduler: one of this computer, to try it."""


@contextmanager
def open_workers(
    campaign: Campaign | None, workers: Workers = 0, dask: str = "", *, need_folder: bool = False
) -> Iterator[Workers]:
    """``workers`` processes of this computer (0: one per core), or those of the Dask scheduler at ``dask``, by default that of wbt.toml. What is
    open already is used.

    Where they ``need_folder`` and do not see the working folder, this computer does the work (:func:`say_why_alone`). Raises SettingsError as
    :func:`workbook_tools.review.cluster.open_cluster` does.
    """
    address = _choose_address(campaign, workers, dask) if isinstance(workers, int) else ""
    if not isinstance(workers, int) or not address or (need_folder and say_why_alone(campaign, workers, dask)):
        yield workers
        return
    from workbook_tools.review.cluster import open_cluster, open_local

    root, wanted = campaign.root if campaign else Path.cwd(), settings_of(campaign).cluster
    tls = root / wanted.tls if wanted.tls else None
    opened = open_local(root, workers) if address == LOCAL else open_cluster(address, root, wanted.root, tls)
    with opened as cluster:
        yield cluster


def follow_settings(
    *, need_folder: bool = False
) -> Callable[[Callable[Concatenate[Campaign | None, P], Done]], Callable[Concatenate[Campaign | None, P], Done]]:
    """Decorates a face with ``workers``: unless its caller (a command, the page, the control workbook) names workers, those of wbt.toml are used."""

    def bind(face: Callable[Concatenate[Campaign | None, P], Done]) -> Callable[Concatenate[Campaign | None, P], Done]:
        @wraps(face)
        def work(campaign: Campaign | None, /, *args: P.args, **kwargs: P.kwargs) -> Done:
            named = cast("Workers", kwargs.get("workers", 0))
            with open_workers(campaign, named, need_folder=need_folder) as kwargs["workers"]:
                return face(campaign, *args, **kwargs)

        return work

    return bind


def is_here(campaign: Campaign | None, workers: int, dask: str) -> bool:
    """This computer does the work, and no cluster is asked."""
    return not _choose_address(campaign, workers, dask)


def say_why_alone(campaign: Campaign | None, workers: int, dask: str) -> str:
    """Why work that needs the working folder is not done by the cluster, as a sentence; blank if it is, or no cluster is asked for."""
    address, root = _choose_address(campaign, workers, dask), settings_of(campaign).cluster.root
    if address in ("", LOCAL) or (root and not is_storage(root)):
        return ""
    return f"这一步要读写整个工作文件夹，{SETTINGS_FILE} 的 [cluster] root 没有写各台电脑共享的文件夹，因此由本机做。"


def _choose_address(campaign: Campaign | None, workers: int, dask: str) -> str:
    """The address to use. A given number of processes means this computer, unless an address is given, too."""
    return dask or ("" if workers else settings_of(campaign).cluster.dask)

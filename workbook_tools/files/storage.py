"""Files in an object storage (S3 and the like, through fsspec), fetched in parallel. A fault is reported with the name of this computer and
advice. Which library speaks to the storage is the office's choice; each raises errors of its own.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from workbook_tools.core.errors import SettingsError

_AT_ONCE = 16
"""So many files are fetched at a time: a small one is nearly all waiting."""
_PATIENCE = 60.0
"""Seconds for a file of some 40 KB, with all retries."""
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "s3": {"config_kwargs": {"connect_timeout": 10, "read_timeout": 20, "retries": {"max_attempts": 2}}},
}
"""Scheme of the address → library. Endpoint and credentials are configured on each computer (~/.aws, environment)."""


def is_storage(root: str) -> bool:
    """It is the address of an object storage, not a folder."""
    return "://" in root


def fetch_files(root: str, names: Sequence[str]) -> list[bytes]:
    """The content of files by name below an address (``s3://bucket/2024年自评``). Raises SettingsError if one cannot be fetched."""
    if not names:
        return []
    import fsspec

    try:
        system, folder = fsspec.url_to_fs(root.rstrip("/"), **_OPTIONS.get(root.partition("://")[0], {}))
    except Exception as exc:
        raise _explain(exc, root) from None
    with ThreadPoolExecutor(min(_AT_ONCE, len(names))) as pool:
        return list(pool.map(partial(_fetch, system, folder, root), names))


def _fetch(system: Any, folder: str, root: str, name: str) -> bytes:
    limit = {"timeout": _PATIENCE} if system.async_impl else {}
    try:
        return bytes(system.cat_file(f"{folder}/{name}", **limit))
    except Exception as exc:
        raise _explain(exc, f"{root.rstrip('/')}/{name}") from None


def _explain(fault: Exception, address: str) -> SettingsError:
    kind, response = type(fault).__name__, getattr(fault.__cause__, "response", None) or {}
    advice = f"请核对地址和这台电脑上对象存储的设置（{kind}）。"
    if isinstance(fault, ImportError):
        advice = 's3:// 的请在这台电脑上运行 pip install "workbook-tools[cluster,s3]"，再重启它的工作进程。'
    elif "Credentials" in kind:
        advice = "这台电脑上没有对象存储的密钥，请写在 ~/.aws/credentials 或环境变量里，再重启它的工作进程。"
    elif isinstance(fault, PermissionError):
        advice = "密钥不对、过期了，或者没有读这个存储桶的权限。"
    elif response.get("Error", {}).get("Code") == "NoSuchBucket":
        advice = "没有这个存储桶，请核对 wbt.toml 的 [cluster] root。"
    elif isinstance(fault, FileNotFoundError):
        advice = "存储里没有这个文件，请先把工作文件夹同步过去，再运行一次。"
    elif isinstance(fault, TimeoutError) or "Timeout" in kind:
        advice = f"{_PATIENCE:g} 秒没有取到，存储太慢或者连不通，请看看网络，再运行一次。"
    elif "Connection" in kind:
        advice = "连不上对象存储，请核对它的地址（endpoint_url），看看它是否在运行、防火墙是否放行。"
    return SettingsError(f"电脑 {platform.node()} 从对象存储里读不到“{address}”（{fault}）：{advice}已做完的不会重做。")

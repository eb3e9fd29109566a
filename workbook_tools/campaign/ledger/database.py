"""The database behind the ledger: SQLite file or PostgreSQL server, brought up to date when it is opened."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, StaticPool, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from workbook_tools.campaign.ledger import sqlite_file
from workbook_tools.campaign.ledger.copies import advise, copy_ledger, list_copies
from workbook_tools.campaign.ledger.records import LedgerError, LedgerLost
from workbook_tools.core.errors import tell_os_error
from workbook_tools.core.secret_text import has_secret, redact
from workbook_tools.files.atomic import create_whole
from workbook_tools.files.drives import can_write_in, is_fixed_disk
from workbook_tools.files.full_disks import find_full_disk

VERSION = "13"
"""The last step of ``migrations/versions``."""
_SERVER_WAIT = 10
"""Seconds to wait for a server's answer."""
_LOCK = 0x57_42_54
"""Number of the lock that lets one writer at a time into a PostgreSQL ledger."""

_LOCK_TIMEOUT = "55P03"
"""PostgreSQL's word for having waited in vain."""

_SQLITE_WORDS = {
    "unable to open": "打不开",
    "disk I/O": "磁盘读写出错",
}


def open_database(location: str | Path, had_one: Callable[[], bool] = lambda: False) -> Engine:
    """The database of a path or URL, with the tables of today.

    Where there is none it is made, unless ``had_one`` knows that there was. Raises LedgerError: it cannot be opened, is
    damaged, or was lost.
    """
    url = _parse_location(location)
    try:
        engine = _make_engine(url)
    except ImportError:
        raise LedgerError(
            f'台账设在 PostgreSQL（{_hide_password(url)}），但没有安装它的驱动。请运行 pip install "workbook-tools[postgres]"。'
        ) from None
    file = find_file(engine)
    if file:
        _look_at_file(file, had_one)
    with translate_faults(engine):
        _bring_up_to_date(engine, had_one)
    if file:
        _set_journal(file)
    return engine


def find_file(engine: Engine) -> Path | None:
    """The ledger's file; ``None`` where it lies on a server."""
    return Path(engine.url.database or "") if engine.url.get_backend_name() == "sqlite" else None


def begin_file(path: Path, step: str = "head") -> None:
    """Make an empty ledger, with the tables of a step of ``migrations``; one that is there by then stays. Raises LedgerError."""
    try:
        create_whole(path, make_tables(step))
    except (sqlite3.Error, DBAPIError) as exc:
        raise LedgerError(f"无法建立台账文件 {path}：{getattr(exc, 'orig', exc)}。") from None
    except OSError as exc:
        if isinstance(exc, FileExistsError) and path.exists():
            return
        raise LedgerError(f"无法建立台账文件{tell_os_error(exc, path)}") from None


def make_tables(step: str) -> bytes:
    """The file of an empty ledger."""
    from workbook_tools.campaign.ledger.migrating import migrate

    with closing(sqlite3.connect(":memory:")) as memory:
        with create_engine("sqlite://", poolclass=StaticPool, creator=lambda: memory).begin() as connection:
            migrate(connection, step)
        return memory.serialize()


@contextmanager
def translate_faults(engine: Engine) -> Iterator[None]:
    """Any fault of the database inside the block becomes a LedgerError."""
    try:
        yield
    except DBAPIError as exc:
        raise _explain(engine.url, exc) from None


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the ledger."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other writer is in: what it reads is still so when it writes."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = {int(sqlite_file.BUSY_WAIT * 1000)}"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield connection


# -- opening ----------------------------------------------------------------------------------------------------------


def is_address(place: str) -> bool:
    """``ledger`` in wbt.toml means a server, also where it is mistyped: made into a file, its password would be a folder's name."""
    return bool(_ADDRESS.search(place)) or has_secret(place)


_ADDRESS = re.compile(r"(?i)^\s*(?:postgres|[a-z][\w+.-]+\s*[:：])|[:：]//|[:：]／／")
"""A scheme of more than a letter (that is a drive), or what should be ``://``."""


def _parse_location(location: str | Path) -> URL:
    if isinstance(location, Path) or not is_address(location):
        return URL.create("sqlite", database=str(location))
    try:
        url = make_url(location)
    except (ArgumentError, ValueError):
        raise LedgerError(f"wbt.toml 中 ledger 的写法有误，应写成 {_EXAMPLE}。") from None
    if any("@" in (part or "") for part in (url.host, url.database)):
        raise LedgerError(f"wbt.toml 中 ledger 的密码里有 @ 等符号，@ 要写成 %40，/ 要写成 %2F；应写成 {_EXAMPLE}。")
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database and not (url.host or url.username or has_secret(location)):
        return url
    raise LedgerError(f"台账只能放在 SQLite 文件或 PostgreSQL 中，不认识 {url.drivername}；应写成 {_EXAMPLE}。")


_EXAMPLE = "postgresql+psycopg://用户:密码@服务器/数据库，或一个文件的路径"


def _make_engine(url: URL) -> Engine:
    # Without a pool a connection is closed as soon as it has served; a command needs two or three.
    if url.get_backend_name() == "postgresql":
        wait = {} if "connect_timeout" in url.query else {"connect_timeout": _SERVER_WAIT}
        return create_engine(url, poolclass=NullPool, connect_args=wait)
    file = Path(url.database or "")
    engine = create_engine(url, poolclass=NullPool, creator=lambda: _connect_file(file))

    @event.listens_for(engine, "connect")
    def own_transactions(connection: Any, _: object) -> None:
        # Python's driver would begin a transaction only at the first change, after what was read may have changed.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        # What was committed survives a power cut, whatever the library was built to do by itself, and on a share too.
        connection.execute("PRAGMA synchronous = EXTRA")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        kind = "BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN"
        connection.exec_driver_sql(kind)

    return engine


def _connect_file(file: Path) -> sqlite3.Connection:
    try:
        return sqlite_file.connect_file(file)
    except OSError as exc:  # no room for a copy of what lies where nothing can be written
        raise LedgerError(f"台账读不了，{tell_os_error(exc, exc.filename or file)}") from None


def _set_journal(file: Path) -> None:
    """WAL lets others read while one writes, but only on one computer: on a share it would damage the ledger.

    The file remembers it, and may have been moved from a disk to a share.
    """
    mode = "WAL" if is_fixed_disk(file.parent) else "DELETE"
    if not (can_write_in(file.parent) and os.access(file, os.W_OK)):
        return
    try:
        with closing(sqlite_file.connect_file(file)) as connection:
            connection.execute(f"PRAGMA journal_mode = {mode}")
    except sqlite3.Error as exc:  # somebody else is in it
        if mode != "WAL":
            raise LedgerError(f"台账 {file} 正被另一个命令使用（{exc}），请稍后再运行一次。") from None


def _look_at_file(path: Path, had_one: Callable[[], bool]) -> None:
    """Make the ledger's file where there never was one. Raises LedgerError: it was lost, or is empty."""
    if not path.exists():
        was_one = list_copies(path) or any(map(Path.exists, sqlite_file.list_side_files(path))) or had_one()
        if path.exists():  # somebody has made it meanwhile, and what was seen beside it is of that one
            return
        if was_one:
            raise LedgerLost(f"台账文件 {path} 不见了。程序不会自己另建一本。{advise(path)}")
        begin_file(path)
    elif path.is_file() and not path.stat().st_size:
        raise LedgerLost(f"台账文件 {path} 是空的（0 字节），里面的登记丢失了。程序不会自己另建一本。{advise(path)}")


def _bring_up_to_date(engine: Engine, had_one: Callable[[], bool]) -> None:
    """Make the tables of today; alembic is loaded only where they are not."""
    with read_transaction(engine) as connection:
        version = _read_version(connection)
    if version == VERSION:
        return
    from workbook_tools.campaign.ledger.migrating import list_steps, migrate

    file, shown = find_file(engine), _hide_password(engine.url)
    if version is None and file:
        raise LedgerLost(f"{shown} 里没有台账的表，不是台账，或者已损坏。{advise(file)}")
    if version is None and had_one():
        raise LedgerError(
            f"数据库 {shown} 里没有台账，这里却下发过工作簿。请先看 wbt.toml 里的地址对不对，再请管理员从备份恢复；"
            "本来就没有的，运行 wbt ledger new 从头建立，再依次运行 wbt generate 和 wbt review 登记。"
        )
    if version is not None and version not in list_steps():
        raise LedgerError(f"台账 {shown} 是较新版本的程序建立的，请先升级 workbook-tools。")
    if file and not can_write_in(file.parent):
        sqlite_file.mend_copy(file, _migrate_copy)
        return
    if file:  # as the older program left it
        copy_ledger(file, date.today())
    with write_transaction(engine) as connection:
        migrate(connection)


def _migrate_copy(copy: Path) -> None:
    from workbook_tools.campaign.ledger.migrating import migrate

    with write_transaction(_make_engine(_parse_location(copy))) as connection:
        migrate(connection)


def _read_version(connection: Connection) -> str | None:
    """The step that the tables have reached; ``None`` where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


# -- what went wrong --------------------------------------------------------------------------------------------------


def _hide_password(url: URL) -> str:
    """The place without its password, and without what follows ``?``, in which one may stand too."""
    if url.get_backend_name() == "sqlite":
        return url.database or ""
    return url.set(query={}).render_as_string(hide_password=True)


def _explain(url: URL, fault: DBAPIError) -> LedgerError:
    """The fault as a sentence: what, where, the database's own words, what to do."""
    cause = str(fault.orig).strip()
    words = redact(cause.splitlines()[0]) if cause else type(fault).__name__
    shown = _hide_password(url)
    if "locked" in words or getattr(fault.orig, "sqlstate", "") == _LOCK_TIMEOUT:
        return LedgerError(f"台账 {shown} 正被另一个命令使用，请稍后再运行一次。")
    if isinstance(fault, IntegrityError):
        return LedgerError(f"台账 {shown} 的登记和各表对不上（{words}），没有登记。请运行 wbt ledger verify 核对。")
    if url.get_backend_name() == "postgresql":
        return LedgerError(
            f"台账数据库 {shown} 用不了：{words}。请确认服务器已启动、网络能通、用户和密码正确，且该用户可以建表。"
        )
    if "not a database" in words or "malformed" in words:
        return LedgerLost(f"台账 {shown} 已损坏。{advise(Path(shown))}")
    if full := find_full_disk(fault, Path(shown)):
        return LedgerError(f"台账读写不了，{tell_os_error(full, shown)}")
    if "readonly" in words:
        return LedgerError(
            f"台账 {shown} 是只读的，登记不了。在光盘、只读的共享文件夹里的，请把整个工作文件夹复制到可以写的磁盘上再办；"
            "文件属性里勾了“只读”的去掉，没有权限的请管理员开通。"
        )
    why = next((chinese for english, chinese in _SQLITE_WORDS.items() if english in words), words)
    return LedgerError(f"台账 {shown} 读写不了：{why}。请检查磁盘空间和文件夹的写入权限。")

"""What a disk may hold after the power went: of what a process did, nothing is sure but what was forced onto it.

As on ext4: what was written into a file is there for sure only after the file's fsync; a new, changed or removed name only
after its folder's; of other names some first ones may be there, each whole. The files of the ledger and of what is kept are
SQLite's own affair: they are there as after its last commit, or as after the one before.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from troubled_office import ROOT, Command, Office, Outcome
from watched_disk import Call, watch_disk

Tree = dict[str, bytes | None]
"""Path in the office → content; None is a folder."""
_DATABASES = (f"{ROOT}/.wbt/ledger", f"{ROOT}/.wbt/kept")
_LOG = ".log"


@dataclass(eq=False)
class _File:
    """A file without its names."""

    now: bytearray = field(default_factory=bytearray)
    sure: bytes = b""
    """What it held when it was last forced onto the disk."""


@dataclass(frozen=True)
class _Renaming:
    """Names that changed at once; a folder has no file."""

    names: tuple[tuple[str, _File | None, bool], ...]
    """Name, its file, whether there is such a name now."""

    @property
    def folders(self) -> set[str]:
        """Those in which that is."""
        return {str(PurePosixPath(name).parent) for name, _, _ in self.names}


@dataclass
class Recorded:
    """What a command did to the disk, and how it ended."""

    outcome: Outcome
    start: Tree
    calls: list[Call]
    ledgers: list[tuple[int, Tree]]
    """After how many of the calls the ledger's files were what."""


def record(office: Office, command: Command) -> Recorded:
    """Run a command undisturbed, and note what it does."""
    office.restore(command.after)
    start = read_tree(office.home)
    report = _record_in_twin(office, command)
    return Recorded(report[0], start, report[1], [(0, _pick_ledger(start)), *report[2]])


def _record_in_twin(office: Office, command: Command) -> tuple[Outcome, list[Call], list[tuple[int, Tree]]]:
    child = os.fork()
    if child == 0:
        calls: list[Call] = []
        ledgers: list[tuple[int, Tree]] = []

        def note(call: Call) -> None:
            if call.kind == "sql" and call.target == "COMMIT":
                paths = [
                    path for path in office.root.joinpath(".wbt").iterdir() if path.name.startswith(("ledger", "kept"))
                ]
                ledgers.append(
                    (len(calls), {path.relative_to(office.home).as_posix(): path.read_bytes() for path in paths})
                )
            elif call.kind not in ("sql", "open", "read", "list", "chmod") and not call.path.endswith(_LOG):
                calls.append(call)

        watch_disk(office.home, lambda call: None, note)
        outcome = office.call(command)
        office.end((outcome, calls, ledgers))
    report: tuple[Outcome, list[Call], list[tuple[int, Tree]]] = office.wait(child)
    return report


def cut_everywhere(recorded: Recorded, home: Path) -> Iterator[tuple[int, Tree]]:
    """What may be left where the power goes after so many calls; each state once."""
    seen = set()
    chance = random.Random(0)
    for upto in range(len(recorded.calls) + 1):
        disk = _Disk(recorded.start, home)
        for call in recorded.calls[:upto]:
            disk.do(call)
        every = len(disk.changes)
        for kept, spoil in ((0, "lost"), (every, "lost"), (every, "zero"), (chance.randint(0, every), "half")):
            for ledger in _choose_ledgers(recorded.ledgers, upto):
                left = disk.read(kept, spoil) | ledger
                key = hash(tuple(sorted(left.items(), key=lambda item: item[0])))
                if key not in seen:
                    seen.add(key)
                    yield upto, left


def cut_at_the_end(recorded: Recorded, home: Path) -> Tree:
    """What is there for sure once the command has ended; the ledger as it was last."""
    disk = _Disk(recorded.start, home)
    for call in recorded.calls:
        disk.do(call)
    return disk.read(0, "lost") | recorded.ledgers[-1][1]


def _choose_ledgers(ledgers: Sequence[tuple[int, Tree]], upto: int) -> list[Tree]:
    """The last two commits till then."""
    return [files for at, files in ledgers if at <= upto][-2:]


class _Disk:
    def __init__(self, start: Tree, home: Path) -> None:
        self.home = home
        self.start: dict[str, _File | None] = {
            name: None if data is None else _File(bytearray(data), data)
            for name, data in start.items()
            if not name.startswith(_DATABASES)
        }
        self.names = dict(self.start)
        self.changes: list[_Renaming] = []
        self.sure: set[int] = set()
        """Which of the changes are on the disk, whatever comes."""

    def do(self, call: Call) -> None:
        path = self.name(call.path)
        match call.kind:
            case "create":
                file = self.names.get(path)
                if file is None:
                    self.change((path, _File(), True))
                else:
                    file.now.clear()
            case "write":
                file = self.names[path]
                assert file is not None
                file.now[call.at : call.at + len(call.data)] = call.data
            case "sync":
                self.sync(path)
            case "rename":
                target = self.name(call.target)
                self.change((target, self.names[path], True), (path, None, False))
            case "link":
                self.change((self.name(call.target), self.names[path], True))
            case "mkdir":
                self.change((path, None, True))
            case "unlink" | "rmdir":
                self.change((path, None, False))

    def name(self, path: str) -> str:
        return Path(path).relative_to(self.home).as_posix()

    def change(self, *names: tuple[str, _File | None, bool]) -> None:
        self.changes.append(_Renaming(names))
        _apply(self.names, self.changes[-1])

    def sync(self, path: str) -> None:
        file = self.names.get(path)
        if file is not None:
            file.sure = bytes(file.now)
        else:
            self.sure |= {number for number, change in enumerate(self.changes) if path in change.folders}

    def read(self, kept: int, spoil: str) -> Tree:
        """What is left where of the changes that are not sure so many first ones are there too."""
        names = dict(self.start)
        for number, change in enumerate(self.changes):
            if number in self.sure or number < kept:
                _apply(names, change)
        return {name: None if file is None else _spoil(file, spoil) for name, file in names.items()}


def _apply(names: dict[str, _File | None], change: _Renaming) -> None:
    for name, file, there in change.names:
        if there:
            names[name] = file
        else:
            names.pop(name, None)


def _spoil(file: _File, how: str) -> bytes:
    if bytes(file.now) == file.sure or how == "lost":
        return file.sure
    return bytes(len(file.now)) if how == "zero" else bytes(file.now[: len(file.now) // 2])


# -- the office's folder ----------------------------------------------------------------------------------------------


def read_tree(home: Path) -> Tree:
    """Everything in a folder."""
    return {p.relative_to(home).as_posix(): None if p.is_dir() else p.read_bytes() for p in home.rglob("*")}


def write_tree(home: Path, tree: Tree, old: Iterable[str]) -> None:
    """Make the folder hold just that; what is as it was keeps its time."""
    names = set(old)
    for path in sorted(home.rglob("*"), reverse=True):
        name = path.relative_to(home).as_posix()
        if name not in tree or (tree[name] is None) != path.is_dir():
            path.rmdir() if path.is_dir() else path.unlink()
    for name, data in sorted(tree.items()):
        path = home / name
        if data is None:
            path.mkdir(parents=True, exist_ok=True)
        elif name not in names or not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def _pick_ledger(tree: Tree) -> Tree:
    return {name: data for name, data in tree.items() if name.startswith(_DATABASES)}

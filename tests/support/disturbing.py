"""A command whose calls to the disk fail, each in turn: how it ends then, and what it leaves.

The command runs once. Before every call a forked twin goes on from there and gets the fault, while the other waits and
then has the folder put back as it was. Where that cannot be done (the ledger is open, a line of the log is being written, a
temporary folder is at hand), the command runs anew up to there.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from troubled_office import COMMANDS, TEMPORARY, Command, Office, Outcome, State
from watched_disk import CHANGING, Call, WatchedDisk, watch_disk

_SQL_FAULTS = {
    errno.ENOSPC: "database or disk is full",
    errno.EIO: "disk I/O error",
    errno.EACCES: "attempt to write a readonly database",
}
NUMBERS = tuple(_SQL_FAULTS)


@dataclass(frozen=True)
class Fault:
    """What happens to a call."""

    number: int
    """errno."""
    forever: bool = False
    """All that come after it fail too, as on a full disk."""
    late: bool = False
    """It was done, and is reported as failed."""


@dataclass(frozen=True)
class Disturbed:
    """A command that came to grief at a call."""

    at: int
    call: Call
    fault: Fault
    outcome: Outcome
    files: dict[str, str]
    """What there was then: name → digest."""
    left: str
    """The name of a copy of it; the same where the same was left."""


Choose = Callable[[int, Call], Sequence[Fault]]


def disturb(office: Office, command: Command, choose: Choose, copies: Path) -> list[Disturbed]:
    """Every call of a command fails as ``choose`` says, by its number and what it is; what is left goes into ``copies``."""
    copies.mkdir(parents=True, exist_ok=True)
    office.restore(command.after)
    child = os.fork()
    if child == 0:
        walk = _Walk(office, choose, copies)
        walk.disk = watch_disk(office.home, walk.before, walk.after)
        outcome = office.call(command)
        office.end(outcome if walk.fault else walk)
    walked: _Walk = office.wait(child)
    for at, call, fault in walked.again:
        office.restore(command.after)
        outcome = office.run(command, *fail_at(at, fault))
        walked.done.append(Disturbed(at, call, fault, outcome, office.list_files(), keep_left(office, copies)))
    return walked.done


class _Walk:
    def __init__(self, office: Office, choose: Choose, copies: Path) -> None:
        self.office, self.choose, self.copies = office, choose, copies
        self.disk: WatchedDisk | None = None
        self.fault: Fault | None = None
        """Only in a twin that has got it."""
        self.number, self.busy = 0, False
        self.done: list[Disturbed] = []
        self.again: list[tuple[int, Call, Fault]] = []

    def __getstate__(self) -> dict[str, object]:
        return {"done": self.done, "again": self.again}

    def after(self, call: Call) -> None:
        """Nothing is done late here."""

    def before(self, call: Call) -> None:
        assert self.disk is not None
        if self.busy:
            return
        if self.fault:
            _fail(call, self.fault, first=False)
            return
        self.number += 1
        for fault in self.choose(self.number, call):
            own = str(self.office.temporary) not in call.path and not call.path.endswith(".log")
            if own and call.kind != "sql" and not self.disk.connections:
                self.send_twin(call, fault)
            else:
                self.again.append((self.number, call, fault))

    def send_twin(self, call: Call, fault: Fault) -> None:
        assert self.disk is not None
        self.busy = True
        before = _Snapshot(self.office.home, self.copies / "snapshot")
        places = [(file, file.tell()) for file in self.disk.files]
        child = os.fork()
        if child == 0:
            self.busy, self.fault = False, fault
            _fail(call, fault, first=True)
        outcome = self.office.wait(child)
        files = self.office.list_files()
        self.done.append(Disturbed(self.number, call, fault, outcome, files, keep_left(self.office, self.copies)))
        before.restore()
        for file, place in places:
            file.seek(place)
        self.busy = False


def fail_at(at: int, fault: Fault) -> tuple[Callable[[Call], None], Callable[[Call], None]]:
    """What makes the call of that number fail: to be told before and after each."""
    number = 0

    def before(call: Call) -> None:
        nonlocal number
        number += 1
        if not fault.late and number >= at:
            _fail(call, fault, first=number == at)

    def after(call: Call) -> None:
        if fault.late and number == at:
            _fail(call, fault, first=True)

    return before, after


def _fail(call: Call, fault: Fault, *, first: bool) -> None:
    if not first and not (fault.forever and call.kind in CHANGING):
        return
    if call.failed is OSError:
        raise OSError(fault.number, os.strerror(fault.number), call.path)
    raise call.failed(_SQL_FAULTS[fault.number])


def keep_left(office: Office, copies: Path) -> str:
    """Keep a copy of the folder unless there is one already; its name."""
    digest = hashlib.sha256(repr(sorted(office.list_files(whole=True).items())).encode()).hexdigest()[:16]
    if not (copies / digest).exists():
        office.keep_in(copies / digest)
    return digest


# -- putting back -----------------------------------------------------------------------------------------------------


class _Snapshot:
    """A folder to be put back as it was: the very same files, for some are open."""

    def __init__(self, folder: Path, aside: Path) -> None:
        self.folder, self.aside = folder, aside
        aside.mkdir()
        self.files: dict[Path, tuple[Path, bytes, os.stat_result]] = {}
        self.folders = set()
        for path in folder.rglob("*"):
            if path.is_dir():
                self.folders.add(path)
            else:
                second = aside / str(len(self.files))
                os.link(path, second)
                self.files[path] = second, path.read_bytes(), path.stat()

    def restore(self) -> None:
        for path in sorted(self.folder.rglob("*"), reverse=True):
            if path.is_dir() and path not in self.folders:
                path.rmdir()
            elif not path.is_dir() and (path not in self.files or not path.samefile(self.files[path][0])):
                path.unlink()
        for path in sorted(self.folders):
            path.mkdir(exist_ok=True)
        for path, (second, data, facts) in self.files.items():
            if second.read_bytes() != data:
                with second.open("r+b") as file:
                    file.write(data)
                    file.truncate()
            if not path.exists():
                os.link(second, path)
            os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
            second.unlink()
        self.aside.rmdir()


# -- what must hold -------------------------------------------------------------------------------------------------------

UNASKED = "没有查到台账"
"""Told where the ledger could not be asked: results are written without what it knows, and are others."""
UNLINKED = "没有完成：出报告"
"""Told where reports could not be written: the summaries have no links to them till the next run."""
_SUMMARIES = "汇总/"
UNRECORDED = "没有登记台账"
"""Told where the ledger could not be written: what is drawn from it lists what it knows, till the next run."""
_DRAWN_FROM_LEDGER = "公开情况表.xlsx"
_UNITS = ("/回收/", "/手工/")
"""Where files of the units lie."""
_ARCHIVE = "/退回/归档"
"""What an earlier run sent back, and is not true any more."""


def find_troubles(office: Office, name: str, done: Sequence[Disturbed], copies: Path) -> list[str]:
    """What is wrong with how a command ended, with what it left, or with where the next run of it ends; a line each."""
    command, (wanted, _), twice = COMMANDS[name], office.undisturbed(name), office.undisturbed_twice(name)
    office.restore(command.after)
    before = office.list_files()
    start = office.look()
    reruns: dict[str, tuple[bool, str, list[str]]] = {}
    troubles = []
    for item in done:
        if item.left not in reruns:
            office.restore_from(copies / item.left)
            left = office.look()
            office.restore_from(copies / item.left)
            again = office.run(command)
            whole, rerun = _without_temporary(left) == wanted, describe_difference(wanted, office.look(), again)
            reruns[item.left] = (
                whole,
                rerun,
                [*find_untrue(left.kept, start, wanted, twice), *find_untrue(office.read_kept(), start, wanted, twice)],
            )
        whole, rerun, untrue = reruns[item.left]
        units = item.call.kind in ("open", "read") and any(folder in item.call.path for folder in _UNITS)
        if units and item.outcome.code == 1:  # the file has a finding, which stands in the results
            told = any(word in item.outcome.said for word in ("FILE12", "没有采用（读不了或认不出）"))
            found = ["" if told else f"a file was passed over: {item.outcome.said[-200:]}", rerun]
        else:
            found = [_judge_end(item.outcome, whole=whole), rerun]
            others = [] if UNASKED in item.outcome.said else [*find_halves(item.files, before, wanted), *untrue]
            behind = [
                name
                for said, name in ((UNLINKED, _SUMMARIES), (UNRECORDED, _DRAWN_FROM_LEDGER))
                if said in item.outcome.said
            ]
            found += [other for other in others if not any(name in other for name in behind)]
        where = f"{name} #{item.at} {item.call.kind} {item.call.path} {item.call.target[:60]} {item.fault}"
        troubles += [f"{where}: {trouble}" for trouble in found if trouble]
    return troubles


def _without_temporary(state: State) -> State:
    """The state without what the next run removes."""
    files = {n: d for n, d in state.files.items() if not n.endswith(".tmp") and not n.startswith(f"{TEMPORARY}/")}
    return replace(state, files=files)


def _judge_end(outcome: Outcome, *, whole: bool) -> str:
    """It could not be done and says why in a sentence, or all of it was done."""
    code, said = outcome.code, outcome.said
    if code not in (0, 1, 2) or "意外" in said or "Traceback" in said:
        return f"exit code {code}: {said[-400:]}"
    if code == 2:
        return "" if said.rstrip().endswith(("。", "？")) else f"no sentence: {said[-200:]}"
    return "" if whole else f"exit code {code} where not all was done: {said[-400:]}"


def find_halves(files: dict[str, str], before: dict[str, str], wanted: State) -> list[str]:
    """Of what a command left the files that are neither what they were nor what they are to be. (Temporary ones go with the next run.)"""
    return [
        f"half-written: {name}"
        for name, digest in files.items()
        if digest
        and not name.endswith(".tmp")
        and not name.startswith(TEMPORARY)
        and digest not in (before.get(name), wanted.files.get(name))
    ]


def find_untrue(found: Mapping[str, str], *known: State) -> list[str]:
    """What was ``found`` to be kept for the next run, and is in none of these states, which are true. Less may be kept."""
    true = {item for state in known for item in state.kept.items()}
    return [f"kept, and not true: {name}" for name, digest in found.items() if (name, digest) not in true]


def describe_difference(wanted: State, found: State, again: Outcome) -> str:
    """In what a state differs from another, after a run that ended so; empty where it does not.

    More may have been archived: a run that lacked a file told its department so, and the next one took that back.
    """
    names = sorted({*wanted.files, *found.files})
    files = [
        name
        for name in names
        if wanted.files.get(name) != found.files.get(name) and not (_ARCHIVE in name and name not in wanted.files)
    ]
    rows = [name for name in ("keys", "ledger") if getattr(wanted, name) != getattr(found, name)]
    return f"after the next run differ: {files + rows}; {again.code} {again.said[-200:]}" if files or rows else ""

"""Which of several files of one project counts. The order stands here and nowhere else:

1. what is more trusted (``core.trust``) before what is less: whatever its round, its content and its clock say;
2. a copy of a later return before one of an earlier return, and before the workbook as it was issued: the round is signed. Where the
   project was issued anew and a file of the new issue is there, copies of earlier issues (even of equal content) rank as issued workbooks;
3. a file with new content before one that repeats an older file of that round, or what came in an earlier round
   by the ledger;
4. the one that was saved last, by the properties of workbooks and documents;
5. if one of them does not say, or they say the same: by the times that folder or archive give them.

Of files with the same bytes the first counts, and the others are copies of it. Copying and unpacking may change the time of
a file, so it never decides silently: if nothing else is left, or a file of an earlier return was saved later than the one
that counts, somebody has to look (FILE21).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.trust import Trust

EarlierContents = Mapping[tuple[int, str], Mapping[str, str]]
"""Year and code of a project → digest of a content → SHA-256 of the first version that ever came with it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file of a project, with what decides whether it counts."""

    project: Hashable
    """Identifies the project."""
    code: str
    name: str
    file: str
    trust: Trust
    """How far it can be trusted, apart from its return round."""
    round: int
    """The return that it is a copy of; 0 as it was issued."""
    content: str
    """Digest of its content."""
    sha256: str
    saved_at: float | None
    """When it was last saved, as it says itself, in seconds."""
    clock: float
    """When it was last changed as its folder or archive says, in seconds."""
    first_said: str = ""
    """SHA-256 of the first version with that content that ever came; blank where none is known."""
    doubt: str = ""
    """Why it is not trusted further, as a clause."""
    issue: int = 0
    """The issue that it is of, from 1, where the seal says so; else 0."""
    answers: int = 0
    """How many 提醒 the unit has answered in it."""

    @property
    def says_again(self) -> bool:
        """It repeats what came in an earlier round, in a file that may be gone by now."""
        return self.first_said not in ("", self.sha256)

    def tell(self, code: str, message: str = "", expected: str = "") -> Finding:
        """A finding about the file."""
        return finding(code, message, project_code=self.code, file=self.file, found=self.name, expected=expected)


@dataclass(frozen=True, slots=True, order=True)
class Precedence:
    """The place of a file among those of its project; the greatest counts. The parts are compared in this order."""

    trust: int
    round: int
    changed: bool
    """Its content differs from all older files of that round."""
    saved: float
    """When it was last saved, as it says itself; 0 for all where one of them does not say."""
    clock: float
    """When it was last changed, as its folder or archive says."""

    def first_difference(self, other: Precedence) -> str:
        """The name of the part that decides between the two; blank where they are equal."""
        return next((p.name for p in fields(self) if getattr(self, p.name) != getattr(other, p.name)), "")


@dataclass(frozen=True, slots=True)
class ChosenFiles:
    """Which of the candidates count (their positions), and why the others do not."""

    kept: frozenset[int]
    findings: list[Finding]


def choose_files(candidates: Iterable[Candidate]) -> ChosenFiles:
    """Of each project the file that counts."""
    groups: dict[Hashable, list[_Ranked]] = {}
    for number, item in enumerate(candidates):
        groups.setdefault(item.project, []).append(_Ranked(number, item))
    kept: set[int] = set()
    findings: list[Finding] = []
    for group in groups.values():
        originals, copies = _split_copies(group)
        best = _find_best(originals)
        kept.add(best.number)
        told = [(other.number, _tell_set_aside(other, best)) for other in originals if other is not best]
        findings += [row for _, row in sorted([*told, *copies], key=lambda pair: pair[0])]
    return ChosenFiles(frozenset(kept), findings)


@dataclass(slots=True)
class _Ranked:
    """A candidate with its place among those of its project."""

    number: int
    item: Candidate
    round: int = 0
    """The return as whose copy it ranks."""
    by_clock: bool = False
    """Some file of its kind and round does not say when it was saved: they can only be compared by their times on disk."""
    repeats: Candidate | None = None
    """The older file that says the same."""

    @property
    def kind(self) -> tuple[Trust, int]:
        """Files of one kind are compared by what they say and when they were saved."""
        return self.item.trust, self.round

    @property
    def time(self) -> float:
        """When it was saved; the time on disk if files of its kind and round can only be compared by that."""
        return self.item.clock if self.by_clock or self.item.saved_at is None else self.item.saved_at

    def is_saved_after(self, other: _Ranked) -> bool:
        """Both say when they were saved, and this one was later."""
        mine, its = self.item.saved_at, other.item.saved_at
        return mine is not None and its is not None and mine > its

    @property
    def place(self) -> Precedence:
        """What it is compared by."""
        saved = 0.0 if self.by_clock else self.time
        changed = self.repeats is None and not self.item.says_again
        return Precedence(self.item.trust.rank, self.round, changed, saved, self.item.clock)


def _split_copies(group: Iterable[_Ranked]) -> tuple[list[_Ranked], list[tuple[int, Finding]]]:
    """The files with different bytes, and a finding about each copy."""
    first: dict[str, _Ranked] = {}
    originals, copies = [], []
    for one in sorted(group, key=lambda one: (one.item.clock, one.item.file)):
        original = first.setdefault(one.item.sha256, one).item
        if not one.item.sha256 or original.file == one.item.file:
            originals.append(one)
        else:
            copies.append((one.number, one.item.tell("FILE20", f"与“{original.file}”完全相同，本文件未计入")))
    return originals, copies


def _find_best(group: Sequence[_Ranked]) -> _Ranked:
    last = max((one.item.issue for one in group if one.item.trust is Trust.CURRENT), default=0)
    for one in group:
        is_older = one.item.trust is Trust.CURRENT and one.item.issue < last
        one.round = 0 if is_older else one.item.round
    silent = {one.kind for one in group if one.item.saved_at is None}
    said: dict[tuple[Trust, int, str], Candidate] = {}
    for one in group:
        one.by_clock = one.kind in silent
    for one in sorted(group, key=lambda one: (one.time, one.item.file)):
        older = said.setdefault((*one.kind, one.item.content), one.item)
        one.repeats = None if older is one.item else older
    return max(group, key=lambda one: one.place)


def _tell_set_aside(one: _Ranked, best: _Ranked) -> Finding:
    """Why a file does not count; a 提醒 where it might be the newer one after all."""
    item, chosen = one.item, f"采用了“{best.item.file}”"
    times = f"本文件 {_show(one.item.saved_at)}，采用的 {_show(best.item.saved_at)}"
    later = f"；但本文件的保存时间更晚（{times}）" if one.is_saved_after(best) else ""
    match best.place.first_difference(one.place):
        case "trust" if item.trust is Trust.HAND_MADE:
            return item.tell("IMPORT16", f"已报送下发的工作簿，本文件未计入{later}", expected=best.item.file)
        case "trust":
            code = "FILE22" if _seems_newer(one, best) else "FILE23"
            left = f"，其中 {item.answers} 条单位说明也没有采用" if item.answers else ""
            why = f"{chosen}（{best.item.trust}），本文件是{item.trust}，未计入{left}：{item.doubt}"
            return item.tell(code, why + later, expected=best.item.file)
        case "round":
            own = f"第 {item.issue} 次下发的" if item.round and not one.round else _name_round(item.round)
            why = f"{chosen}，它是第 {best.item.round} 次退回的副本，本文件是{own}，未计入"
            return item.tell("FILE21" if later else "FILE08", why + later)
        case "changed":
            older = f"更早的“{one.repeats.file}”" if one.repeats else "以前报送过的一份"
            return item.tell("FILE08", f"{chosen}，本文件的内容与{older}相同，未计入")
        case "saved":
            back = "；文件夹里的时间与此相反，复制和解压会改变它" if item.clock > best.item.clock else ""
            return item.tell("FILE08", f"{chosen}，它的保存时间较新，本文件未计入（{times}{back}）")
    clocks = f"本文件 {_show(item.clock)}，采用的 {_show(best.item.clock)}"
    return item.tell("FILE21", f"{chosen}，但只能按文件夹里的时间判断，本文件未计入（{clocks}）")


def _seems_newer(one: _Ranked, best: _Ranked) -> bool:
    """It would count if it were as trusted as the one that does."""
    if one.item.saved_at is None or best.item.saved_at is None:
        return (one.item.round, one.item.clock) > (best.item.round, best.item.clock)
    return (one.item.round, one.item.saved_at) > (best.item.round, best.item.saved_at)


def _name_round(number: int) -> str:
    return f"第 {number} 次退回的" if number else "下发的表"


def _show(time: float | None) -> str:
    return "" if time is None else datetime.fromtimestamp(time).strftime("%Y-%m-%d %H:%M:%S")

"""检查清单: every check and what came of it in each project that counts. Each code of the catalogue has its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbook_tools.core.codes import CODES, Family, Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import CheckCount, MissingRow, ProjectRow
from workbook_tools.review.checks import CHECKS, CROSS_CHECKS, fill
from workbook_tools.review.checks.declaring import TEXTS, codes_of, name_of
from workbook_tools.review.checks.last_year import LAST_YEAR_CHECKS
from workbook_tools.review.reviewed_file import ReviewedFile

OFF = "off"
_NO_LIST = "没有项目清单可以核对"
_HAND_MADE, _ISSUED = "手工表格没有签名和锁定", "只查手工表格"
_NO_KEY = "没有下发时的签名密钥"
_NO_ANSWERS = "没有单位说明"
_NO_EVIDENCE = "没有列佐证材料，也没有收到"
_ALONE = "只有一个项目，无从比较"
_NO_LAST_YEAR = "没有上年数据"
_ON_LIST = ("FILE07", "FILE17", "IMPORT17", "IMPORT18", "IMPORT22")
"""Codes that comparing with the project list reports."""


def _read_by(family: Family, *others: str) -> tuple[str, ...]:
    """The codes of a family that the reader reports, not a check."""
    own = {code for check in _ALL for code in codes_of(check)} | set(others)
    return tuple(code for code, entry in CODES.items() if entry.family is family and code not in own)


_UNREAD = tuple(
    code
    for code, entry in CODES.items()
    if entry.family is Family.FILE and entry.severity is Severity.ERROR and code not in _ON_LIST
)
"""Codes that say why a file does not count."""
_ALL: tuple[Callable[..., object], ...] = (fill.workbook_filled, *CHECKS, *CROSS_CHECKS)


@dataclass(frozen=True, slots=True)
class CheckCounts:
    """The counts of an account, to be added to another: how often each check passed, fired, did not run or did not apply, and why."""

    tallies: Sequence[tuple[int, int, Mapping[str, int], Mapping[str, int]]]
    unread: Sequence[str]
    """Files with a finding that keeps them from counting."""


@dataclass(slots=True)
class _Tally:
    """The tally of one check."""

    check: str
    rule: str
    codes: tuple[str, ...]
    passed: int = 0
    fired: int = 0
    not_run: Counter[str] = field(default_factory=Counter)
    not_for: Counter[str] = field(default_factory=Counter)

    def add(self, fired: bool, reason: str = "", times: int = 1, *, of_the_kind: bool = False) -> None:
        """Count a form (or several) in which the check fired, could not look or did not apply (for a ``reason``), or passed."""
        if fired:
            self.fired += times
        elif reason:
            (self.not_for if of_the_kind else self.not_run)[reason] += times
        else:
            self.passed += times

    def close(self, choices: Mapping[str, str]) -> CheckCount:
        """The count; where all codes are switched off nothing ran."""
        off = bool(self.codes) and all(choices.get(code) == OFF for code in self.codes)
        ran = self.passed + self.fired
        return CheckCount(
            check=self.check,
            rule=self.rule,
            codes=self.codes,
            passed=0 if off else self.passed,
            fired=0 if off else self.fired,
            off=ran if off else 0,
            not_run=dict(self.not_run),
            not_for=dict(self.not_for),
        )


class CheckAccount:
    """The account of all checks over the files that count, added up department by department.

    ``listed`` says that there was a project list; ``choices`` as in wbt.toml; ``alone`` that there is but one project.
    """

    def __init__(self, *, listed: bool, choices: Mapping[str, str], alone: bool = False) -> None:
        self._listed, self._choices, self._alone = listed, choices, alone
        self._unread: set[str] = set()
        self._missed = _Tally("list.missing", "清单中的项目都应报送。", ("CROSS01",))
        self._on_list = _Tally("list.listed", "报送的应是清单中的项目，内容与清单一致。", _ON_LIST)
        self._files = _Tally("read.file", "文件能打开，内容完整，一个项目一份。", _read_by(Family.FILE, *_ON_LIST))
        self._seal = _Tally("read.seal", "签名、锁定的内容、公式与下发时一致。", _read_by(Family.TAMPER))
        self._cells = _Tally("read.cells", "各格的写法能读懂：数字、单位、选项。", _read_by(Family.FILL))
        self._forms = _Tally("read.handmade", "手工表格的内容认得出来。", _read_by(Family.IMPORT, *_ON_LIST))
        self._answers = _Tally("read.answers", "单位对提醒的说明写明了情况，问题没有被改动。", _read_by(Family.ANSWER))
        self._evidence = _Tally(
            "evidence.compared", "列出的佐证材料都收到了，收到的都列了。", _read_by(Family.EVIDENCE)
        )
        self._checks = {name_of(check): _make_tally(check) for check in _ALL[: 1 + len(CHECKS)]}
        self._compared = [_make_tally(check) for check in CROSS_CHECKS]
        self._years = [_make_tally(check) for check in LAST_YEAR_CHECKS]

    def add(
        self,
        kept: Iterable[ReviewedFile],
        findings: Iterable[Finding],
        missing: Collection[MissingRow],
        with_evidence: Collection[str] = (),
        with_last_year: Collection[str] = (),
    ) -> None:
        """Files that count with all findings about their projects, and findings about files that do not.

        ``with_evidence`` are the codes of projects for which evidence (佐证材料) came, ``with_last_year`` of those that were there the
        year before.
        """
        said: dict[str, set[str]] = {}
        for row in findings:
            said.setdefault(row.project_code, set()).add(row.code)
            if row.code in _UNREAD:
                self._unread.add(row.file)
        self._missed.add(True, times=len(missing))
        for item in kept:
            if item.project:
                own = said.get(item.project.code, set())
                self._add_reading(item, item.project, own, with_evidence)
                self._add_compared(item.project, own)
                for tally in self._years:
                    reason = "" if item.project.code in with_last_year else _NO_LAST_YEAR
                    tally.add(bool(own & set(tally.codes)), reason)
            for run in item.runs:
                if run.check in self._checks:
                    fired = any(self._choices.get(code) != OFF for code in run.codes)
                    self._checks[run.check].add(fired, run.reason, of_the_kind=run.of_the_kind)

    def count(self) -> CheckCounts:
        """Its counts so far."""
        tallies = [(one.passed, one.fired, dict(one.not_run), dict(one.not_for)) for one in self._tallies]
        return CheckCounts(tallies, sorted(self._unread))

    def add_counts(self, counts: CheckCounts) -> None:
        """Add the counts of another account with the same choices."""
        self._unread.update(counts.unread)
        for tally, (passed, fired, not_run, not_for) in zip(self._tallies, counts.tallies, strict=True):
            tally.passed += passed
            tally.fired += fired
            tally.not_run.update(not_run)
            tally.not_for.update(not_for)

    def close(self, is_counted: Callable[[str], bool]) -> tuple[CheckCount, ...]:
        """The account; ``is_counted`` says of a file that a project that counts was in it."""
        self._files.add(True, times=sum(not is_counted(file) for file in self._unread))
        return tuple(tally.close(self._choices) for tally in self._tallies)

    @property
    def _tallies(self) -> list[_Tally]:
        reading = [
            self._missed,
            self._on_list,
            self._files,
            self._seal,
            self._cells,
            self._forms,
            self._answers,
            self._evidence,
        ]
        return [*reading, *self._checks.values(), *self._compared, *self._years]

    def _add_reading(
        self, item: ReviewedFile, project: ProjectRow, own: Collection[str], with_evidence: Collection[str]
    ) -> None:
        """Add what the reader looks at in every file, and what is compared with the project list."""
        codes, no_list, by_hand = set(own), "" if self._listed else _NO_LIST, project.imported
        self._missed.add(False, no_list)
        self._on_list.add(bool(codes & set(_ON_LIST)), no_list)
        self._files.add(bool(codes & set(self._files.codes)))
        why = _HAND_MADE if by_hand else _NO_KEY if "TAMPER08" in codes else ""
        self._seal.add(bool(codes & set(self._seal.codes) - {"TAMPER08"}), why, of_the_kind=by_hand)
        self._cells.add(bool(codes & set(self._cells.codes)))
        self._forms.add(by_hand and bool(codes & set(self._forms.codes)), "" if by_hand else _ISSUED, of_the_kind=True)
        self._answers.add(bool(codes & set(self._answers.codes)), "" if item.answers else _NO_ANSWERS, of_the_kind=True)
        any_evidence = bool(item.materials) or project.code in with_evidence
        why = "" if any_evidence else _NO_EVIDENCE
        self._evidence.add(bool(codes & set(self._evidence.codes)), why, of_the_kind=True)

    def _add_compared(self, project: ProjectRow, own: Collection[str]) -> None:
        """Add what only a comparison of projects shows."""
        for tally in self._compared:
            reason = _ALONE if self._alone else "" if project.texts else TEXTS.missing
            tally.add(bool({*own} & set(tally.codes)), reason)


def _make_tally(check: Callable[..., object]) -> _Tally:
    return _Tally(name_of(check), _rule_of(check), codes_of(check))


def _rule_of(check: Callable[..., object]) -> str:
    """The first line of its docstring."""
    return (check.__doc__ or "").strip().split("\n")[0]

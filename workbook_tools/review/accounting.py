"""检查清单: every check and what came of it in each project that counts. Each code of the catalogue has its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbook_tools.core.codes import CODES, Family, Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import CheckCount, MissingRow
from workbook_tools.review.batches import ReviewedFile
from workbook_tools.review.checks import CHECKS, CROSS_CHECKS, fill
from workbook_tools.review.checks.declaring import TEXTS, codes_of, name_of

OFF = "off"
_NO_LIST = "没有项目清单可以核对"
_HAND_MADE, _ISSUED = "手工表格没有签名和锁定", "只查手工表格"
_NO_KEY = "没有下发时的签名密钥"
_NO_ANSWERS = "没有单位说明"
_NO_EVIDENCE = "没有列佐证材料，也没有收到"
_ALONE = "只有一个项目，无从比较"
_ON_LIST = ("FILE07", "FILE17", "IMPORT17", "IMPORT18")
"""What comparing with the project list says of a file."""


def _read_by(family: Family, *others: str) -> tuple[str, ...]:
    """The codes of a family that no check reports: the reader does."""
    own = {code for check in _ALL for code in codes_of(check)} | set(others)
    return tuple(code for code, entry in CODES.items() if entry.family is family and code not in own)


_UNREAD = tuple(
    code
    for code, entry in CODES.items()
    if entry.family is Family.FILE and entry.severity is Severity.ERROR and code not in _ON_LIST
)
"""Why a file does not count."""
_ALL: tuple[Callable[..., object], ...] = (fill.workbook_filled, *CHECKS, *CROSS_CHECKS)


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
        """One more form (or several), in which it found something, could not look or had nothing to look at, or found nothing."""
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
            check=self.check, rule=self.rule, codes=self.codes, passed=0 if off else self.passed, fired=0 if off else self.fired,
            off=ran if off else 0, not_run=dict(self.not_run), not_for=dict(self.not_for),
        )  # fmt: skip


def count_checks(
    kept: Sequence[ReviewedFile],
    findings: Iterable[Finding],
    missing: Collection[MissingRow],
    *,
    listed: bool,
    choices: Mapping[str, str],
    with_evidence: Collection[str] = (),
) -> tuple[CheckCount, ...]:
    """The account of all checks over the files that count.

    ``findings`` are those of the result; ``listed`` says that there was a project list; ``choices`` as in wbt.toml;
    ``with_evidence`` are the codes of projects for which evidence (佐证材料) came.
    """
    said: dict[str, set[str]] = {}
    counted, unread = {item.file for item in kept}, set()
    for item in findings:
        said.setdefault(item.project_code, set()).add(item.code)
        if item.code in _UNREAD and item.file not in counted:
            unread.add(item.file)
    reading = _count_reading(kept, said, missing, listed, len(unread), with_evidence)
    counts = [*reading, *_count_checks(kept, choices), *_count_compared(kept, said)]
    return tuple(count.close(choices) for count in counts)


def _count_checks(kept: Iterable[ReviewedFile], choices: Mapping[str, str]) -> list[_Tally]:
    counts = {
        name_of(check): _Tally(name_of(check), _rule_of(check), codes_of(check)) for check in _ALL[: 1 + len(CHECKS)]
    }
    for item in kept:
        for run in item.runs:
            if run.check in counts:
                fired = any(choices.get(code) != OFF for code in run.codes)
                counts[run.check].add(fired, run.reason, of_the_kind=run.of_the_kind)
    return list(counts.values())


def _count_reading(
    kept: Sequence[ReviewedFile],
    said: Mapping[str, set[str]],
    missing: Collection[MissingRow],
    listed: bool,
    unread: int,
    with_evidence: Collection[str],
) -> list[_Tally]:
    """What the reader looks at in every file, and what is compared with the project list; ``unread`` files gave no project."""
    missed = _Tally("list.missing", "清单中的项目都应报送。", ("CROSS01",))
    on_list = _Tally("list.listed", "报送的应是清单中的项目，内容与清单一致。", _ON_LIST)
    files = _Tally("read.file", "文件能打开，内容完整，一个项目一份。", _read_by(Family.FILE, *_ON_LIST))
    seal = _Tally("read.seal", "签名、锁定的内容、公式与下发时一致。", _read_by(Family.TAMPER))
    cells = _Tally("read.cells", "各格的写法能读懂：数字、单位、选项。", _read_by(Family.FILL))
    forms = _Tally("read.handmade", "手工表格的内容认得出来。", _read_by(Family.IMPORT, *_ON_LIST))
    answers = _Tally("read.answers", "单位对提醒的说明写明了情况，问题没有被改动。", _read_by(Family.ANSWER))
    missed.add(True, times=len(missing))
    files.add(True, times=unread)
    evidence = _Tally("evidence.compared", "列出的佐证材料都收到了，收到的都列了。", _read_by(Family.EVIDENCE))
    for item in kept:
        project = item.project
        if project is None:
            continue
        own = said.get(project.code, set())
        no_key = "TAMPER08" in own
        missed.add(False, "" if listed else _NO_LIST)
        on_list.add(bool(own & set(_ON_LIST)), "" if listed else _NO_LIST)
        files.add(bool(own & set(files.codes)))
        by_hand = project.imported
        why = _HAND_MADE if by_hand else _NO_KEY if no_key else ""
        seal.add(bool(own & set(seal.codes) - {"TAMPER08"}), why, of_the_kind=by_hand)
        cells.add(bool(own & set(cells.codes)))
        forms.add(by_hand and bool(own & set(forms.codes)), "" if by_hand else _ISSUED, of_the_kind=True)
        answers.add(bool(own & set(answers.codes)), "" if item.answers else _NO_ANSWERS, of_the_kind=True)
        any_evidence = bool(item.materials) or project.code in with_evidence
        evidence.add(bool(own & set(evidence.codes)), "" if any_evidence else _NO_EVIDENCE, of_the_kind=True)
    return [missed, on_list, files, seal, cells, forms, answers, evidence]


def _count_compared(kept: Sequence[ReviewedFile], said: Mapping[str, set[str]]) -> list[_Tally]:
    """What only a comparison of projects shows."""
    counts = []
    for check in CROSS_CHECKS:
        count = _Tally(name_of(check), _rule_of(check), codes_of(check))
        for item in kept:
            if item.project:
                reason = _ALONE if len(kept) < 2 else "" if item.project.texts else TEXTS.missing
                count.add(bool(said.get(item.project.code, set()) & set(count.codes)), reason)
        counts.append(count)
    return counts


def _rule_of(check: Callable[..., object]) -> str:
    """The first line of its docstring."""
    return (check.__doc__ or "").strip().split("\n")[0]

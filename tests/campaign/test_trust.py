"""How far a file can be trusted: attacks on a working folder, each with its trust, its finding and what counts; honest files are silent."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import INDICATORS, MET, answers, layout_of, project
from drawn_forms import drawn
from filling import BLANK_PROJECT, fill
from hand_made_forms import hand_made
from surgery import save_as_on

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.issuing import issue_workbooks
from workbook_tools.campaign.key_ring import KeyState, add_key, end_key
from workbook_tools.campaign.ledger.accepting import accept_projects
from workbook_tools.campaign.ledger.database import begin_file
from workbook_tools.campaign.returning import return_files
from workbook_tools.campaign.reviewing import review_inbox
from workbook_tools.core.findings import ACCEPTED, Finding
from workbook_tools.core.model import FundingSource, IndicatorAnswer, Project, ProjectList
from workbook_tools.core.questions import find_key
from workbook_tools.core.result_parts import HeldParts
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.core.states import State
from workbook_tools.core.trust import Trust
from workbook_tools.files.sources import SourceFile
from workbook_tools.form import asking
from workbook_tools.form.identity import BLANK_KEY, NO_ISSUE, Issue, SigningKey
from workbook_tools.form.layout import build_layout
from workbook_tools.form.rows import indicator_name
from workbook_tools.results.answer_sheet import ANSWERS
from workbook_tools.returns import write_returns
from workbook_tools.review import Review, review_folder
from workbook_tools.rules.scheme import Scheme, load_scheme
from workbook_tools.rules.scheme_tools import new_scheme
from workbook_tools.workbooks.generating import Generated
from workbook_tools.workbooks.writing import build_workbook

SCHEME = "qinghe"
OTHER = SigningKey(b"another office's computer, 32 b.".ljust(32, b"."))
EASY = tuple(i.model_copy(update={"target": 80.0}) if i.unit == "公里" else i for i in INDICATORS)
POOR = answers(indicators=(IndicatorAnswer(actual=50.0, deviation_reason="汛期停工，下年补做。"), *MET[1:]))
"""The first target is met by half: 90 points."""


def day(number: int) -> datetime:
    return datetime(2025, 3, number, 4, tzinfo=UTC)


@dataclass
class Office:
    """A working folder with one project on its list, and what people put into its inbox."""

    campaign: Campaign
    key: SigningKey
    issues: list[Issue] = field(default_factory=list)

    @classmethod
    def begin(cls, folder: Path) -> Office:
        """P001 is listed and issued."""
        made = Campaign.create(folder, Settings(year=2024, authority="清河县财政局", scheme=SCHEME))
        text = new_scheme(SCHEME, load_scheme("mof-2020"))
        (made.scheme_folders[0] / f"{SCHEME}.toml").write_text(text, "utf-8")
        office = cls(made, made.signing_key())
        office.issue(project())
        return office

    @property
    def scheme(self) -> Scheme:
        """As its file is now."""
        return self.campaign.scheme()

    def issue(self, listed: Project, on: int = 1) -> Generated:
        """The list is written, and issued in place of what was issued before."""
        text = ProjectList(year=listed.year, projects=(listed,)).model_dump_json()
        (self.campaign.root / "项目清单.json").write_text(text, "utf-8")
        folder = self.campaign.folder("下发")
        (made,) = issue_workbooks(self.campaign, [listed], folder, self.key, day(on), overwrite=True).items
        self.issues.append(made.issue)
        return made

    def change_settings(self, old: str, new: str) -> None:
        """wbt.toml is edited."""
        path = self.campaign.root / "wbt.toml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        self.campaign = Campaign.open(self.campaign.root)

    def correct_scheme(self, old: str, new: str) -> None:
        """A setting of the office's scheme is corrected."""
        path = self.campaign.scheme_folders[0] / f"{SCHEME}.toml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def send(
        self,
        name: str,
        on: int,
        *,
        issue: int = -1,
        key: SigningKey | None = None,
        scheme: Scheme | None = None,
        **changes: Any,
    ) -> Path:
        """A filled workbook comes in; by default of what was issued last, half of the first target met."""
        given = project(**{"answers": POOR, **changes})
        used = self.issues[issue] if key in (None, self.key) else NO_ISSUE
        data = build_workbook(given, scheme or self.scheme, key or self.key, self.campaign.notice, issue=used)
        return self.put(name, data, on)

    def put(self, name: str, data: bytes, on: int) -> Path:
        """A file comes in that says it was saved on that day."""
        path = self.campaign.folder("回收") / name
        path.write_bytes(data)
        save_as_on(path, day(on))
        return path

    def review(self, on: int = 28) -> Review:
        """As the command does it."""
        folder = self.campaign.folder("审核")
        done = review_inbox(self.campaign, folder.parent / "回收", self.campaign.known_keys(), day(on), out=folder)
        assert done.unrecorded == ""
        return replace(done.review, parts=HeldParts(done.result))

    def accept_all(self) -> list[str]:
        """What ``wbt accept --all`` takes."""
        return [row.code for row in accept_projects(self.campaign, [], day(29), every=True, who="王强").new]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.begin(tmp_path / "自评")


def trust_of(review: Review, file: str) -> Trust | None:
    (item,) = [item for item in review.files if item.file == file]
    return item.verdict.trust if item.verdict else None


def told(review: Review | ReviewResult, file: str) -> list[str]:
    """The codes about a file, those about files and trust only."""
    result = review.result if isinstance(review, Review) else review
    return [
        row.code for row in result.findings if row.file == file and row.code.startswith(("FILE", "TAMPER", "IMPORT16"))
    ]


def counted(review: Review) -> ProjectRow:
    (row,) = review.result.projects
    return row


# -- attacks ----------------------------------------------------------------------------------------------------------


def send_blank_form(office: Office) -> None:
    """The public blank form with targets of one's own and the code of a listed project."""
    given = answers(office.scheme)
    easy = BLANK_PROJECT.model_copy(
        update={"indicators": EASY, "annual_budget": project().annual_budget, "answers": given}
    )
    path = office.put("新.xlsx", build_workbook(easy, office.scheme, BLANK_KEY), 20)
    typed = {
        "project_code": "P001",
        "project_name": "农村道路养护经费",
        "department": "示例县交通运输局",
        "unit": "示例县公路段",
        "year": "2024",
    }
    fill(path, build_layout(easy, office.scheme), typed)
    save_as_on(path, day(20))


def send_with_public_key(office: Office) -> None:
    """The same, but the code stands where the office would have put it."""
    office.send("新.xlsx", 20, key=BLANK_KEY, indicators=EASY)


def send_older_list(office: Office) -> None:
    """The list was corrected and issued again; what was issued before comes back."""
    office.issue(project(indicators=EASY), on=1)
    office.issue(project(), on=2)
    office.send("新.xlsx", 20, issue=1, indicators=EASY)


def send_older_scheme(office: Office) -> None:
    """The scheme was corrected and issued again."""
    before = office.scheme
    office.correct_scheme('exceeded = "inverse"', 'exceeded = "zero"')
    office.issue(project(), on=2)
    office.send("新.xlsx", 20, issue=0, scheme=before)


def send_last_year(office: Office) -> None:
    """The same code, a year ago."""
    office.send("新.xlsx", 20, issue=0, year=2023)


def send_unknown_issue(office: Office) -> None:
    """Signed by the office's key, but the ledger has never heard of it."""
    given = project(answers=answers(), indicators=EASY)
    office.put("新.xlsx", build_workbook(given, office.scheme, office.key, issue=Issue.new(9, "0" * 64)), 20)


def send_of_another_office(office: Office) -> None:
    """Signed by a key that is kept to verify another office's workbooks."""
    add_key(office.campaign.key_ring(), OTHER, "邻县", date(2025, 3, 1))
    office.send("新.xlsx", 20, key=OTHER, indicators=EASY)


def send_with_unknown_key(office: Office) -> None:
    """Anybody can make a key."""
    office.send("新.xlsx", 20, key=OTHER, indicators=EASY)


def send_with_revoked_key(office: Office) -> None:
    """A key that has leaked."""
    ring = add_key(office.campaign.key_ring(), OTHER, "泄露的", date(2025, 3, 1))
    end_key(ring, ring.find(OTHER.id), KeyState.REVOKED, date(2025, 3, 2))
    office.send("新.xlsx", 20, key=OTHER, indicators=EASY)


def send_with_broken_signature(office: Office) -> None:
    """The content was exchanged, the signature kept."""
    good = openpyxl.load_workbook(office.send("新.xlsx", 20))["标识"]["B5"].value
    path = office.send("新.xlsx", 20, key=OTHER, indicators=EASY)
    book = openpyxl.load_workbook(path)
    book["标识"]["B5"] = good
    book.save(path)
    office.put("新.xlsx", path.read_bytes(), 20)


def send_hand_made(office: Office) -> None:
    """A form of today with the project's name and unit."""
    office.put("新.xlsx", drawn(hand_made()), 20)


@dataclass(frozen=True)
class Attack:
    """A file that comes after the good one, and what must come of it."""

    send: Callable[[Office], None]
    trust: Trust
    beside: str
    """What is told of it where the good one is there; blank where the good one is only of the first issue."""
    alone: list[str]
    """What is told of it where it is all that has come."""
    counts_alone: bool = True


ATTACKS = {
    "public blank form, easy targets": Attack(send_blank_form, Trust.BLANK_FORM, "FILE22", ["TAMPER16"]),
    "public key on a workbook of the project": Attack(send_with_public_key, Trust.BLANK_FORM, "FILE22", ["TAMPER17"]),
    "older list": Attack(send_older_list, Trust.SUPERSEDED, "FILE22", ["TAMPER13"]),
    "scheme before its correction": Attack(send_older_scheme, Trust.SUPERSEDED, "FILE22", ["TAMPER13"]),
    "last year's": Attack(send_last_year, Trust.SUPERSEDED, "FILE09", ["FILE07"], counts_alone=False),
    "unknown to the ledger": Attack(send_unknown_issue, Trust.SUPERSEDED, "FILE22", ["TAMPER14"]),
    "another office's key": Attack(send_of_another_office, Trust.ELSEWHERE, "FILE22", ["TAMPER15"]),
    "a key that nobody knows": Attack(send_with_unknown_key, Trust.ELSEWHERE, "FILE22", ["TAMPER08"]),
    "revoked key": Attack(send_with_revoked_key, Trust.UNVERIFIED, "FILE22", ["TAMPER12"]),
    "broken signature": Attack(send_with_broken_signature, Trust.UNVERIFIED, "FILE22", ["TAMPER01"]),
    "hand-made form": Attack(send_hand_made, Trust.HAND_MADE, "IMPORT16", []),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_less_trusted_file_never_displaces_the_good_one_and_is_told(office: Office, name: str) -> None:
    attack = ATTACKS[name]
    attack.send(office)
    office.send("好.xlsx", 10)
    review = office.review()
    assert (counted(review).file, counted(review).total_score) == ("好.xlsx", 90.0)
    assert (trust_of(review, "好.xlsx"), trust_of(review, "新.xlsx")) == (Trust.CURRENT, attack.trust)
    assert (told(review, "好.xlsx"), told(review, "新.xlsx")) == ([], [attack.beside])
    assert office.review().result == review.result
    assert office.accept_all() == ["P001"]


@pytest.mark.parametrize("name", ATTACKS)
def test_a_less_trusted_file_that_is_all_there_is_counts_with_its_finding_and_never_in_bulk(
    office: Office, name: str
) -> None:
    attack = ATTACKS[name]
    attack.send(office)
    review = office.review()
    assert trust_of(review, "新.xlsx") is attack.trust
    own = [code for code in told(review, "新.xlsx") if code not in ("FILE17", "IMPORT16")]
    assert sorted(own) == sorted(attack.alone)
    assert [row.trust for row in review.result.projects] == [attack.trust] * attack.counts_alone
    assert office.accept_all() == []


def test_what_differs_is_named_column_by_column(office: Office) -> None:
    corrected = project(
        annual_budget={FundingSource.COUNTY: 90.0, FundingSource.OTHER: 30.0},
        unit="示例县公路中心",
        indicators=(
            INDICATORS[0].model_copy(update={"target": 200.0}),
            INDICATORS[1].model_copy(update={"weight": 10.0}),
            INDICATORS[2],
            INDICATORS[3].model_copy(update={"weight": 40.0}),
        ),
    )
    office.issue(corrected, on=2)
    office.send("旧.xlsx", 10, issue=0)
    (row,) = [row for row in office.review().result.findings if row.code == "TAMPER13"]
    changes = row.message.partition("（本文件 → 最近下发）：")[2].split("；")
    assert changes == [
        "实施单位：示例县公路段 → 示例县公路中心",
        "全年-县区：120 → 90",
        "指标“养护里程”的目标值：100 → 200",
        "指标“验收合格率”的权重：20 → 10",
        "指标“通行条件”的权重：30 → 40",
        "指标“群众满意度”：有 → 没有",
    ]


def test_a_scheme_before_its_correction_is_scored_as_issued_and_its_setting_is_named(office: Office) -> None:
    """The price target was missed: in inverse proportion before, and zero since."""
    before, over = (
        office.scheme,
        answers(indicators=(*MET[:2], IndicatorAnswer(actual=1.8, deviation_reason="材料涨价。"), *MET[3:])),
    )
    office.correct_scheme('exceeded = "inverse"', 'exceeded = "zero"')
    office.issue(project(), on=2)
    office.send("旧.xlsx", 10, issue=0, scheme=before, answers=over)
    review = office.review()
    (row,) = [row for row in review.result.findings if row.code == "TAMPER13"]
    assert counted(review).total_score == 98.33
    assert "评分方案－" in row.message and "超过目标值时：按目标值÷完成值的比例得分 → 不得分" in row.message
    office.send("新.xlsx", 9, answers=over)
    assert counted(office.review()).total_score == 90.0


def test_a_copy_of_an_earlier_return_that_comes_when_a_later_one_has_been_there_is_older(office: Office) -> None:
    """The later copy has been moved away: only the ledger remembers it."""
    wrong = answers(indicators=(IndicatorAnswer(actual=50.0), *MET[1:]))  # a reason is missing
    original = office.send("原来的.xlsx", 3, answers=wrong)
    send_copy(office, give_back(office, 4), "第一次.xlsx", 5, filler="赵六")
    original.unlink()
    last = send_copy(
        office,
        give_back(office, 6),
        "第二次.xlsx",
        7,
        **{indicator_name(1, "deviation_reason"): "汛期停工，下年补做。"},
    )
    both = office.review(8)
    assert (counted(both).file, counted(both).trust, told(both, "第二次.xlsx")) == ("第二次.xlsx", Trust.CURRENT, [])
    last.unlink()
    alone = office.review(9)
    assert (counted(alone).trust, told(alone, "第一次.xlsx")) == (Trust.SUPERSEDED, ["TAMPER18"])


def test_what_is_issued_anew_is_no_older_than_a_copy_of_what_was_issued_before(office: Office) -> None:
    """The copy came back before the list was corrected and issued again; what is filled in then has never been returned."""
    wrong = answers(indicators=(IndicatorAnswer(actual=50.0), *MET[1:]))  # a reason is missing
    original = office.send("原来的.xlsx", 3, answers=wrong)
    copy = send_copy(office, give_back(office, 4), "第一次.xlsx", 5, filler="赵六")
    original.unlink()
    assert counted(office.review(6)).trust is Trust.CURRENT
    copy.unlink()
    office.issue(project(indicators=EASY), on=7)
    office.send("重新下发的.xlsx", 8, indicators=EASY)
    again = office.review(9)
    assert (counted(again).trust, told(again, "重新下发的.xlsx")) == (Trust.CURRENT, [])


def give_back(office: Office, on: int) -> Path:
    """The marked copy of what has come."""
    result, inbox = office.review(on).result, office.campaign.folder("回收")
    keys, folder = office.campaign.known_keys(), office.campaign.folder("退回")
    (path,) = return_files(office.campaign, result, inbox, folder, keys, day(on), by="4月10日").copies
    return path


def send_copy(office: Office, copy: Path, name: str, on: int, **typed: str) -> Path:
    """The unit types something into the copy and sends it."""
    path = office.campaign.folder("回收") / name
    fill(copy, layout_of(project()), typed, path)
    save_as_on(path, day(on))
    return path


# -- answers and rulings ----------------------------------------------------------------------------------------------

LATE = answers(received={FundingSource.COUNTY: 120.0, FundingSource.OTHER: 28.0})
"""More was spent than has come: a 提醒 (FUND01) that the unit explains."""


def send_answered(office: Office, name: str, on: int, key: SigningKey, said: str) -> None:
    """A copy in which the unit has explained the 提醒, under that key."""
    used = office.issues[-1] if key is office.key else NO_ISSUE
    given = project(answers=LATE)
    path = office.put(name, build_workbook(given, office.scheme, key, office.campaign.notice, issue=used), on)
    keys = {key.id: key}
    result = review_folder([SourceFile(path, name)], keys=keys).result
    folder = office.campaign.root / "别处退回"
    (copy,) = [item.path for item in write_returns(result, path.parent, folder, keys) if item.path]
    book = openpyxl.load_workbook(copy)
    (cell,) = [
        row[8] for row in book[asking.TITLE].iter_rows(min_row=4) if str(row[9].value or "").startswith("FUND01")
    ]
    cell.value = said
    book.save(path)
    save_as_on(path, day(on))


def question(result: ReviewResult) -> Finding:
    (row,) = [row for row in result.findings if row.code == "FUND01"]
    return row


def test_an_answer_in_a_less_trusted_file_is_not_taken_and_that_is_told(office: Office) -> None:
    send_answered(office, "冒充.xlsx", 20, OTHER, "次年到账")
    office.send("好.xlsx", 10, answers=LATE)
    for _ in range(2):  # the second time the ledger knows the answer too
        result = office.review().result
        assert (question(result).file, question(result).answer) == ("好.xlsx", "")
        (row,) = [row for row in result.findings if row.code == "FILE22"]
        assert "1 条单位说明也没有采用" in row.message


def test_an_answer_in_the_only_file_is_taken_and_its_source_is_told(office: Office) -> None:
    add_key(office.campaign.key_ring(), OTHER, "邻县", date(2025, 3, 1))
    send_answered(office, "邻县的.xlsx", 20, OTHER, "次年到账")
    result = office.review().result
    assert question(result).answer == "次年到账"
    (row,) = [row for row in result.findings if row.code == "TAMPER15"]
    assert "1 条单位说明也取自本文件" in row.message


def test_a_ruling_on_a_trusted_file_is_not_taken_over_to_a_less_trusted_one(office: Office) -> None:
    add_key(office.campaign.key_ring(), OTHER, "邻县", date(2025, 3, 1))
    send_answered(office, "好.xlsx", 10, office.key, "次年到账")
    row = question(office.review().result)
    assert (row.file, row.answer) == ("好.xlsx", "次年到账")
    rule_on(office, row)
    assert question(office.review().result).ruling == "接受"
    (office.campaign.folder("回收") / "好.xlsx").unlink()
    send_answered(office, "邻县的.xlsx", 20, OTHER, "次年到账")
    result = office.review().result
    assert (question(result).answer, question(result).ruling) == ("次年到账", "")
    assert told(result, "邻县的.xlsx") == ["TAMPER15", "FILE25"]
    assert question(office.review().result).ruling == ""


def test_a_ruling_stays_where_the_office_corrects_its_list_and_the_file_is_the_same(office: Office) -> None:
    send_answered(office, "好.xlsx", 10, office.key, "次年到账")
    office.review()
    rule_on(office, question(office.review().result))
    office.issue(project(name="改了名称的项目"), on=11)
    result = office.review().result
    assert (counted(office.review()).trust, question(result).ruling) == (Trust.SUPERSEDED, "接受")
    assert told(result, "好.xlsx") == ["TAMPER13"]


def rule_on(office: Office, row: Finding) -> None:
    """Finance accepts the answer in 审核结果.xlsx."""
    path = office.campaign.result_file.with_suffix(".xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book[ANSWERS]
    columns = {cell.value: cell.column for cell in sheet[3]}
    (line,) = [cells[-1].row for cells in sheet.iter_rows(min_row=4) if cells[-1].value == find_key(row).number]
    for header, text in {"接受说明": ACCEPTED, "接受人": "王强"}.items():
        sheet.cell(line, columns[header]).value = text
    book.properties.lastModifiedBy = "王强"
    book.save(path)
    later = path.with_suffix(".json").stat().st_mtime + 5
    os.utime(path, (later, later))


# -- accepting --------------------------------------------------------------------------------------------------------


def test_what_is_not_of_this_issue_is_accepted_by_name_with_a_reason_that_is_kept_and_shown(office: Office) -> None:
    send_blank_form(office)
    office.review()
    left = accept_projects(office.campaign, [], day(29), every=True, who="王强").doubtful
    assert [(row.code, row.trust) for row in left] == [("P001", Trust.BLANK_FORM)]
    assert accept_projects(office.campaign, ["P001"], day(29), who="王强").new == []
    done = accept_projects(office.campaign, ["P001"], day(29), who="王强", because="原件已核对")
    assert [row.code for row in done.new] == ["P001"]
    row = counted(office.review())
    assert (row.state, row.accepted_by, row.accepted_because) == (State.ACCEPTED, "王强", "原件已核对")
    assert row.first_step == "王强已接收，理由：原件已核对"


# -- honest files -----------------------------------------------------------------------------------------------------


def test_the_workbook_of_this_issue_is_silent_however_it_was_named_and_saved(office: Office) -> None:
    office.send("P001.xlsx", 3)
    path = office.send("新建文件夹 改了名.xlsx", 10, answers=answers())
    book = openpyxl.load_workbook(path)
    book.save(path)
    office.put(path.name, path.read_bytes(), 10)
    review = office.review()
    assert (counted(review).file, counted(review).trust) == (path.name, Trust.CURRENT)
    assert (told(review, path.name), told(review, "P001.xlsx")) == ([], ["FILE08"])
    assert office.accept_all() == ["P001"]


def test_issuing_again_what_is_the_same_is_the_same_issue_and_changes_no_file(office: Office) -> None:
    before = {path: path.read_bytes() for path in office.campaign.folder("下发").rglob("*.xlsx")}
    assert office.issue(project(), on=5).unchanged
    assert {path: path.read_bytes() for path in before} == before
    assert len(set(office.issues)) == 1
    for path in before:
        path.unlink()
    office.issue(project(), on=6)  # from the ledger
    assert {path: path.read_bytes() for path in before} == before


def test_a_ledger_that_is_begun_anew_learns_the_issues_from_the_files(office: Office) -> None:
    office.send("P001.xlsx", 3)
    office.change_settings('ledger = ""', 'ledger = "新的台账.sqlite3"')
    begin_file(office.campaign.root / "新的台账.sqlite3")
    assert told(office.review(), "P001.xlsx") == ["TAMPER14"]
    office.issue(project(), on=5)
    assert (told(office.review(), "P001.xlsx"), len(set(office.issues))) == ([], 1)


def test_where_the_ledger_cannot_be_read_no_file_is_of_this_issue(office: Office) -> None:
    office.send("P001.xlsx", 3)
    (office.campaign.root / ".wbt" / "ledger.sqlite3").write_bytes(b"")
    inbox = office.campaign.folder("回收")
    done = review_inbox(office.campaign, inbox, office.campaign.known_keys(), day(28))
    assert [(row.trust, told(done.result, row.file)) for row in done.result.projects] == [(Trust.SUPERSEDED, [])]
    assert done.unrecorded


def test_another_deadline_on_the_form_makes_no_older_version(office: Office) -> None:
    """What a file says and how it is scored is the same."""
    sent = office.send("P001.xlsx", 3).read_bytes()
    office.change_settings('deadline = ""', 'deadline = "2025年4月30日"')
    office.issue(project(), on=5)
    assert len(set(office.issues)) == 2
    office.put("P001.xlsx", sent, 3)
    review = office.review()
    assert (counted(review).trust, told(review, "P001.xlsx")) == (Trust.CURRENT, [])


def test_without_a_ledger_no_file_is_of_this_issue(office: Office) -> None:
    office.send("P001.xlsx", 3)
    review = review_folder(office.campaign.folder("回收"), keys=office.campaign.known_keys(), projects=[project()])
    assert (counted(review).trust, told(review, "P001.xlsx")) == (Trust.SUPERSEDED, [])
    assert list(review.projects["trust"]) == ["旧版下发"]

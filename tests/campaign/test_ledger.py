"""The ledger's contract, the same on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import postgres
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from builders import project
from ledger_facts import begin_old, day, issued, received, record_review, result, together, told
from sqlalchemy import func, select

from workbook_tools.campaign.deadline import NO_DEADLINES, Deadline, Deadlines
from workbook_tools.campaign.ledger import (
    Ledger,
    LedgerError,
    ReturnedFile,
    StatusRow,
    database,
    sqlite_file,
)
from workbook_tools.campaign.ledger.database import open_database
from workbook_tools.campaign.ledger.migrating import list_steps
from workbook_tools.campaign.ledger.status import History, ReviewOutcome, Version, judge_status
from workbook_tools.campaign.ledger.tables import (
    ACCEPTED,
    ISSUED,
    METADATA,
    RECEIVED,
    RETURNED,
    REVIEWED,
    RULED,
)
from workbook_tools.core import findings
from workbook_tools.core.codes import Severity
from workbook_tools.core.questions import find_key
from workbook_tools.core.review_result import FindingCounts, ReviewResult
from workbook_tools.core.states import Acceptor, State
from workbook_tools.core.trust import Trust
from workbook_tools.review.states import mark_states

CHINA = timezone(timedelta(hours=8))
DEADLINE = datetime(2025, 3, 31, 15, 59, 59, 999999, UTC)
DEADLINES = Deadlines(send=Deadline(DEADLINE))


TWENTIETH = day(20)


# -- the two databases ------------------------------------------------------------------------------------------------


@pytest.fixture
def ledger(location: str | Path) -> Iterator[Ledger]:
    with Ledger.open(location) as opened:
        yield opened


def counts(location: str | Path) -> dict[str, int]:
    """How many rows each table has."""
    with open_database(location).connect() as connection:
        tables = (ISSUED, RECEIVED, REVIEWED, RETURNED, ACCEPTED)
        return {t.name: connection.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def rows(*numbers: int) -> dict[str, int]:
    return dict(zip(("issued", "received", "reviewed", "returned", "accepted"), numbers, strict=True))


def one(ledger: Ledger, now: datetime = TWENTIETH, deadlines: Deadlines = NO_DEADLINES) -> StatusRow:
    (row,) = ledger.status([project()], now, deadlines)
    return row


# -- opening ----------------------------------------------------------------------------------------------------------


def test_the_migrations_give_exactly_the_tables_of_the_models(location: str | Path) -> None:
    Ledger.open(location).close()
    with open_database(location).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_the_version_that_needs_no_migration_is_that_of_the_last_step() -> None:
    assert list_steps()[0] == database.VERSION


def test_what_was_recorded_before_a_step_is_there_after_it(location: str | Path) -> None:
    """A ledger of the first program is brought up to date, and goes on from what it holds."""
    with database.write_transaction(begin_old(location, "1")) as connection:
        connection.exec_driver_sql(
            "INSERT INTO received (year, code, file, sha256, modified_at, received_at)"
            " VALUES (2024, 'P001', 'a.xlsx', 'a', '2025-03-10 00:00:00', '2025-03-11 00:00:00')"
        )
        connection.exec_driver_sql(
            "INSERT INTO reviewed (received_id, errors, warnings, infos, total, grade, reviewed_at)"
            " VALUES (1, 0, 2, 1, 90, '优', '2025-03-12 00:00:00')"
        )
    with Ledger.open(location) as ledger:
        assert one(ledger).findings == FindingCounts(error=0, warning=2, info=1)


def test_opening_again_keeps_what_is_recorded(location: str | Path) -> None:
    with Ledger.open(location) as first:
        first.record_issued([issued()], day(1))
    with Ledger.open(location) as again:
        assert one(again).issued_at


def test_a_ledger_of_a_newer_program_is_not_touched(location: str | Path) -> None:
    Ledger.open(location).close()
    with open_database(location).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '99'")
    with pytest.raises(LedgerError, match="较新版本"):
        Ledger.open(location)


def test_a_ledger_that_another_command_makes_meanwhile_is_not_lost(tmp_path: Path) -> None:
    """It was not there yet, and what SQLite keeps beside it is there a moment later."""
    place = tmp_path / "ledger.sqlite3"
    open_database(place, lambda: database.begin_file(place) is None).dispose()
    assert counts(place) == rows(0, 0, 0, 0, 0)


def test_many_can_open_an_empty_ledger_at_once(location: str | Path) -> None:
    together(6, lambda _: Ledger.open(location).close())
    assert counts(location) == rows(0, 0, 0, 0, 0)


# -- recording --------------------------------------------------------------------------------------------------------


def test_what_units_answered_is_kept_the_last_answer_last(ledger: Ledger) -> None:
    """With each version once, however often it is reviewed; also for projects and years beside it."""
    first = received("P001", "r1", day(10), answers=(told("旧的"), told("另一件", "p2")))
    second = received("P001", "r2", day(12), answers=(told("新的 <&'；\n第二行"),))
    other = received("P002", "r3", day(11), answers=(told("别的项目"),))
    past = received("P001", "r4", day(9), year=2023, answers=(told("上一年"),))
    ledger.record_received([second, first, other, past, received("P003", "r5")], day(13))
    ledger.record_received([second, first], day(14))
    assert ledger.find_answers([2024]) == {
        (2024, "P001"): [
            told("旧的", version="r1"),
            told("另一件", "p2", version="r1"),
            told("新的 <&'；\n第二行", version="r2"),
        ],
        (2024, "P002"): [told("别的项目", version="r3")],
    }
    third = received("P001", "r6", day(15), answers=(told("旧的"),))
    record_review(ledger, [(result(third), [third])], day(15))
    assert ledger.find_answers([2024, 2023])[2024, "P001"][-1] == told("旧的", version="r6"), "it says so again"
    assert ledger.find_answers([2023]) == {(2023, "P001"): [told("上一年", version="r4")]}
    assert ledger.find_answers([]) == {}


def test_what_finance_says_of_answers_is_kept_and_counts_at_once(ledger: Ledger, location: str | Path) -> None:
    """A ruling once, until it differs; the counts of the review follow it, and nothing else does."""
    file = received()
    reviewed = result(file)
    asked = next(row for row in reviewed.findings if row.severity is Severity.WARNING and row.file == file.file)
    record_review(ledger, [(mark_states(reviewed), [file])], day(12))
    assert one(ledger).findings == FindingCounts(error=0, warning=2, info=1, to_answer=2)

    def ruled(ruling: str, who: str) -> ReviewResult:
        others = (row for row in reviewed.findings if row is not asked)
        said = replace(asked, answer="次年到账", ruling=ruling, ruling_reason="凭证已核", ruled_by=who)
        return mark_states(reviewed.model_copy(update={"findings": (*others, said)}))

    for ruling, who, at in (
        (findings.ACCEPTED, "王强", 13),
        (findings.ACCEPTED, "王强", 14),
        (findings.REFUSED, "李敏", 15),
        (findings.ACCEPTED, "王强", 16),
    ):
        ledger.record_rulings(ruled(ruling, who), day(at))
    assert one(ledger).findings == FindingCounts(error=0, warning=2, info=1, to_answer=1, answered=1)
    with open_database(location).connect() as connection:
        rows_of = connection.execute(select(RULED.c.ruling, RULED.c.who, RULED.c.number, RULED.c.ruled_at)).all()
    number = find_key(asked).number
    assert [tuple(row) for row in rows_of] == [
        (findings.ACCEPTED, "王强", number, day(13)),
        (findings.REFUSED, "李敏", number, day(15)),
        (findings.ACCEPTED, "王强", number, day(16)),
    ]
    ledger.record_rulings(ruled(findings.ACCEPTED, "王强").model_copy(update={"projects": ()}), day(17))
    assert one(ledger).versions == 1


def test_nothing_recorded_is_not_issued(ledger: Ledger) -> None:
    assert one(ledger) == StatusRow(
        2024, "P001", "农村道路养护经费", "示例县交通运输局", "示例县公路段", State.MISSING, None, "下发：wbt generate"
    )


def test_the_same_content_is_issued_once_and_another_content_beside_it(ledger: Ledger, location: str | Path) -> None:
    ledger.record_issued([issued(), issued("P002")], day(1))
    ledger.record_issued([issued(file="别处/P001.xlsx"), issued("P002")], day(2))
    assert counts(location) == rows(2, 0, 0, 0, 0)
    ledger.record_issued([issued(sha256="i2", key_id="k2")], day(3))
    assert counts(location) == rows(3, 0, 0, 0, 0)
    assert (one(ledger).first_step, one(ledger).issued_at) == ("等单位报送", day(1))
    assert [ledger.key_id((2024, code)) for code in ("P001", "P002", "P003")] == ["k2", "k1", ""]


def test_the_same_content_is_received_once_under_whatever_name(ledger: Ledger, location: str | Path) -> None:
    ledger.record_received([received(), received(file="改名.xlsx"), received("P002")], day(11))
    ledger.record_received([received(modified=day(15))], day(16))
    assert counts(location) == rows(0, 2, 0, 0, 0)
    ledger.record_received([received(sha256="r2")], day(17))
    row = one(ledger)
    assert (row.state, row.versions, row.file, row.received_at) == (State.MISSING, 2, "r2.xlsx", day(10))
    assert row.first_step == "审核：wbt review"


def test_the_moment_of_the_deadline_is_still_in_time(ledger: Ledger) -> None:
    after = DEADLINE + timedelta(seconds=1)
    assert (one(ledger, DEADLINE, DEADLINES).late, one(ledger, after, DEADLINES).late) == (False, True)
    ledger.record_received([received(modified=DEADLINE)], DEADLINE)
    assert one(ledger, after, DEADLINES).late is False


def test_a_review_tells_everything_about_the_version_that_counts(ledger: Ledger, location: str | Path) -> None:
    ledger.record_issued([issued()], day(1))
    old, new = received(modified=day(10)), received(sha256="r2", modified=day(12))
    record_review(ledger, [(result(new), [old, new])], day(13))
    assert one(ledger, deadlines=DEADLINES) == StatusRow(
        2024,
        "P001",
        "农村道路养护经费",
        "示例县交通运输局",
        "示例县公路段",
        State.TO_EXPLAIN,
        False,
        first_step=result(new).projects[0].first_step,
        issued_at=day(1),
        received_at=day(10),
        file="r2.xlsx",
        versions=2,
        findings=FindingCounts(error=0, warning=2, info=1, to_answer=2),
        total=90.123456789,
        grade="优",
        trust=Trust.CURRENT,
    )
    assert counts(location) == rows(1, 2, 1, 0, 0)


def test_a_review_is_recorded_again_only_where_it_says_something_else(ledger: Ledger, location: str | Path) -> None:
    file = received()
    for _ in range(3):
        record_review(ledger, [(result(file), [file])], day(13))
    assert counts(location)["reviewed"] == 1
    record_review(ledger, [(result(file, total=None, grade=""), [file])], day(14))
    assert counts(location)["reviewed"] == 2
    assert (one(ledger).total, one(ledger).grade) == (None, "")


def test_an_older_version_counts_again_when_the_newer_file_was_taken_out(ledger: Ledger) -> None:
    old, new = received(modified=day(10)), received(sha256="r2", modified=day(12))
    record_review(ledger, [(result(old), [old])], day(11))
    record_review(ledger, [(result(new), [old, new])], day(13))
    record_review(ledger, [(result(old), [old])], day(14))
    assert one(ledger).file == "r1.xlsx"


def test_what_a_review_does_not_count_is_not_recorded(ledger: Ledger, location: str | Path) -> None:
    """A stray workbook of another year or of no listed project leaves no trace."""
    file, stray = received(), received("P009")
    record_review(ledger, [(result(file), [file, stray, replace(file, year=2023)])], day(13))
    assert counts(location) == rows(0, 1, 1, 0, 0)


def test_a_reviewed_project_without_its_file_is_left_out(ledger: Ledger, location: str | Path) -> None:
    record_review(ledger, [(result(received()), [])], day(13))
    assert counts(location) == rows(0, 0, 0, 0, 0)


def test_return_and_resubmission(ledger: Ledger, location: str | Path) -> None:
    first, second, third = received(), received(sha256="r2"), received(sha256="r3")
    copy = ReturnedFile(2024, "P001", "退回/P001.xlsx")
    ledger.record_returned([copy], day(12))
    assert one(ledger).state is State.MISSING
    record_review(ledger, [(result(first, errors=3), [first])], day(13))
    assert (one(ledger).state, one(ledger).is_out) == (State.TO_CORRECT, False)
    for at in (day(14), day(15)):
        ledger.record_returned([copy], at)
        assert (one(ledger).is_out, one(ledger).returned_at) == (True, day(14))
    record_review(ledger, [(result(first, errors=3), [first])], day(16))
    assert (one(ledger).state, one(ledger).is_out) == (State.TO_CORRECT, True)
    record_review(ledger, [(result(second, errors=1), [first, second])], day(17))
    assert (one(ledger).is_out, one(ledger).returned_at) == (False, day(14))
    ledger.record_returned([copy], day(18))
    assert (one(ledger).is_out, one(ledger).returned_at) == (True, day(18))
    record_review(ledger, [(result(third), [first, second, third])], day(19))
    assert (one(ledger).state, one(ledger).is_out) == (State.TO_EXPLAIN, False)
    assert counts(location) == rows(0, 3, 3, 2, 0)


def test_acceptance_keeps_who_was_first_and_holds_for_one_version(ledger: Ledger, location: str | Path) -> None:
    first, second = received(), received(sha256="r2")
    record_review(ledger, [(result(first, errors=1), [first])], day(13))
    assert ledger.accept([(2024, "P001"), (2024, "P002")], "王强", day(14)) == [(2024, "P002")]
    assert ledger.accept([(2024, "P001")], "李敏", day(15)) == []
    ledger.record_returned([ReturnedFile(2024, "P001", "退回/P001.xlsx")], day(16))
    row = one(ledger)
    assert (row.state, row.accepted_by, row.accepted_at) == (State.ACCEPTED, "王强", day(14))
    record_review(ledger, [(result(second), [first, second])], day(17))
    row = one(ledger)
    assert (row.state, row.accepted_by, row.accepted_at) == (State.TO_EXPLAIN, "", None)
    assert counts(location) == rows(0, 2, 2, 1, 1)


def test_projects_of_the_same_code_in_two_years_are_two(ledger: Ledger) -> None:
    ledger.record_issued([issued(year=2023)], day(1))
    ledger.record_received([received()], day(11))
    listed = [project(), project(year=2023), project(code="P002")]
    states = [row.first_step for row in ledger.status(listed, day(20))]
    assert states == ["审核：wbt review", "等单位报送", "下发：wbt generate"]


def test_times_come_back_as_the_same_moment_in_utc(ledger: Ledger) -> None:
    moment = datetime(2025, 3, 10, 17, 30, 15, 123456, tzinfo=CHINA)
    ledger.record_issued([issued()], moment)
    found = one(ledger).issued_at
    assert found == moment
    assert found is not None
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused_and_nothing_is_half_done(ledger: Ledger, location: str | Path) -> None:
    file = received()
    with pytest.raises(ValueError, match="without a time zone"):
        record_review(ledger, [(result(file), [file, received(sha256="r2", modified=datetime(2025, 3, 1))])], day(13))
    assert counts(location) == rows(0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE issued; --", "长" * 100_000, "半\udce5个字", "空\0白", "😀 %s :x {}", ""]
)
def test_any_text_can_be_recorded(ledger: Ledger, text: str) -> None:
    file = received(file=text, sha256="r1")
    ledger.record_issued([issued(name=text, file=text)], day(1))
    record_review(ledger, [(result(file, grade=text), [file])], day(13))
    ledger.accept([(2024, "P001")], text, day(14))
    kept = text.replace("\udce5", "?").replace("\0", "")
    row = one(ledger)
    assert (row.file, row.grade, row.accepted_by) == (kept, kept, kept)


def test_writers_at_the_same_moment_record_a_fact_once(location: str | Path) -> None:
    Ledger.open(location).close()
    file = received()

    def work(_: int) -> None:
        with Ledger.open(location) as own:
            own.record_issued([issued()], day(1))
            record_review(own, [(result(file, errors=1), [file])], day(13))
            own.record_returned([ReturnedFile(2024, "P001", "x")], day(14))
            own.accept([(2024, "P001")], "王强", day(15))

    together(6, work)
    assert counts(location) == rows(1, 1, 1, 1, 1)


def test_an_empty_campaign_has_an_empty_status(ledger: Ledger) -> None:
    ledger.record_issued([], day(1))
    record_review(ledger, [(ReviewResult(scheme="mof-2020", year=2024), [])], day(1))
    ledger.record_returned([], day(1))
    assert ledger.accept([], "王强", day(1)) == []
    assert ledger.status([], day(1), DEADLINE) == []


def test_who_reads_sees_one_state_while_others_write(location: str | Path) -> None:
    Ledger.open(location).close()
    with database.read_transaction(open_database(location)) as connection:
        before = connection.scalar(select(func.count()).select_from(ISSUED))
        with Ledger.open(location) as writer:
            writer.record_issued([issued()], day(1))
        assert connection.scalar(select(func.count()).select_from(ISSUED)) == before == 0


# -- the state, and lateness ------------------------------------------------------------------------------------------

SENT = {1: Version(1, "a", day(1), day(2))}
RETURNED_THEN_SENT = {
    1: Version(1, "a", day(1), day(2), returned_at=day(3), returned_as=9),
    2: Version(2, "b", day(4), day(5)),
}


def judged(version: int, errors: int, to_answer: int = 0, *, complete: bool = True) -> ReviewOutcome:
    return ReviewOutcome(version, FindingCounts(error=errors, to_answer=to_answer), 90.0, "优", complete, "先改 E7")


@pytest.mark.parametrize(
    ("history", "state", "step"),
    [
        (History(), "缺报", "下发：wbt generate"),
        (History(day(1)), "缺报", f"等单位报送，{Deadline(DEADLINE).text} 截止"),
        (History(versions=SENT), "缺报", "审核：wbt review"),
        (History(day(1), SENT, judged(1, 0)), "可接收", "先改 E7"),
        (History(day(1), SENT, judged(1, 0, 3)), "待说明", "先改 E7"),
        (History(day(1), SENT, judged(1, 2, 3)), "待更正", "先改 E7"),
        (History(day(1), SENT, judged(1, 0, complete=False)), "待更正", "先改 E7"),
        (
            History(day(1), RETURNED_THEN_SENT, judged(1, 2)),
            "待更正",
            f"已退回，等单位重报，{Deadline(DEADLINE).text} 截止",
        ),
        (
            History(day(1), RETURNED_THEN_SENT, judged(1, 0, 2)),
            "待说明",
            f"已退回，等单位说明，{Deadline(DEADLINE).text} 截止",
        ),
        (History(day(1), RETURNED_THEN_SENT), "缺报", "审核：wbt review"),
        (History(day(1), RETURNED_THEN_SENT, judged(2, 0)), "可接收", "先改 E7"),
        (History(day(1), RETURNED_THEN_SENT, judged(2, 1)), "待更正", "先改 E7"),
        (
            History(day(1), {1: Version(1, "a", day(1), day(2), None, day(3), Acceptor("王"))}, judged(1, 2)),
            "已接收",
            "王已接收",
        ),
        (
            History(day(1), {1: Version(1, "a", day(1), day(2), day(3), day(4), Acceptor("王"))}, judged(1, 2)),
            "已接收",
            "王已接收",
        ),
    ],
)
def test_state_and_first_step_follow_from_the_facts(history: History, state: str, step: str) -> None:
    row = judge_status(project(), history, TWENTIETH, DEADLINES)
    assert (row.state, row.first_step) == (state, step)


def test_what_is_late_is_to_be_asked_for() -> None:
    after = DEADLINE + timedelta(days=1)
    rows = [
        judge_status(project(), h, after, DEADLINES)
        for h in (History(day(1)), History(day(1), RETURNED_THEN_SENT, judged(1, 2)))
    ]
    assert [row.late for row in rows] == [True, True]
    assert all(row.first_step.startswith("催报：wbt status --remind") for row in rows)


def test_late_is_judged_by_the_first_version_and_by_the_earlier_of_its_two_times() -> None:
    after = DEADLINE + timedelta(microseconds=1)
    in_time = Version(1, "a", DEADLINE, after)
    late = Version(2, "b", after, after)
    clock_ahead = Version(3, "c", after, DEADLINE)
    for versions, expected in (({1: in_time, 2: late}, False), ({2: late}, True), ({3: clock_ahead}, False)):
        assert History(versions=versions).late(after, DEADLINES) is expected
    assert History().late(DEADLINE, DEADLINES) is False
    assert History().late(after, DEADLINES) is True
    assert History(versions={2: late}).late(after, NO_DEADLINES) is None


# -- faults are told in Chinese, and never with the password ----------------------------------------------------------


def fault(location: str | Path) -> str:
    with pytest.raises(LedgerError) as caught:
        Ledger.open(location)
    return str(caught.value)


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    said = fault("postgresql://u:topsecret@127.0.0.1/db")
    assert 'pip install "workbook-tools[postgres]"' in said
    assert "topsecret" not in said


def test_a_server_that_does_not_answer() -> None:
    pytest.importorskip("psycopg")
    said = fault(f"postgresql+psycopg://u:topsecret@127.0.0.1:{postgres.free_port()}/db?connect_timeout=2")
    assert "服务器已启动" in said
    assert "topsecret" not in said


def test_a_wrong_password_and_a_user_who_may_not_make_tables(server: postgres.Server) -> None:
    said = fault(server.url("postgres", "wbt", "topsecret"))
    assert "密码正确" in said
    assert "topsecret" not in said
    server.run("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    assert "可以建表" in fault(server.url("postgres", "guest", "guest"))


def test_a_server_knows_how_large_a_table_has_become_before_it_is_committed(server: postgres.Server) -> None:
    """Else it looks through all of it for each batch of a large review."""
    with Ledger.open(server.new_database()) as ledger, ledger.alone():
        ledger.record_issued([issued(f"P{number}", f"i{number}") for number in range(300)], day(1))
        with ledger._reading() as connection:
            known = connection.exec_driver_sql("SELECT reltuples FROM pg_class WHERE relname = 'issued'").scalar()
    assert known == 300


def test_a_database_that_goes_away_in_between(server: postgres.Server) -> None:
    url = server.new_database()
    with Ledger.open(url) as opened:
        server.run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")
        with pytest.raises(LedgerError, match="用不了"):
            opened.status([project()], day(1))


@pytest.mark.parametrize(
    "place", ["postgresql+psycopg://[", "mysql://u:topsecret@h/d", "oracle://h", "://", "sqlite://"]
)
def test_a_place_that_cannot_hold_a_ledger(place: str) -> None:
    said = fault(place)
    assert "postgresql+psycopg://" in said
    assert "topsecret" not in said


def test_short_forms_of_a_postgresql_url_mean_the_same(server: postgres.Server) -> None:
    full = server.new_database()
    for prefix in ("postgresql://", "postgres://"):
        Ledger.open(full.replace("postgresql+psycopg://", prefix)).close()
    assert counts(full) == rows(0, 0, 0, 0, 0)


def test_a_file_that_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.write_text("这不是数据库" * 200, "utf-8")
    assert "已损坏" in fault(path)
    assert path.read_text("utf-8").startswith("这不是数据库")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / ".wbt").write_text("挡路的文件")
    assert "无法建立台账文件" in fault(tmp_path / ".wbt" / "ledger.sqlite3")


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    assert "读写不了：打不开。" in fault(tmp_path)


def test_a_ledger_in_use_says_so(location: str | Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(location) as opened:
        monkeypatch.setattr(sqlite_file, "BUSY_WAIT", 0.05)
        with (
            database.write_transaction(open_database(location)),
            pytest.raises(LedgerError, match="正被另一个命令使用"),
        ):
            opened.record_issued([issued()], day(1))
        opened.record_issued([issued()], day(1))
        assert one(opened).issued_at

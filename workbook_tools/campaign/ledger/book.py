"""The ledger itself: recording facts, and telling where the projects stand."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Connection, Engine, and_, func, join, or_, select

from workbook_tools.campaign.deadline import NO_DEADLINES, Deadlines
from workbook_tools.campaign.ledger.author import find_author
from workbook_tools.campaign.ledger.chain import WITHDRAWN, Author, Sign, leave_unsealed
from workbook_tools.campaign.ledger.copies import copy_ledger, has_copy
from workbook_tools.campaign.ledger.database import (
    find_file,
    open_database,
    read_transaction,
    translate_faults,
    write_transaction,
)
from workbook_tools.campaign.ledger.disclosure import (
    read_counts,
    read_published,
    read_typed,
    record_counts,
    record_published,
    record_typed,
)
from workbook_tools.campaign.ledger.events import EventWriter, read_head
from workbook_tools.campaign.ledger.histories import find_history, read_histories, read_packed
from workbook_tools.campaign.ledger.issued_files import IssuedKey, find_codes, find_unrecorded, read_issues
from workbook_tools.campaign.ledger.known_versions import make_accepted, read_accepted, read_returned, read_versions
from workbook_tools.campaign.ledger.matters import read_matters, record_matters
from workbook_tools.campaign.ledger.records import (
    DisclosedFacts,
    IssuedFile,
    IssuedVersion,
    KnownVersion,
    LedgerError,
    MatterRecord,
    PackedZip,
    ProjectKey,
    PublicCount,
    PublishedFile,
    ReceivedFile,
    RecordedPart,
    ReturnedFile,
)
from workbook_tools.campaign.ledger.reviewed_parts import ReviewedPart
from workbook_tools.campaign.ledger.reviews import (
    PER_QUERY,
    dismiss,
    list_changed,
    list_ruling,
    name_question,
    read_reviews,
    read_rulings,
    receive,
    record_received,
    to_columns,
)
from workbook_tools.campaign.ledger.status import StatusRow, judge_status
from workbook_tools.campaign.ledger.tables import (
    ACCEPTED,
    ANSWERED,
    DISMISSED,
    ISSUED,
    PACKED,
    RECEIVED,
    RETURNED,
    REVIEWED,
    RULED,
    SCHEMES,
)
from workbook_tools.core.questions import UnitAnswer, find_key
from workbook_tools.core.result_parts import ResultParts, read_by_projects, take_parts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.core.states import AcceptedVersion
from workbook_tools.core.trust import Trust
from workbook_tools.files.stored_facts import StoredFacts
from workbook_tools.files.stored_projects import ListedProject
from workbook_tools.review.states import mark_states
from workbook_tools.rules.scheme import restore_scheme

_IN_MEMORY = 2**20
"""So many bytes of what waits to be recorded stay in memory; more go into a nameless file."""
_AT_ONCE = 1_000
"""So many files are described and recorded at once."""
if TYPE_CHECKING:
    from workbook_tools.form.identity import Issue
    from workbook_tools.review.trust import IssuedForm


class Ledger:
    """An opened ledger. Every method raises LedgerError where the database fails; times carry their zone.

    >>> from datetime import UTC, datetime
    >>> with Ledger.open(Path(".wbt/ledger.sqlite3")) as ledger:  # doctest: +SKIP
    ...     ledger.accept([(2024, "P001")], "王强", datetime.now(UTC))
    """

    def __init__(self, engine: Engine, author: Author, sign: Sign) -> None:
        self._engine, self._author, self._sign = engine, author, sign
        self._alone: Connection | None = None
        self._wrote_on: date | None = None
        self._recorded = False
        self.trouble = ""
        """Once it is closed: why there is no copy of today of what was recorded, as a sentence for the user."""

    @classmethod
    def open(
        cls,
        location: str | Path,
        author: Author | None = None,
        *,
        had_one: Callable[[], bool] = lambda: False,
        sign: Sign = leave_unsealed,
    ) -> Self:
        """The ledger in a file or at a PostgreSQL URL, made the first time unless ``had_one`` knows that there was one.

        ``author`` is by default this process's login and command; ``sign`` makes the seals. Raises LedgerError.
        """
        return cls(open_database(location, had_one), author or find_author(), sign)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database; a file in which something was recorded is copied (see :mod:`copies`)."""
        self._engine.dispose()
        file, day, self._wrote_on = find_file(self._engine), self._wrote_on, None
        try:
            if file and day and (self._recorded or not has_copy(file)):
                copy_ledger(file, day)
        except LedgerError as exc:
            self.trouble = f"台账已登记，但{exc}"
        except OSError:  # the file has gone meanwhile: whoever opens it next is told
            return

    @contextmanager
    def alone(self) -> Iterator[None]:
        """What is asked and recorded inside the block belongs together: no other command records in between."""
        with self._transaction():
            yield

    # -- recording ----------------------------------------------------------------------------------------

    def record_issued(self, files: Iterable[IssuedFile], at: datetime) -> None:
        """Workbooks were written. A content that the project was given before is not recorded again. Only some are held at a time."""
        left, schemes = iter(files), dict[str, str]()
        with self._writing(at) as writer:
            while given := [asdict(file) for file in islice(left, _AT_ONCE)]:
                schemes |= {row["scheme_sha256"]: row.pop("scheme_content") for row in given}
                writer.add_new(ISSUED, given)
            writer.add_new(SCHEMES, [{"sha256": key, "content": text} for key, text in schemes.items() if text])

    def record_packed(self, zips: Iterable[PackedZip], at: datetime) -> None:
        """Zips were made for departments. One that is as the department's last one is not recorded again."""
        items = list(zips)
        with self._writing(at) as writer:
            last = {(item.year, item.department): item for _, item in read_packed(writer.connection)}
            rows = [
                {**asdict(item), "issues": json.dumps(item.issues, ensure_ascii=False)}
                for item in items
                if last.get((item.year, item.department)) != item
            ]
            writer.add(PACKED.name, rows)

    def record_published(self, files: Iterable[PublishedFile], at: datetime) -> None:
        """Files were written for the public. One that is as it was last is not recorded again."""
        items = list(files)
        with self._writing(at) as writer:
            record_published(writer, items)

    def record_disclosure(self, counts: Iterable[PublicCount], typed: Iterable[DisclosedFacts], at: datetime) -> None:
        """How much of departments was published, and what finance typed of it. What is as it was last is not recorded again."""
        with self._writing(at) as writer:
            record_counts(writer, counts)
            record_typed(writer, typed)

    def record_matters(self, steps: Iterable[MatterRecord], at: datetime) -> None:
        """Steps of matters that units have to mend were done. One that is as the matter's last step is not recorded again."""
        with self._writing(at) as writer:
            record_matters(writer, steps)

    def record_received(self, files: Iterable[ReceivedFile], at: datetime) -> None:
        """Workbooks were found in the inbox. A content that came before is not recorded again."""
        with self._writing(at) as writer:
            record_received(writer, files)

    def record_parts(
        self,
        parts: Iterable[ReviewedPart],
        at: datetime,
        own: Container[str] = (),
        others: Collection[RecordedPart] = (),
    ) -> list[RecordedPart]:
        """A review was made, whose ``parts`` are of different projects; their files are recorded as received first.

        ``own`` are digests (SHA-256) of what the office itself has sent out, and has come back as it was, if at all. What
        an earlier review recorded of them, or of a workbook as it was issued, does not count any more; it stays in the
        tables, marked. What comes as a submission after all counts again. ``others`` are parts of the same review that were
        recorded before, and have not changed.

        A project is recorded only where its version, the findings about that file, its total or grade differ from what the
        last review said of it. No more than one part is held at a time. Returns each part as it was recorded.
        """
        done: list[RecordedPart] = []
        with self._writing(at) as writer, SpooledTemporaryFile(_IN_MEMORY) as spool:
            for part in parts:
                outcomes, numbers = receive(writer, part)
                done.append(RecordedPart(sorted(part.years), sorted(numbers)))
                pickle.dump(outcomes, spool)
            known = (*others, *done)
            sent = {number for part in known for number in part.versions}
            dismiss(writer, {year for part in known for year in part.years}, own, sent)
            for outcomes in _read_spool(spool):
                last = read_reviews(writer.connection, {key for key, _ in outcomes})
                rows = [to_columns(review) for key, review in outcomes if last.get(key) != review]
                writer.add(REVIEWED.name, rows)
        return done

    def read_head(self) -> str:
        """The hash of the last event: as long as it is the same, nothing was recorded."""
        with self._reading() as connection:
            return read_head(connection)[1]

    def record_rulings(
        self, result: ReviewResult | ResultParts, at: datetime, departments: Collection[str] | None = None
    ) -> None:
        """Finance has said something of answers since the review that this result is of: 接受说明, and the counts by it; of all ``departments``,
        or of these.

        A ruling is recorded where it differs from the last one of its question, an outcome where it differs from the
        last review's; of a project that was reviewed anew since, nothing is.
        """
        parts = take_parts(result)
        with self._writing(at) as writer, SpooledTemporaryFile(_IN_MEMORY) as spool:
            pieces = (read_by_projects(parts, name) for name in (parts.sizes if departments is None else departments))
            for piece in chain.from_iterable(pieces):
                part = mark_states(piece, {})
                years = {project.code: project.year for project in part.projects}
                keys = {(year, code) for code, year in years.items()}
                last, ruled = read_reviews(writer.connection, keys), read_rulings(writer.connection, keys)
                writer.add(REVIEWED.name, [*list_changed(part, last)])
                said = {
                    (years[row.project_code], row.project_code, find_key(row).number): list_ruling(row)
                    for row in part.findings
                    if row.ruling and row.project_code in years
                }
                pickle.dump(
                    [{**name_question(key), **row} for key, row in said.items() if ruled.get(key) != row], spool
                )
            for rows in _read_spool(spool):
                writer.add(RULED.name, rows)

    def record_returned(self, files: Iterable[ReturnedFile], at: datetime) -> None:
        """Marked copies were made of the versions that count now. A version is returned once."""
        items = list(files)
        with self._writing(at) as writer:
            histories = read_histories(writer.connection, {item.year for item in items})
            current = ((item, find_history(histories, (item.year, item.code)).current) for item in items)
            writer.add_new(RETURNED, [{"received_id": v.id, "file": item.file} for item, v in current if v])

    def accept(self, projects: Collection[ProjectKey], who: str, at: datetime, because: str = "") -> list[ProjectKey]:
        """Accept the versions that count now, ``because`` of what; returns the projects of which nothing has come in.

        A version that is accepted already keeps who accepted it and when.
        """
        with self._writing(at) as writer:
            histories = read_histories(writer.connection, {year for year, _ in projects})
            found = {key: find_history(histories, key) for key in projects}
            current = {key: history.current for key, history in found.items()}
            trust = {key: history.review.trust if history.review else None for key, history in found.items()}
            rows = [
                {"received_id": version.id, "who": who, "because": because, "trust": trust[key] or ""}
                for key, version in current.items()
                if version
            ]
            writer.add_new(ACCEPTED, rows)
        return [key for key, version in current.items() if version is None]

    def withdraw(self, projects: Collection[ProjectKey], who: str, at: datetime, because: str) -> list[ProjectKey]:
        """Take back the acceptance of the versions that count now, and say why; returns the projects of which none is accepted."""
        with self._writing(at) as writer:
            histories = read_histories(writer.connection, {year for year, _ in projects})
            current = {key: find_history(histories, key).current for key in projects}
            accepted = {key: version for key, version in current.items() if version and version.acceptor}
            facts = [{"received_id": version.id, "who": who, "because": because} for version in accepted.values()]
            writer.add(WITHDRAWN, facts)
        return [key for key in projects if key not in accepted]

    # -- asking -------------------------------------------------------------------------------------------

    def status(
        self, expected: Sequence[ListedProject], now: datetime, deadlines: Deadlines = NO_DEADLINES
    ) -> list[StatusRow]:
        """Where each project of the list stands, in the list's order; without deadlines none is judged late."""
        with self._reading() as connection:
            histories = read_histories(connection, {project.year for project in expected})
        return [judge_status(p, find_history(histories, (p.year, p.code)), now, deadlines) for p in expected]

    def rounds(self, years: Collection[int]) -> dict[ProjectKey, int]:
        """Of each project how often it is returned, from 1, with a return of the version that counts now."""
        with self._reading() as connection:
            histories = read_histories(connection, years)
        return {key: history.round for key, history in histories.items()}

    def find_answers(self, years: Collection[int]) -> Mapping[ProjectKey, list[UnitAnswer]]:
        """What units answered to 提醒 in these years, the last answer last, read when it is asked for."""
        version = (RECEIVED.c.year, RECEIVED.c.code, RECEIVED.c.sha256, RECEIVED.c.trust)
        columns = (ANSWERED.c.code, ANSWERED.c.place, ANSWERED.c.facts, ANSWERED.c.question, ANSWERED.c.answer)
        statement = select(*version, *columns).join_from(ANSWERED, RECEIVED)

        def tell(digest: str, trust: str, code: str, place: str, facts: str, question: str, answer: str) -> UnitAnswer:
            return UnitAnswer(
                code=code,
                place=place,
                facts=facts,
                question=question,
                answer=answer,
                trust=Trust(trust) if trust else Trust.CURRENT,
                version=digest,
            )

        with self._reading() as connection:
            rows = connection.execute(statement.where(RECEIVED.c.year.in_(years)).order_by(ANSWERED.c.id))
            return StoredFacts(((year, project, tell(*told)) for year, project, *told in rows), list)

    def find_issues(self, years: Collection[int]) -> Mapping[ProjectKey, list[Issue]]:
        """Of each project what it was issued, the last issue last, read when it is asked for."""
        with self._reading() as connection:
            return StoredFacts(read_issues(connection, years), list)

    def find_last_issues(self, years: Collection[int]) -> dict[ProjectKey, Issue]:
        """Of each project what it was issued last."""
        with self._reading() as connection:
            return {(year, code): issue for year, code, issue in read_issues(connection, years)}

    def find_unrecorded(self, files: Iterable[IssuedKey]) -> list[bool]:
        """Of each workbook that was generated whether it is still to be recorded as issued."""
        with self._reading() as connection:
            return [*find_unrecorded(connection, files)]

    def find_codes(self, files: Iterable[str]) -> dict[str, str]:
        """Of the files that were ever issued, relative to the working folder, the codes of their projects."""
        with self._reading() as connection:
            return find_codes(connection, files)

    def find_packed(self) -> list[PackedZip]:
        """Every zip that was made, the last one last."""
        with self._reading() as connection:
            return [zipped for _, zipped in read_packed(connection)]

    def find_published(self) -> list[PublishedFile]:
        """Every file that was written for the public, the last one last."""
        with self._reading() as connection:
            return read_published(connection)

    def find_disclosure(self, year: int) -> tuple[dict[str, PublicCount], dict[str, DisclosedFacts]]:
        """How much of each department was published, and what finance typed of it last; by department."""
        with self._reading() as connection:
            return read_counts(connection, year), read_typed(connection, year)

    def find_matters(self, years: Collection[int]) -> list[MatterRecord]:
        """Every step of the matters that units had to mend in these years, the last one last."""
        with self._reading() as connection:
            return read_matters(connection, years)

    def find_issued_files(self, years: Collection[int]) -> dict[ProjectKey, dict[str, IssuedVersion]]:
        """Of each project what was written for it, by SHA-256, the last issue last."""
        columns = (ISSUED.c.year, ISSUED.c.code, ISSUED.c.sha256, ISSUED.c.issue_id, ISSUED.c.issued_at)
        statement = select(*columns).where(ISSUED.c.year.in_(years)).order_by(ISSUED.c.id)
        found: dict[ProjectKey, dict[str, IssuedVersion]] = {}
        with self._reading() as connection:
            for year, code, digest, *version in connection.execute(statement):
                found.setdefault((year, code), {})[digest] = IssuedVersion(*version)
        return found

    def read_issued_forms(self, issues: Collection[Issue]) -> dict[str, IssuedForm]:
        """What was issued then, by the ids of the issues; without those that the ledger does not have whole."""
        from workbook_tools.form.identity import unpack_project
        from workbook_tools.review.trust import IssuedForm

        columns = (ISSUED.c.issue_id, ISSUED.c.layout_version, ISSUED.c.project, ISSUED.c.scheme_sha256)
        forms: dict[str, IssuedForm] = {}
        with self._reading() as connection:
            contents = connection.execute(select(SCHEMES.c.sha256, SCHEMES.c.content))
            schemes = {digest: restore_scheme(json.loads(content)) for digest, content in contents}
            wanted = [issue.id for issue in issues]
            for start in range(0, len(wanted), PER_QUERY):
                some = ISSUED.c.issue_id.in_(wanted[start : start + PER_QUERY])
                for key, version, text, digest in connection.execute(select(*columns).where(some)):
                    if digest in schemes and (project := unpack_project(text)):
                        forms[key] = IssuedForm(version, project, schemes[digest])
        return forms

    def find_rounds(self, years: Collection[int]) -> dict[ProjectKey, dict[str, int]]:
        """Of each project, by the ids of its issues, the last return of which a copy of that issue, or of a later one, has come back that
        could be trusted."""
        issue = (ISSUED.c.year, ISSUED.c.code, ISSUED.c.issue_id)
        copied = ISSUED.alias()
        own = and_(RECEIVED.c.year == ISSUED.c.year, RECEIVED.c.code == ISSUED.c.code)
        told = and_(
            RECEIVED.c.issue_id != "", *(RECEIVED.c[name] == copied.c[name] for name in ("year", "code", "issue_id"))
        )
        joined = join(RECEIVED, ISSUED, own).outerjoin(copied, told)
        statement = select(*issue, func.max(RECEIVED.c.round)).select_from(joined)
        copies = RECEIVED.c.year.in_(years), RECEIVED.c.round > 0, RECEIVED.c.trust == Trust.CURRENT.value
        counting = RECEIVED.c.id.not_in(select(DISMISSED.c.received_id))
        # The order of the events, as clocks may be set back; what an older ledger held has the order of its times alone, and of what came
        # before step 13 only that is known.
        came_later = and_(RECEIVED.c.id > ISSUED.c.id, RECEIVED.c.received_at >= ISSUED.c.issued_at)
        since = or_(copied.c.id >= ISSUED.c.id, and_(RECEIVED.c.issue_id == "", came_later))
        grouped = statement.where(*copies, counting, since, ISSUED.c.issue_id != "").group_by(*issue).order_by(*issue)
        found: dict[ProjectKey, dict[str, int]] = {}
        with self._reading() as connection:
            for year, code, key, number in connection.execute(grouped):
                found.setdefault((year, code), {})[key] = number
        return found

    def find_contents(self, years: Collection[int]) -> Mapping[ProjectKey, dict[str, str]]:
        """Of each project what its versions said, read when it is asked for: digest of the content → SHA-256 of the first version that said it."""
        columns = (RECEIVED.c.year, RECEIVED.c.code, RECEIVED.c.content, RECEIVED.c.sha256)
        statement = select(*columns).where(RECEIVED.c.year.in_(years), RECEIVED.c.content != "")
        with self._reading() as connection:
            rows = connection.execute(statement.order_by(RECEIVED.c.id))
            return StoredFacts(((year, code, (content, digest)) for year, code, content, digest in rows), _keep_first)

    def find_versions(self, projects: Collection[ProjectKey]) -> dict[ProjectKey, list[KnownVersion]]:
        """Of each of these projects the versions that count as having come, the last one last."""
        with self._reading() as connection:
            return read_versions(connection, projects)

    def find_returned(self, files: Sequence[str]) -> dict[str, ProjectKey]:
        """Of marked copies, by their paths in the working folder, whose they are; without those of which nothing is known."""
        with self._reading() as connection:
            return read_returned(connection, files)

    def find_accepted(self, years: Collection[int]) -> Mapping[ProjectKey, dict[str, AcceptedVersion]]:
        """Of each project the versions that are accepted, by their SHA-256, the last one last; read when it is asked for."""
        with self._reading() as connection:
            return StoredFacts(read_accepted(connection, years), make_accepted)

    def key_id(self, project: ProjectKey) -> str:
        """Id of the key that the project's last issued workbook was signed with; empty if none was issued."""
        with self._reading() as connection:
            statement = select(ISSUED.c.key_id).where(ISSUED.c.year == project[0], ISSUED.c.code == project[1])
            return connection.scalar(statement.order_by(ISSUED.c.id.desc()).limit(1)) or ""

    # -- inside -------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._alone:
            yield self._alone
            return
        with translate_faults(self._engine), read_transaction(self._engine) as connection:
            yield connection

    @contextmanager
    def _writing(self, at: datetime) -> Iterator[EventWriter]:
        with self._transaction() as connection:
            writer = EventWriter(connection, self._author, at)
            yield writer
            self._recorded |= writer.finish(self._sign) > 0
            self._wrote_on = at.astimezone().date()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """The one that we are in, or a new one that no other writer is in."""
        if self._alone:
            yield self._alone
            return
        with translate_faults(self._engine), write_transaction(self._engine) as connection:
            self._alone = connection
            try:
                yield connection
            finally:
                self._alone = None


def _keep_first(contents: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of files with the same content the first one."""
    found: dict[str, str] = {}
    for content, digest in contents:
        found.setdefault(content, digest)
    return found


def _read_spool(spool: SpooledTemporaryFile[bytes]) -> Iterator[Any]:
    """What was put there, in its order."""
    end = spool.tell()
    spool.seek(0)
    while spool.tell() < end:
        yield pickle.load(spool)  # noqa: S301 - a nameless file of this process

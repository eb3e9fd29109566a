"""The tables. A change here needs a new step in ``migrations/versions``; a test compares the two.

``event`` is what was recorded. Every row of the others follows from an event, whose number it has as its ``id``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

from workbook_tools.campaign.ledger.chain import clean_text


class UtcTime(TypeDecorator[datetime]):
    """A moment. SQLite keeps no time zone, so UTC goes in and UTC comes out; a time without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As the database keeps it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As the program sees it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """A text that every database takes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """As the database keeps it."""
        return None if value is None else clean_text(value)


METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


ANSWER_COUNTS = ("to_answer", "answered", "of_the_list")
"""Counts of a review that are kept since step 2; of the reviews before it nothing is known."""


def _table(name: str, *parts: Column[Any] | UniqueConstraint) -> Table:
    return Table(name, METADATA, Column("id", Integer(), primary_key=True), *parts)


def _number(name: str) -> Column[int]:
    return Column(name, Integer(), nullable=False, server_default="0" if name in ANSWER_COUNTS else None)


def _words(name: str) -> Column[str]:
    return Column(name, Words(), nullable=False)


def _later_words(name: str) -> Column[str]:
    """A text that is kept since a later step; blank in the rows before it."""
    return Column(name, Words(), nullable=False, server_default="")


def _later_number(name: str) -> Column[int]:
    """A number that is kept since a later step; 0 in the rows before it."""
    return Column(name, Integer(), nullable=False, server_default="0")


def _moment(name: str) -> Column[datetime]:
    return Column(name, UtcTime(), nullable=False)


def _version(*, unique: bool = False, index: bool = False) -> Column[int]:
    """The version of a workbook that something was done with."""
    return Column("received_id", Integer(), ForeignKey("received.id"), nullable=False, unique=unique, index=index)


EVENT = Table(
    "event",
    METADATA,
    Column("id", Integer(), primary_key=True, autoincrement=False),
    *map(_words, ("at", "who", "command", "kind", "facts", "previous", "digest", "seal")),
)
"""登记: the events, as ``chain.Event``."""

ISSUED = _table(
    "issued",
    _number("year"),
    *map(_words, ("code", "name", "department", "unit", "file", "sha256")),
    *map(_words, ("key_id", "layout_version", "scheme", "scheme_sha256")),
    _moment("issued_at"),
    _later_words("issue_id"),
    _later_number("issue_round"),
    _later_words("content_sha256"),
    _later_words("project"),
    UniqueConstraint("year", "code", "sha256"),
)
"""下发: one content of a project's workbook, when it was first written.

Since step 6 also which issue that is: ``issue_id`` is random and stands in the workbook, ``issue_round`` counts the issues of
the project from 1, ``content_sha256`` identifies what was issued, and ``project`` is the project as it was, packed.
"""

SCHEMES = _table("schemes", _words("sha256"), _words("content"), UniqueConstraint("sha256"))
"""评分方案: every scheme that was issued, whole, by ``issued.scheme_sha256``."""

RECEIVED = _table(
    "received",
    _number("year"),
    *map(_words, ("code", "file", "sha256")),
    _moment("modified_at"),
    _moment("received_at"),
    _later_words("content"),
    _later_words("trust"),
    _later_number("round"),
    _later_words("issue_id"),
    UniqueConstraint("year", "code", "sha256"),
)
"""收到: one version of a project's workbook; the same bytes under another name are the same version.

``content`` is a digest of what it says, blank where a version was recorded before step 5; ``trust`` is how far it could be
trusted when it came, ``round`` the return that it is a copy of, both kept since step 6; ``issue_id``, kept since step 13, is the
issue that it was made of, blank of a form that was not issued here.
"""

REVIEWED = _table(
    "reviewed",
    _version(index=True),
    *map(_number, ("errors", "warnings", "infos", *ANSWER_COUNTS)),
    Column("complete", Integer(), nullable=False, server_default="1"),
    Column("total", Double()),
    _words("grade"),
    _later_words("first_step"),
    _moment("reviewed_at"),
    _later_words("trust"),
    _later_words("trust_reason"),
    _later_number("evidence_absent"),
)
"""审核: what a review said of a version; a new row only where it differs from the project's last one.

``evidence_absent``, kept since step 10, counts the files that it lists as evidence (佐证材料) and that had not come.
"""

RETURNED = _table("returned", _version(unique=True), _words("file"), _moment("returned_at"))
"""退回: a version for which a marked copy was made."""

ACCEPTED = _table(
    "accepted",
    _version(unique=True),
    _words("who"),
    _moment("accepted_at"),
    _later_words("because"),
    _later_words("trust"),
)
"""接收: a version that was accepted, and by whom; how far it was trusted then, and why it was accepted all the same."""

ANSWERED = _table(
    "answered",
    _version(index=True),
    *map(_words, ("code", "place", "facts", "question", "answer")),
    _moment("answered_at"),
    UniqueConstraint("received_id", "place", "facts", "answer"),
)
"""单位说明: what a version answered to a 提醒; ``place`` and ``facts`` as in ``core.questions``, ``question`` in words."""

RULED = _table(
    "ruled",
    _number("year"),
    *map(_words, ("code", "number", "answer", "ruling", "reason", "who")),
    _moment("ruled_at"),
)
"""接受说明: what finance said of an answer; a new row only where it differs from the last one about it."""

DISMISSED = _table("dismissed", _version(unique=True), _moment("dismissed_at"))
"""剔除: a version that was recorded as received, and is our own form or copy in which nothing was done, so no submission."""

PACKED = _table(
    "packed", _number("year"), *map(_words, ("department", "file", "sha256", "issues")), _moment("packed_at")
)
"""打包: a department's zip as it was made; ``issues`` says what lies in it, as JSON: year, code and issue of each workbook."""

PUBLISHED = _table("published", _number("year"), *map(_words, ("code", "file", "sha256")), _moment("published_at"))
"""公开: a file that was written for the public; a new row only where its content differs from the file's last one."""

RECTIFIED = _table(
    "rectified",
    _number("year"),
    *map(_words, ("matter", "code", "department", "unit", "step", "who", "due", "file", "sha256", "facts")),
    _moment("rectified_at"),
)
"""整改: a step of a matter that a unit has to mend, as ``matters.MatterRecord``; ``facts`` are the step's own, as JSON."""

_DISCLOSED = ("approved", "approved_on", "shown_budget", "opened_on", "address", "picture", "remark", "reason")
COUNTED = _table(
    "counted",
    *map(_number, ("year", "projects", "published")),
    _words("department"),
    *(Column(name, Double(), nullable=False) for name in ("budget", "published_budget")),
    _moment("counted_at"),
)
"""公开情况: how many projects of a department were published, and their 全年预算 in 万元; a new row only where it differs from the last."""

DISCLOSED = _table(
    "disclosed", _number("year"), *map(_words, ("department", "who", *_DISCLOSED)), _moment("disclosed_at")
)
"""公开情况: when and where a department has published, as finance typed it; a new row only where it differs from the last."""

DERIVED = {
    table.name: table
    for table in (
        ISSUED,
        SCHEMES,
        RECEIVED,
        ANSWERED,
        REVIEWED,
        RETURNED,
        ACCEPTED,
        RULED,
        DISMISSED,
        PACKED,
        PUBLISHED,
        RECTIFIED,
        COUNTED,
        DISCLOSED,
    )
}
"""The tables that follow from the events, by the kind of event that adds to them; what is referred to comes first.

A row's ``<table>_at`` is the time of its event; all other columns are the event's facts.
"""

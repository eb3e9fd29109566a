"""The tables. A change here needs a new step in ``migrations/versions``; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, Double, ForeignKey, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


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
    """A text that every database takes: a damaged file name holds half characters that have no UTF-8."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """As the database keeps it."""
        return None if value is None else value.encode("utf-8", "replace").decode().replace("\0", "")


class Base(DeclarativeBase):
    """Base of the tables."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Words(), float: Double(), datetime: UtcTime()}

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)


class IssuedRecord(Base):
    """下发: one content of a project's workbook, when it was first written."""

    __tablename__ = "issued"
    __table_args__ = (UniqueConstraint("year", "code", "sha256"),)

    year: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    department: Mapped[str]
    unit: Mapped[str]
    file: Mapped[str]
    sha256: Mapped[str]
    key_id: Mapped[str]
    layout_version: Mapped[str]
    scheme: Mapped[str]
    scheme_sha256: Mapped[str]
    issued_at: Mapped[datetime]


class ReceivedRecord(Base):
    """收到: one version of a project's workbook; the same content under another name is the same version."""

    __tablename__ = "received"
    __table_args__ = (UniqueConstraint("year", "code", "sha256"),)

    year: Mapped[int]
    code: Mapped[str]
    file: Mapped[str]
    sha256: Mapped[str]
    modified_at: Mapped[datetime]
    received_at: Mapped[datetime]


class ReviewedRecord(Base):
    """审核: what a review said of a version; a new row only where it differs from the project's last one."""

    __tablename__ = "reviewed"

    received_id: Mapped[int] = mapped_column(ForeignKey("received.id"), index=True)
    errors: Mapped[int]
    warnings: Mapped[int]
    infos: Mapped[int]
    total: Mapped[float | None]
    grade: Mapped[str]
    reviewed_at: Mapped[datetime]


class ReturnedRecord(Base):
    """退回: a version for which a marked copy was made."""

    __tablename__ = "returned"

    received_id: Mapped[int] = mapped_column(ForeignKey("received.id"), unique=True)
    file: Mapped[str]
    returned_at: Mapped[datetime]


class AcceptedRecord(Base):
    """接收: a version that was accepted, and by whom."""

    __tablename__ = "accepted"

    received_id: Mapped[int] = mapped_column(ForeignKey("received.id"), unique=True)
    who: Mapped[str]
    accepted_at: Mapped[datetime]

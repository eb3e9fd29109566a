"""Generate (下发): one workbook per project."""

from __future__ import annotations

import gc
import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.errors import TemplateError, UnreadableWorkbook
from workbook_tools.core.faces import AnyPath, LateModule, Watch, collect
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import Project
from workbook_tools.files.atomic import sync_folders
from workbook_tools.files.earlier_outputs import EarlierOutputs
from workbook_tools.files.paths import project_file, replace_file
from workbook_tools.files.side_by_side import write_side_by_side
from workbook_tools.files.stored_projects import ListedProject, digest_projects, list_names
from workbook_tools.form.fields import Layout, Notice
from workbook_tools.form.identity import NO_ISSUE, Issue, LentKey, Seal, SigningKey, compose_content, content_digest
from workbook_tools.form.layout import CURRENT_VERSION
from workbook_tools.form.printed_texts import digest_sheets
from workbook_tools.form.shapes import bind_layout
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme, load_scheme

if TYPE_CHECKING:
    from workbook_tools.workbooks import stamping, writing
else:  # a workbook that stands there is not drawn
    stamping = LateModule("workbook_tools.workbooks.stamping")
    writing = LateModule("workbook_tools.workbooks.writing")

NO_NOTICE = Notice()
LastIssues = Mapping[tuple[int, str], Issue]
"""Year and code of a project → what it was last issued."""
NO_ISSUES: LastIssues = {}
_ENDINGS = {False: ".xlsx", True: ".xlsm"}


@dataclass(frozen=True, slots=True)
class Generated:
    """What came of one project: a workbook, or a finding that says why not."""

    year: int
    code: str
    path: Path
    finding: Finding | None = None
    kept: bool = False
    """Another workbook stands there already and was not replaced."""
    unchanged: bool = False
    """The very same workbook stands there already."""
    issue: Issue = NO_ISSUE
    """Which issue of the project it is."""
    sha256: str = ""
    """Of the workbook that stands there now, where that is the one."""


@dataclass(frozen=True, slots=True)
class Order:
    """A workbook to be drawn."""

    project: Project
    scheme: Scheme
    last: Issue | None
    """What the project was last issued, as far as that is known."""
    sealed: SealedIssue | None = None
    """As what it is issued now, where that was sealed by who has the key; whoever draws it then has none."""
    digest: str = ""
    """Of the project, as :func:`digest_projects`; blank where nobody asks what the workbook was made from."""


@dataclass(frozen=True, slots=True)
class SealedIssue:
    """What a workbook is issued as, under its seal."""

    issue: Issue
    seal: Seal


@dataclass(frozen=True, slots=True)
class Drawn:
    """A workbook that was drawn and is not written yet, or a finding that says why there is none."""

    year: int
    code: str
    path: Path
    data: bytes = b""
    issue: Issue = NO_ISSUE
    made_from: str = ""
    """Digest of all that it was drawn from."""
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws workbooks for a folder. It writes nothing, and another process can do it."""

    folder: Path
    key: SigningKey
    notice: Notice
    prefill: bool
    macros: bool

    def place(self, project: ListedProject) -> Path:
        """Where the workbook of a project lies."""
        return project_file(self.folder, project.department, project.code, project.name, _ENDINGS[self.macros])

    def find_standing(
        self, project: ListedProject, scheme: Scheme, last: Issue | None, digest: str, outputs: EarlierOutputs
    ) -> Generated | None:
        """The workbook of a project of that ``digest``, where it stands there already as it would be drawn, as what the project was issued last."""
        if last is None:
            return None
        path = self.place(project)
        standing = outputs.find_standing(path, self.digest(digest, scheme, last))
        return (
            Generated(project.year, project.code, path, unchanged=True, issue=last, sha256=standing)
            if standing
            else None
        )

    def digest(self, project: str, scheme: Scheme, issue: Issue) -> str:
        """Of all that a workbook is drawn from, as that issue; of the ``project`` its own digest."""
        return digest_facts(project, scheme.digest, self.notice, self.key.id, self.prefill, self.macros, issue)

    def _choose_content(self, project: Project) -> Project:
        return project if self.prefill or project.answers is None else project.model_copy(update={"answers": None})

    def __call__(self, order: Order) -> Drawn:
        """The workbook of an order, as the same issue as before where its content is the same."""
        try:
            with _collector_paused():  # what was made must be let go of before it looks again
                return self._draw(order)
        except TemplateError as exc:
            return self.refuse(order.project, str(exc))

    def _draw(self, order: Order) -> Drawn:
        layout, path = self._lay_out(order), self.place(order.project)
        sealed = order.sealed or self.seal(order, digest_sheets(layout))
        data = (
            writing.draw_workbook(layout, sealed.seal, macros=True)
            if self.macros
            else stamping.stamp_workbook(layout, sealed.seal)
        )
        made_from = self.digest(order.digest, order.scheme, sealed.issue)
        return Drawn(order.project.year, order.project.code, path, data, sealed.issue, made_from)

    def _lay_out(self, order: Order) -> Layout:
        return bind_layout(self._choose_content(order.project), order.scheme, self.notice)

    def digest_texts(self, order: Order) -> dict[str, str]:
        """What :meth:`seal` is to be given. Raises TemplateError."""
        return digest_sheets(self._lay_out(order))

    def seal(self, order: Order, texts: Mapping[str, str]) -> SealedIssue:
        """What a workbook is issued as, with the digests of its form's own ``texts``. Here alone the key signs."""
        project = self._choose_content(order.project)
        content = compose_content(CURRENT_VERSION, project, order.scheme, self.notice, texts)
        issue = _choose_issue(content_digest(content), order.last, self.place(project), self.key)
        return SealedIssue(issue, Seal.on_content(content, self.key, issue))

    def lend(self, sealed: SealedIssue, project: Project) -> SealedIssue:
        """The same for who has no key, and who is not to have it."""
        key = LentKey(b"", name=self.key.id, sheet_password=self.key.password(project))
        return replace(sealed, seal=replace(sealed.seal, key=key))

    def without_key(self) -> Drawing:
        """The same for them: it draws what is sealed."""
        return replace(self, key=LentKey(b"", name=self.key.id))

    def refuse(self, project: Project, reason: str) -> Drawn:
        """There is no workbook of the project, and why."""
        refused = finding("LIST18", reason, project_code=project.code, field="项目", found=project.name)
        return Drawn(project.year, project.code, self.place(project), finding=refused)


DrawAll = Callable[[Drawing, Iterable[Order]], Iterable[Drawn]]
"""Applies a drawing to orders; what comes of them is in their order."""


DRAWING = ("workbook_tools.workbooks.stamping", "workbook_tools.workbooks.writing")
"""The modules that draw."""


def load_own_scheme(project: ListedProject) -> Scheme:
    """The built-in scheme that a project names, or the usual one. Raises SchemeError."""
    return load_scheme(project.scheme or DEFAULT_SCHEME)


def generate(
    projects: Sequence[Project],
    folder: AnyPath,
    key: SigningKey,
    notice: Notice = NO_NOTICE,
    scheme_of: Callable[[ListedProject], Scheme] = load_own_scheme,
    issues: LastIssues = NO_ISSUES,
    *,
    prefill: bool = False,
    overwrite: bool = False,
    macros: bool = False,
    watch: Watch | None = None,
    draw_all: DrawAll = map,
    outputs: EarlierOutputs | None = None,
) -> list[Generated]:
    """Write <主管部门>/<编码>_<名称>.xlsx for each project; what came of each, in their order.

    The same list gives the same bytes, so running it again writes nothing; a workbook of another content is replaced
    only with ``overwrite``. ``key`` signs them, ``notice`` is printed on 填报说明, ``scheme_of`` gives the scheme of a project, by
    default the built-in one that it names. ``issues`` are what is known to have been issued last: what is the same again is
    the same issue, anything else a new one; of a project that is not among them the workbook that stands there says it. With ``prefill`` the answers that a project carries are filled in; with
    ``macros`` the workbooks are .xlsm with buttons. ``watch`` hears after each how many of how many are done.
    ``draw_all`` applies the drawing to the orders, by default one after another; it may do so in other processes. Files are written here alone.
    What ``outputs`` know to stand there already, made from the same, is not drawn at all.
    Raises OutputError, SchemeError. A project that does not fit into a workbook has a finding instead.
    """

    drawing, earlier = Drawing(Path(folder), key, notice, prefill, macros), outputs or EarlierOutputs()
    standing: deque[Generated | None] = deque()
    """Of each order that was looked at and is not done: its workbook, where that stands there; nothing where it is being drawn."""

    def find_new() -> Iterator[Order]:
        for number, (named, digest) in enumerate(zip(list_names(projects), digest_projects(projects), strict=True)):
            scheme, last = scheme_of(named), issues.get((named.year, named.code))
            standing.append(drawing.find_standing(named, scheme, last, digest, earlier))
            if not standing[-1]:
                yield Order(projects[number], scheme, last, digest=digest)

    def take_standing() -> Iterator[Generated]:
        while standing and (there := standing[0]):
            standing.popleft()
            yield there

    def write_all() -> Iterator[Generated]:
        write = partial(_write, overwrite=overwrite)
        for new, written in write_side_by_side(write, draw_all(drawing, find_new())):
            yield from take_standing()
            standing.popleft()
            if not new.finding and not written.kept:
                earlier.note(new.path, new.made_from, written.sha256)
            yield written
        yield from take_standing()

    done = collect(write_all(), len(projects), watch)
    sync_folders(item.path.parent for item in done)
    return done


def _write(new: Drawn, *, overwrite: bool) -> tuple[Drawn, Generated]:
    if new.finding:
        return new, Generated(new.year, new.code, new.path, new.finding)
    path, data = new.path, new.data
    there = path.read_bytes() if path.is_file() else None
    if there is not None and there != data and _is_packed_otherwise(there, data):
        new, data = replace(new, data=there), there
    kept, unchanged = there not in (None, data) and not overwrite, there == data
    if not kept and not unchanged:
        replace_file(path, data, one_of_many=True)
    digest = "" if kept else hashlib.sha256(data).hexdigest()
    return new, Generated(new.year, new.code, path, kept=kept, unchanged=unchanged, issue=new.issue, sha256=digest)


def _is_packed_otherwise(there: bytes, data: bytes) -> bool:
    """It is the same workbook, part by part: earlier versions of the program packed it closer."""
    from workbook_tools.files.package import Package  # wbt init does without

    try:
        parts, others = Package(there), Package(data)
        return [*parts] == [*others] and all(parts.read(name) == others.read(name) for name in parts)
    except UnreadableWorkbook:
        return False


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A workbook makes some ten thousand objects and lets go of all of them: to look for others meanwhile takes a fifth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _choose_issue(digest: str, last: Issue | None, path: Path, key: SigningKey) -> Issue:
    """The last issue where it is of the same content, else the next one."""
    if last is None:
        from workbook_tools.workbooks.reading import read_issue  # wbt init does without

        last = read_issue(path, key) if path.is_file() else NO_ISSUE
    return last if last.digest == digest else Issue.new(last.round + 1, digest)

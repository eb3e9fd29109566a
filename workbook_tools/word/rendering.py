"""Forms (报告模板): .docx files with tags, compiled once and rendered many times.

``{{ 项目名称 }}`` prints a value, ``{%tr for … %}`` repeats a table row, ``{%p if … %}`` keeps or drops paragraphs: the tags of
Jinja, read from the document by :mod:`workbook_tools.word.jinja_source`. A form is opened, mended and compiled once; a report costs one
rendering, the parts with tags parsed by python-docx, and one packing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path, PurePath
from typing import NoReturn

from docx.opc.constants import CONTENT_TYPE
from docx.opc.part import XmlPart
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, Undefined, nodes
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.utils import missing
from lxml import etree

from workbook_tools.core.errors import TemplateError, UnreadableWorkbook, tell_os_error
from workbook_tools.word.contents import fill_contents
from workbook_tools.word.finishing import finish
from workbook_tools.word.headings import read_heading_levels
from workbook_tools.word.jinja_errors import explain_jinja_error
from workbook_tools.word.jinja_source import make_jinja_source
from workbook_tools.word.mending import mend
from workbook_tools.word.package import (
    ReusedDocument,
    StrictDocument,
    open_package,
    sign_document,
    write_document,
)
from workbook_tools.word.sandbox import FormEnvironment, join_output
from workbook_tools.word.tag_paths import TagPath, find_tag_paths
from workbook_tools.word.text import ABOVE, chinese_number, print_value

_TAGGED = {
    CONTENT_TYPE.WML_DOCUMENT_MAIN,
    CONTENT_TYPE.WML_HEADER,
    CONTENT_TYPE.WML_FOOTER,
    CONTENT_TYPE.WML_FOOTNOTES,
    CONTENT_TYPE.WML_ENDNOTES,
    CONTENT_TYPE.OPC_CORE_PROPERTIES,
}
"""Parts that may hold tags."""


class _UnknownTag(StrictUndefined):
    """A name that the report does not know."""

    @property
    def _undefined_message(self) -> str:
        group = "" if self._undefined_obj is missing else f"{self._undefined_obj}."
        return f"没有名为“{group}{self._undefined_name}”的内容"


def _finalize(value: object) -> str:
    return str(value) if isinstance(value, Undefined) else print_value(value)


_ENVIRONMENT = FormEnvironment(autoescape=True, undefined=_UnknownTag, finalize=_finalize)
_ENVIRONMENT.filters["汉字"] = chinese_number
_ENVIRONMENT.globals = {"同上": ABOVE, "换行": "\n"}


class ReportForm:
    """A form ready to be rendered. ``name`` is what messages call it."""

    def __init__(self, data: bytes, name: str) -> None:
        """Open, mend and compile. Raises TemplateError if it is no .docx or a tag is malformed."""
        self.name = name
        try:
            document = open_package(data)
        except StrictDocument:
            raise TemplateError(
                f"报告模板“{name}”是“严格”格式的文档，请另存为普通的“Word 文档（.docx）”，不要选“Strict”"
            ) from None
        except UnreadableWorkbook:
            raise TemplateError(
                f"报告模板“{name}”不是有效的 Word 文档（.docx）。旧格式（.doc、.wps）、带宏或加了密码的，"
                "请在 Word 或 WPS 里打开，另存为“Word 文档（.docx）”"
            ) from None
        sign_document(document, PurePath(name).stem)
        mend(document)
        self._blank = ReusedDocument(write_document(document))
        self._levels = read_heading_levels(document.styles)
        self._templates: dict[str, tuple[Template, str]] = {}
        for part in document.part.package.iter_parts():
            if (
                part.content_type in _TAGGED
                and isinstance(part, XmlPart)
                and "{" in (source := make_jinja_source(part.element))
            ):
                self._templates[part.partname.membername] = self._compile(source), source

    def printed_tags(self) -> frozenset[str]:
        """The tags that the form prints, or whose rows it repeats, as written (总分, 正文.overview).

        What only a condition asks for does not count.
        """
        return self._tags[0]

    def used_tags(self) -> list[tuple[str, TagPath]]:
        """The tags that the form asks for, also in conditions and where none holds: as written, and their paths."""
        return self._tags[1]

    @cached_property
    def _tags(self) -> tuple[frozenset[str], list[tuple[str, TagPath]]]:
        """What it prints, and what it asks for: the same as long as there is the form, and to read it takes longer than to render it."""
        trees = [_ENVIRONMENT.parse(source) for _, source in self._templates.values()]
        printing = [node for tree in trees for node in tree.find_all(nodes.Output)]
        looping = [node.iter for tree in trees for node in tree.find_all(nodes.For)]
        used = [found for tree in trees for found in find_tag_paths(tree, _ENVIRONMENT.globals)]
        return frozenset(_tag_names([*printing, *looping])), used

    def render(self, values: Mapping[str, object]) -> bytes:
        """The document with ``values`` in place of the tags, as bytes of a .docx.

        Raises TemplateError, with the form's name and the tag, if a tag asks for what there is not.
        """
        texts = {name: self._print(*template, values).encode() for name, template in self._templates.items()}
        try:
            document = self._blank.open(texts)
        except etree.XMLSyntaxError:
            raise TemplateError(
                f"报告模板“{self.name}”的标签位置有误，生成的文档不完整：成对的标签要在同一段、同一格，或者各占一段、一行"
            ) from None
        for part in self._blank.list_parts(texts):
            finish(part)
        fill_contents(document, self._levels)
        return self._blank.write()

    def _compile(self, source: str) -> Template:
        try:
            return _ENVIRONMENT.from_string(source)
        except RecursionError:
            raise TemplateError(f"报告模板“{self.name}”的标签套得太深，请简化") from None
        except TemplateSyntaxError as exc:
            unclosed = "end of template" in (exc.message or "")  # its line is the last one, which says nothing
            self._fail(None if unclosed else exc.lineno, source, _malformed(exc.message, source))

    def _print(self, template: Template, source: str, values: Mapping[str, object]) -> str:
        """One part."""
        try:
            return join_output(template.generate(values))
        except SecurityError as exc:
            self._fail(_template_line(exc), source, "用到了不允许的写法，或者打印的内容没有尽头")
        except RecursionError:
            raise TemplateError(f"报告模板“{self.name}”的标签套得太深，请简化") from None
        except (JinjaError, OverflowError, TypeError, ValueError, ZeroDivisionError) as exc:
            what = "标签取到的不是一个值，不能直接打印或计算"
            if isinstance(exc, JinjaError):
                what = str(exc) if isinstance(exc, UndefinedError) else _malformed(exc.message, source)
            self._fail(_template_line(exc), source, what)

    def _fail(self, line: int | None, source: str, what: str) -> NoReturn:
        lines = source.split("\n")
        near = re.sub(r"<[^>]+>", "", lines[line - 1]).strip() if line and line <= len(lines) else ""
        place = f"“{near[:80]}”处" if near else ""
        raise TemplateError(f"报告模板“{self.name}”{place}：{what}；请对照报告模板说明更正") from None


def open_form(path: Path) -> ReportForm:
    """The form in that file; compiled once as long as the file stays the same.

    Raises TemplateError if it is missing, unreadable or wrong.
    """
    try:
        stat = path.stat()
        return _cached_form(path, stat.st_mtime_ns, stat.st_size)
    except OSError as exc:
        raise TemplateError(f"打不开报告模板{tell_os_error(exc, path)}") from None


@lru_cache(maxsize=16)
def _cached_form(path: Path, _changed: int, _size: int) -> ReportForm:
    return ReportForm(path.read_bytes(), path.name)


def _malformed(message: str | None, source: str) -> str:
    explained = explain_jinja_error(message or "", source)
    return f"标签写法有误（{explained}）" if explained else "标签写法有误"


def _tag_names(trees: Iterable[nodes.Node]) -> Iterator[str]:
    for tree in trees:
        for node in (tree, *tree.find_all((nodes.Name, nodes.Getattr))):
            if isinstance(node, nodes.Name):
                yield node.name
            elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
                yield f"{node.node.name}.{node.attr}"


def _template_line(exc: BaseException) -> int | None:
    line = None
    trace = exc.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line

"""Forms (报告模板): .docx files with tags, compiled once and rendered many times.

A tag is docxtpl's: ``{{ 项目名称 }}`` prints a value, ``{%tr for … %}`` repeats a table row, ``{%p if … %}``
keeps or drops paragraphs. docxtpl turns what Word made of the tags into a plain Jinja template; that
is kept, so that a report costs one rendering and one zip, not a parsing of the form.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, Undefined, nodes
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing
from lxml import etree

from workbook_tools.core.errors import TemplateError, os_reason
from workbook_tools.files.paths import AUTHOR
from workbook_tools.word.charts import BarChart, add_charts, take_charts
from workbook_tools.word.complaints import jinja_complaint
from workbook_tools.word.contents import fill_contents
from workbook_tools.word.finishing import finish
from workbook_tools.word.measures import ParagraphStyles, W
from workbook_tools.word.mending import mend
from workbook_tools.word.tag_paths import TagPath, find_tag_paths
from workbook_tools.word.text import ABOVE, chinese_number, printed

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_DOCUMENT, _STYLES = f"{_WORD}document.main+xml", f"{_WORD}styles+xml"
_CORE_PROPERTIES = "application/vnd.openxmlformats-package.core-properties+xml"
_TAGGED = {
    _DOCUMENT,
    _CORE_PROPERTIES,
    *(f"{_WORD}{part}+xml" for part in ("header", "footer", "footnotes", "endnotes")),
}
"""Parts that may hold tags, whatever the program that saved the form called them."""
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)


class _UnknownTag(StrictUndefined):
    """A name that the report does not know."""

    @property
    def _undefined_message(self) -> str:
        group = "" if self._undefined_obj is missing else f"{self._undefined_obj}."
        return f"没有名为“{group}{self._undefined_name}”的内容"


def _finalize(value: object) -> str:
    return str(value) if isinstance(value, Undefined) else printed(value)


# Forms travel by mail: the sandbox keeps their tags to the values they are given.
_ENVIRONMENT = SandboxedEnvironment(autoescape=True, undefined=_UnknownTag, finalize=_finalize)
_ENVIRONMENT.filters["汉字"] = chinese_number
_ENVIRONMENT.globals = {"同上": ABOVE, "换行": "\n"}


class ReportForm:
    """A form ready to be rendered. ``name`` is what messages call it."""

    def __init__(self, data: bytes, name: str) -> None:
        """Read and compile. Raises TemplateError if it is no .docx or a tag is malformed."""
        self.name = name
        self._fixed: dict[str, bytes] = {}
        self._templates: dict[str, tuple[Template, str]] = {}
        self._styles = ParagraphStyles(None)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                kinds = _content_types(package.read("[Content_Types].xml"))
                if _DOCUMENT not in kinds.values():
                    raise KeyError(_DOCUMENT)
                for entry in package.namelist():
                    self._take(entry, package.read(entry), kinds.get(entry, ""))
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, etree.XMLSyntaxError):
            raise TemplateError(
                f"报告模板“{name}”不是有效的 Word 文档（.docx）。旧格式（.doc、.wps）、带宏或加了密码的，"
                "请在 Word 或 WPS 里打开，另存为“Word 文档（.docx）”"
            ) from None

    def _take(self, entry: str, content: bytes, kind: str) -> None:
        """Keep one part, as a template if it holds tags."""
        if kind == _CORE_PROPERTIES:
            content = _signed_by_us(content)
        elif kind.startswith(_WORD):
            root = etree.fromstring(content, _PARSER)
            if kind == _DOCUMENT and root.tag != f"{W}document":
                raise TemplateError(
                    f"报告模板“{self.name}”是“严格”格式的文档，请另存为普通的“Word 文档（.docx）”，不要选“Strict”"
                )
            mend(root)
            content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            if kind == _STYLES:
                self._styles = ParagraphStyles(root)
        if kind in _TAGGED and b"{" in content:
            source = _jinja_source(content)
            self._templates[entry] = self._compile(source), source
        else:
            self._fixed[entry] = content

    def shown(self) -> frozenset[str]:
        """The tags that the form prints, or whose rows it repeats, as written (总分, 正文.overview).

        What only a condition asks for does not count.
        """
        trees = self._trees()
        printing = [node for tree in trees for node in tree.find_all(nodes.Output)]
        looping = [node.iter for tree in trees for node in tree.find_all(nodes.For)]
        return frozenset(_tag_names([*printing, *looping]))

    def asked(self) -> list[tuple[str, TagPath]]:
        """The tags that the form asks for, also in conditions and where none holds: as written, and their paths."""
        return [found for tree in self._trees() for found in find_tag_paths(tree, _ENVIRONMENT.globals)]

    def _trees(self) -> list[nodes.Template]:
        return [_ENVIRONMENT.parse(source) for _, source in self._templates.values()]

    def render(self, values: Mapping[str, object]) -> bytes:
        """The document with ``values`` in place of the tags, as bytes of a .docx.

        Raises TemplateError, with the form's name and the tag, if a tag asks for what there is not.
        """
        parts = dict(self._fixed)
        for entry, (template, source) in self._templates.items():
            parts[entry], charts = self._render_part(template, source, values)
            if charts:
                add_charts(parts, entry, charts)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            for entry, content in parts.items():
                package.writestr(_entry(entry), content)
        return target.getvalue()

    def _compile(self, source: str) -> Template:
        try:
            return _ENVIRONMENT.from_string(source)
        except TemplateSyntaxError as exc:
            unclosed = "end of template" in (exc.message or "")  # its line is the last one, which says nothing
            self._fail(None if unclosed else exc.lineno, source, _malformed(exc.message, source))

    def _render_part(
        self, template: Template, source: str, values: Mapping[str, object]
    ) -> tuple[bytes, list[BarChart]]:
        """One part, and the charts that it shows."""
        try:
            text, charts = take_charts(template.render(values))
        except SecurityError:
            raise TemplateError(f"报告模板“{self.name}”用到了不允许的标签") from None
        except (JinjaError, TypeError, ValueError, ZeroDivisionError) as exc:
            what = "标签取到的不是一个值，不能直接打印或计算"
            if isinstance(exc, JinjaError):
                what = str(exc) if isinstance(exc, UndefinedError) else _malformed(exc.message, source)
            self._fail(_template_line(exc), source, what)
        try:
            root = etree.fromstring(text.replace("\n<w:p", "<w:p").encode(), _PARSER)
        except etree.XMLSyntaxError:
            raise TemplateError(
                f"报告模板“{self.name}”的标签位置有误，生成的文档不完整：成对的标签要在同一段、同一格，或者各占一段、一行"
            ) from None
        finish(root)
        fill_contents(root, self._styles)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True), charts

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
        raise TemplateError(f"报告模板“{path}”打不开：{os_reason(exc)}") from None


@lru_cache(maxsize=16)
def _cached_form(path: Path, _changed: int, _size: int) -> ReportForm:
    return ReportForm(path.read_bytes(), path.name)


def _malformed(message: str | None, source: str) -> str:
    complaint = jinja_complaint(message or "", source)
    return f"标签写法有误（{complaint}）" if complaint else "标签写法有误"


def _tag_names(trees: Iterable[nodes.Node]) -> Iterator[str]:
    for tree in trees:
        for node in (tree, *tree.find_all((nodes.Name, nodes.Getattr))):
            if isinstance(node, nodes.Name):
                yield node.name
            elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
                yield f"{node.node.name}.{node.attr}"


def _content_types(part: bytes) -> dict[str, str]:
    """Entry → what kind of part it is."""
    overrides = etree.fromstring(part, _PARSER).iter("{*}Override")
    return {item.get("PartName", "").lstrip("/"): item.get("ContentType", "") for item in overrides}


def _signed_by_us(properties: bytes) -> bytes:
    """Who saved the form is not who saved the report (see paths.replace_result)."""
    root = etree.fromstring(properties, _PARSER)
    for old in root.findall(f"{{{_CORE}}}lastModifiedBy"):
        root.remove(old)
    etree.SubElement(root, f"{{{_CORE}}}lastModifiedBy", nsmap={"cp": _CORE}).text = AUTHOR
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _jinja_source(content: bytes) -> str:
    """Jinja source of a part. Each paragraph starts a line, so that an error's line says where it is."""
    xml = etree.tostring(etree.fromstring(content, _PARSER), encoding="unicode")
    patch: Callable[[str], str] = DocxTemplate(io.BytesIO()).patch_xml
    return re.sub(r"(<w:p[ >])", r"\n\1", patch(xml.replace("\n", " ")))


def _template_line(exc: BaseException) -> int | None:
    line = None
    trace = exc.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _FIXED_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info

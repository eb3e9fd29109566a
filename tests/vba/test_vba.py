"""VBA projects compiled without Excel: what goes in, what other parsers see, and what is read back."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import olefile
import olevba
import pytest
from builders import KEY, KEYS, MOF, answers, project
from checking import good
from surgery import Patient
from typer.testing import CliRunner

from workbook_tools.commands.macros import check
from workbook_tools.commands.main import app
from workbook_tools.core.errors import SettingsError, TemplateError
from workbook_tools.core.model import ProjectList
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.desk.console_book import MACROS
from workbook_tools.files.paths import macros_folder
from workbook_tools.files.sources import SourceFile as File
from workbook_tools.form.fields import Notice
from workbook_tools.form.layout import TABS
from workbook_tools.vba.compound import build_compound_file
from workbook_tools.vba.compression import CHUNK, compress, decompress
from workbook_tools.vba.packaged import STAFF, build_packaged_project, list_packaged_projects, read_packaged_modules
from workbook_tools.vba.project import build_vba_project
from workbook_tools.vba.reading import (
    ISSUED,
    UNREADABLE,
    Likeness,
    compare_modules,
    find_strange_modules,
    read_sources,
    write_issued_lines,
)
from workbook_tools.vba.records import RecordKind, pack_record, read_records
from workbook_tools.vba.sources import Module, ModuleKind, read_modules
from workbook_tools.workbooks.reading import Reading, read_issue, read_submission
from workbook_tools.workbooks.writing import build_workbook

PROJECT = "xl/vbaProject.bin"
EVIL = 'Attribute VB_Name = "Evil"\r\nSub Auto_Open()\r\n    Shell "calc"\r\nEnd Sub\r\n'


def module(name: str, source: str, kind: ModuleKind = ModuleKind.PROCEDURAL) -> Module:
    return Module(name, kind, source)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return folder


# -- the project ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list_packaged_projects())
def test_every_module_of_a_packaged_project_is_listed_with_exactly_its_source(name: str) -> None:
    data = build_packaged_project(name, 8)
    sources = {module.name: module.source for module in read_packaged_modules(name)}
    own = {path.stem: path.read_text("utf-8") for path in (macros_folder() / name).glob("*.bas")}
    assert {n: own[n].replace("\n", "\r\n") for n in own} == {n: sources[n] for n in own}
    documents = {"ThisWorkbook", *(f"Sheet{i}" for i in range(1, 9))}
    found = olevba.modules(data)
    assert {Path(file).stem for file in found} == sources.keys() | documents
    assert {Path(file).stem: code for file, code in found.items() if Path(file).stem in sources} == sources
    assert all(file.endswith(".cls") for file in found if Path(file).stem in documents)
    assert dict(read_sources(data)).keys() == sources.keys() | documents
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        for stem, source in sources.items():
            assert olevba.decompressed(file.openstream(["VBA", stem]).read()).decode("cp936") == source


@pytest.mark.parametrize("path", sorted(macros_folder().glob("*/*.bas")), ids=lambda path: path.stem)
def test_a_source_declares_everything_and_names_it_in_letters_that_every_excel_can_show(path: Path) -> None:
    """Chinese stands in texts and comments only; lines are no longer than the editor takes."""
    text = path.read_text("utf-8")
    code = [re.sub(r"'.*", "", re.sub('"[^"]*"', "", line)) for line in text.splitlines()]
    assert "Option Explicit" in code
    assert [line for line in code if not line.isascii()] == []
    assert max(map(len, text.splitlines())) < 200
    for kind in ("Sub", "Function"):
        begins = [line for line in code if re.match(rf"(Public |Private )?{kind} ", line)]
        assert len(begins) == code.count(f"End {kind}")


def test_the_same_sources_give_the_same_bytes() -> None:
    modules = read_packaged_modules(STAFF)
    assert build_vba_project(modules, 8) == build_vba_project(modules, 8) == build_packaged_project(STAFF, 8)
    with olefile.OleFileIO(io.BytesIO(build_packaged_project(STAFF, 8))) as file:
        assert {file.getmtime(path) for path in (*file.listdir(), ["VBA"])} == {None}


def test_names_texts_and_comments_are_chinese_classes_and_workbook_code_are_in(tmp_path: Path) -> None:
    written(
        tmp_path,
        "模块一.bas",
        'Attribute VB_Name = "模块一"\n\' 注释：万元、％\nSub 打开()\n    MsgBox "㈠〇·—"\nEnd Sub\n',
    )
    written(
        tmp_path,
        "Row.cls",
        'VERSION 1.0 CLASS\nBEGIN\n  MultiUse = -1\nEND\nAttribute VB_Name = "Row"\nPublic x As Long\n',
    )
    written(tmp_path, "ThisWorkbook.cls", "Private Sub Workbook_Open()\nEnd Sub\n")
    modules = read_modules(tmp_path)
    assert [(m.name, m.kind) for m in modules] == [
        ("Row", ModuleKind.CLASS),
        ("ThisWorkbook", ModuleKind.DOCUMENT),
        ("模块一", ModuleKind.PROCEDURAL),
    ]
    data = build_vba_project(modules, 1)
    sources = dict(read_sources(data))
    assert list(sources) == ["ThisWorkbook", "Sheet1", "Row", "模块一"]
    assert sources["模块一"].splitlines()[3] == '    MsgBox "㈠〇·—"'
    assert sources["Row"].endswith("VB_Customizable = False\r\nPublic x As Long\r\n")
    assert sources["ThisWorkbook"].endswith("VB_Customizable = True\r\nPrivate Sub Workbook_Open()\r\nEnd Sub\r\n")
    assert olevba.modules(data)["模块一.bas"] == sources["模块一"]
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        properties = file.openstream("PROJECT").read().decode("cp936")
    assert (
        "Document=ThisWorkbook/&H00000000\r\nDocument=Sheet1/&H00000000\r\nClass=Row\r\nModule=模块一\r\n" in properties
    )


EXPORTED = """\
VERSION 1.0 CLASS
BEGIN
  MultiUse = -1  'True
END
Attribute VB_Name = "Row"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = {predeclared}
Attribute VB_Exposed = {exposed}
Attribute VB_Description = "一行"
Option Explicit
"""
"""A class as the editor of Office exports it."""
IN_THE_STREAM = """\
Attribute VB_Name = "Row"
Attribute VB_Base = "0{{FCFB3D2A-A0FA-1068-A738-08002B3371B5}}"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = {predeclared}
Attribute VB_Exposed = {exposed}
Attribute VB_TemplateDerived = False
Attribute VB_Customizable = False
Attribute VB_Description = "一行"
Option Explicit
"""
"""The same class as Excel saves it in a project: the three attributes that the editor keeps to itself."""


def kinds_of_modules(data: bytes) -> dict[str, list[int]]:
    """Of each module: the records that say what it is (0x21 procedural, 0x22 other, 0x25 read-only, 0x28 private)."""
    found: dict[str, list[int]] = {}
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        records = list(read_records(decompress(file.openstream(["VBA", "dir"]).read())))
    for kind, content in records:
        if kind == RecordKind.MODULE_NAME:
            found[name := content.decode("cp936")] = []
        elif kind in (0x21, 0x22, 0x25, 0x28):
            assert content == b""
            found[name].append(kind)
    return found


@pytest.mark.parametrize("exposed", [False, True])
def test_a_class_is_in_the_project_as_excel_saves_it(tmp_path: Path, exposed: bool) -> None:
    """A class that nobody outside the project may use has the record 0x28 (MS-OVBA 2.3.4.2.3.2.10)."""
    told = {"predeclared": True, "exposed": exposed}
    modules = read_modules(written(tmp_path, "Row.cls", EXPORTED.format(**told)))
    data = build_vba_project([*modules, module("Own", 'Attribute VB_Name = "Own"\r\n')], 1)
    assert dict(read_sources(data))["Row"] == IN_THE_STREAM.format(**told).replace("\n", "\r\n")
    assert kinds_of_modules(data) == {
        "ThisWorkbook": [0x22],
        "Sheet1": [0x22],
        "Row": [0x22] if exposed else [0x22, 0x28],
        "Own": [0x21],
    }


def test_a_class_is_written_for_the_editor_as_the_editor_exports_it(tmp_path: Path) -> None:
    """Without its heading, the editor would take it for an ordinary module."""
    text = EXPORTED.format(predeclared=False, exposed=False)
    written(tmp_path, "Row.cls", text)
    assert run("macros", "build", "--sources", tmp_path, "--out", tmp_path / "out")[0] == 0
    exported = (tmp_path / "out" / tmp_path.name / "Row.cls").read_bytes()
    assert exported.decode("gbk") == text.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.bas", 'Attribute VB_Name = "a"\n\' 好的😀\n', "a.bas”第 2 行有 GBK 以外的字符“😀”"),
        ("a.bas", "Sub x()\nEnd Sub\n", 'a.bas”应以 Attribute VB_Name = "a" 开头'),
        ("a.bas", 'Attribute VB_Name = "b"\n', 'a.bas”应以 Attribute VB_Name = "a" 开头'),
        ("a.txt", "x", "没有宏的源代码"),
    ],
)
def test_a_wrong_source_is_named_with_file_line_and_character(
    name: str, text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(TemplateError, match=message):
        read_modules(written(tmp_path, name, text))


def test_a_source_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.bas").write_bytes("' 校验".encode("gbk"))
    with pytest.raises(TemplateError, match=r"a\.bas”无法读取.*UTF-8"):
        read_modules(tmp_path)


def test_two_modules_of_one_name_are_refused() -> None:
    with pytest.raises(TemplateError, match="重名"):
        build_vba_project([module("a", ""), module("A", "")], 1)


# -- reading back -----------------------------------------------------------------------------------------------------


def test_the_current_sources_are_recorded_as_issued() -> None:
    """A module that was changed gets a new line in issued.txt; the old ones stay, as workbooks with them are out."""
    recorded = (macros_folder() / STAFF / ISSUED).read_text("utf-8").splitlines()
    missing = [
        line
        for m in read_packaged_modules(STAFF)
        for line in write_issued_lines(m.name, m.source)
        if line not in recorded
    ]
    assert missing == []


def test_what_programs_change_when_they_save_makes_no_module_strange() -> None:
    def saved(source: str) -> str:
        changed = source.replace("Dim number", "dim  Number").replace("    ", "\t").replace("\r\n", "\r\n\r\n")
        return changed + 'Attribute CheckForm.VB_ProcData.VB_Invoke_Func = "c\\n14"\r\n'

    modules = [module(m.name, saved(m.source), m.kind) for m in read_packaged_modules(STAFF)]
    sheet = module("Sheet1", 'Attribute VB_Name = "Sheet1"\r\nOption Explicit\r\n', ModuleKind.DOCUMENT)
    assert find_strange_modules(build_vba_project([*modules, sheet, module("模块1", "")], 8)) == ()


def test_sources_behind_compiled_code_are_found() -> None:
    """Excel puts what it has compiled before the source, and streams of its own beside."""
    cache = b"\x01\x16\x03" * 200
    with olefile.OleFileIO(io.BytesIO(build_packaged_project(STAFF, 8))) as file:
        streams = {path[1]: file.openstream(path).read() for path in file.listdir() if path[0] == "VBA"}
    plain = {name: data for name, data in streams.items() if name in ("dir", "_VBA_PROJECT")}
    begins = b"\x31\0\x04\0\0\0"
    listed = decompress(streams["dir"]).replace(begins + bytes(4), begins + len(cache).to_bytes(4, "little"))
    cached = {name: cache + data for name, data in streams.items() if name not in plain}
    saved = {**cached, "dir": compress(listed), "_VBA_PROJECT": cache, "__SRP_0": cache}
    assert find_strange_modules(build_compound_file({"VBA": saved})) == ()
    assert sorted(read_sources(build_compound_file({"VBA": saved}))) == sorted(
        read_sources(build_packaged_project(STAFF, 8))
    )


def find_garbled_modules(data: bytes) -> tuple[str, ...]:
    return tuple(name for name, likeness in compare_modules(data) if likeness is Likeness.GARBLED)


def saved_elsewhere(code_page: int, change: Callable[[str, bytes], bytes] = lambda _, source: source) -> bytes:
    """Our project as a system of another language saves it: its code page, and sources changed."""
    with olefile.OleFileIO(io.BytesIO(build_packaged_project(STAFF, 8))) as file:
        streams = {path[1]: file.openstream(path).read() for path in file.listdir() if path[0] == "VBA"}
    listed = decompress(streams["dir"])
    begins = b"\x03\0\x02\0\0\0"
    assert begins + (936).to_bytes(2, "little") in listed
    streams["dir"] = compress(
        listed.replace(begins + (936).to_bytes(2, "little"), begins + code_page.to_bytes(2, "little"))
    )
    for name in streams.keys() - {"dir", "_VBA_PROJECT"}:
        streams[name] = compress(change(name, decompress(streams[name])))
    return build_compound_file({"VBA": streams})


@pytest.mark.parametrize(
    ("code_page", "encoding"),
    [(10008, "gb2312"), (0, "gbk"), (54936, "gb18030"), (65001, "utf-8"), (10002, "big5"), (1200, "gbk")],
)
def test_every_code_page_that_office_writes_is_read(code_page: int, encoding: str) -> None:
    """Excel for Mac writes 10000 and more; some programs write 0, which is that of the system."""
    whole = encoding != "big5"

    def encoded(_: str, source: bytes) -> bytes:
        return source.decode("gbk").encode(encoding, "replace")

    data = saved_elsewhere(code_page, encoded)
    assert find_strange_modules(data) == ()
    assert (find_garbled_modules(data) == ()) == whole
    if whole and code_page != 1200:
        ours = {m.name: m.source for m in read_packaged_modules(STAFF)}
        assert {name: source for name, source in read_sources(data) if name in ours} == ours


def test_names_in_a_code_page_of_a_mac_or_of_the_system_are_no_two_names() -> None:
    source = 'Attribute VB_Name = "Módulo1"\r\nSub x()\r\nEnd Sub\r\n'
    for code_page, encoding in ((10000, "mac_roman"), (0, "cp1252"), (1252, "cp1252")):
        information = pack_record(RecordKind.CODE_PAGE, code_page.to_bytes(2, "little"))
        for kinds in ((0x19, 0x47), (0x1A, 0x32)):
            information += pack_record(kinds[0], "Módulo1".encode(encoding))
            information += pack_record(kinds[1], "Módulo1".encode("utf-16-le"))
        information += pack_record(RecordKind.SOURCE_OFFSET, bytes(4))
        data = build_compound_file(
            {"VBA": {"dir": compress(information), "Módulo1": compress(source.encode(encoding))}}
        )
        assert find_strange_modules(data) == ("Módulo1",)


GARBLED: dict[str, Callable[[str, bytes], bytes]] = {
    "kept": lambda _, source: source,
    "a ? for each character": lambda _, source: source.decode("gbk").encode("ascii", "replace"),
    "a ? for each byte": lambda _, source: source.decode("latin-1").encode("ascii", "replace"),
    "read as Western": lambda _, source: source.decode("cp1252", "replace").encode("cp1252", "replace"),
}


@pytest.mark.parametrize("how", GARBLED)
@pytest.mark.parametrize("code_page", [1252, 932, 1251, 10000])
def test_our_macros_saved_on_a_system_without_chinese_are_ours_with_garbled_texts(how: str, code_page: int) -> None:
    data = saved_elsewhere(code_page, GARBLED[how])
    assert find_strange_modules(data) == ()
    assert set(find_garbled_modules(data)) == {m.name for m in read_packaged_modules(STAFF)}


@pytest.mark.parametrize(
    ("found", "put"),
    [
        (b'"macro_records"', b'"macro_record"'),  # what a text says in letters counts
        (b"Option Explicit", b"Option Explicit\r\nSub Auto_Open()\r\nEnd Sub"),
        (
            b"Option Explicit",
            "Ｓｈｅｌｌ　＂ｃａｌｃ＂\r\nOption Explicit".encode("gbk"),
        ),  # Office reads wide letters as code
        (b"Option Explicit", "? 校验\r\nOption Explicit".encode("gbk")),
        (b"Option Explicit", "' 校验\r\nShell x ' 校验\r\nOption Explicit".encode("gbk")),
    ],
)
def test_code_that_was_changed_is_no_garbled_text(found: bytes, put: bytes) -> None:
    def changed(name: str, source: bytes) -> bytes:
        garbled = source.decode("gbk").encode("ascii", "replace")
        return garbled.replace(found, put, 1) if name == "StaffForm" else garbled

    for code_page in (1252, 936):
        data = saved_elsewhere(code_page, changed)
        assert find_strange_modules(data) == ("StaffForm",)
        assert "StaffForm" not in find_garbled_modules(data)


def test_added_and_changed_modules_are_strange() -> None:
    modules = [m if m.name != "StaffPdf" else module(m.name, m.source + EVIL) for m in read_packaged_modules(STAFF)]
    sheet = module("Sheet2", "Private Sub Worksheet_Activate()\r\nEnd Sub\r\n", ModuleKind.DOCUMENT)
    data = build_vba_project([*modules, module("Evil", EVIL), sheet], 8)
    assert find_strange_modules(data) == ("Sheet2", "StaffPdf", "Evil")


def test_a_module_of_ours_under_another_name_is_strange() -> None:
    source = next(m.source for m in read_packaged_modules(STAFF) if m.name == "StaffPdf")
    assert find_strange_modules(build_vba_project([module("Auto", source)], 1)) == ("Auto",)


def test_a_project_that_lists_not_all_it_holds_is_strange() -> None:
    with olefile.OleFileIO(io.BytesIO(build_packaged_project(STAFF, 8))) as file:
        streams = {path[1]: file.openstream(path).read() for path in file.listdir() if path[0] == "VBA"}
    assert find_strange_modules(build_compound_file({"VBA": streams})) == ()
    assert find_strange_modules(build_compound_file({"VBA": {**streams, "Evil": compress(EVIL.encode())}})) == (
        UNREADABLE,
    )
    lying = decompress(streams["dir"]).replace("StaffPdf".encode("utf-16-le"), "StaffPdx".encode("utf-16-le"))
    assert find_strange_modules(build_compound_file({"VBA": {**streams, "dir": compress(lying)}})) == (UNREADABLE,)


def test_damaged_projects_are_unreadable_or_whole_but_bring_nothing_down() -> None:
    whole, noise = build_packaged_project(STAFF, 8), random.Random(7)
    names = {name for name, _ in read_sources(whole)}
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(noise.randrange(1, 6)):
            data[noise.randrange(len(data))] = noise.randrange(256)
        assert set(find_strange_modules(bytes(data[: noise.choice([len(data), 3000])]))) <= {UNREADABLE, *names}


def test_a_project_that_unpacks_to_far_more_than_any_macro_is_unreadable() -> None:
    one = b"\x01" + compress(bytes(CHUNK))[1:] * 250
    with olefile.OleFileIO(io.BytesIO(build_vba_project([module("a", "")], 1))) as file:
        streams = {path[1]: file.openstream(path).read() for path in file.listdir() if path[0] == "VBA"}
    assert find_strange_modules(build_compound_file({"VBA": {**streams, "a": one}})) == (UNREADABLE,)


# -- in workbooks -----------------------------------------------------------------------------------------------------


def read(data: bytes, folder: Path) -> Reading:
    path = folder / "P001.xlsm"
    path.write_bytes(data)
    return read_submission(File(path, path.name), KEYS)


@pytest.fixture(scope="module")
def workbook() -> bytes:
    return build_workbook(project(answers=answers()), MOF, KEY, macros=True)


def test_code_names_of_the_sheets_are_their_modules(workbook: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        names = [name for name, _ in read_sources(package.read(PROJECT))]
        assert b'codeName="ThisWorkbook"' in package.read("xl/workbook.xml")
        for number in range(1, 10):
            assert f'codeName="Sheet{number}"'.encode() in package.read(f"xl/worksheets/sheet{number}.xml")
    assert names[:10] == ["ThisWorkbook", *(f"Sheet{number}" for number in range(1, 10))]


def test_our_macros_are_no_finding(workbook: bytes, tmp_path: Path) -> None:
    reading = read(workbook, tmp_path)
    assert reading.findings == [] and reading.macros
    assert reading.submission and reading.submission.answers["indicator_001_actual"].value == 102.0


def test_our_macros_garbled_by_a_system_without_chinese_are_told_and_are_no_strangers(
    workbook: bytes, tmp_path: Path
) -> None:
    patient = Patient(workbook)
    patient.parts[PROJECT] = saved_elsewhere(1252, GARBLED["a ? for each byte"])
    reading = read(patient.bytes(), tmp_path)
    assert [(f.code, f.found) for f in reading.findings] == [("FILE44", "")]
    assert reading.macros  # so that a returned copy has whole ones


def test_a_signed_project_is_ours(workbook: bytes, tmp_path: Path) -> None:
    """Signing adds up to three parts beside the project, and changes nothing in it."""
    patient = Patient(workbook)
    for number, name in enumerate(("vbaProjectSignature", "vbaProjectSignatureAgile", "vbaProjectSignatureV3")):
        patient.parts[f"xl/{name}.bin"] = bytes(300)
        patient.declare(f"/xl/{name}.bin", f"application/vnd.ms-office.{name}")
        patient.link(
            "xl/_rels/vbaProject.bin.rels", f"rId{number}", f"http://schemas.microsoft.com/{name}", f"{name}.bin"
        )
    reading = read(patient.bytes(), tmp_path)
    assert reading.findings == [] and reading.macros


def test_a_macro_that_is_not_ours_is_a_finding_with_its_name(workbook: bytes, tmp_path: Path) -> None:
    patient = Patient(workbook)
    patient.parts[PROJECT] = build_vba_project([*read_packaged_modules(STAFF), module("Evil", EVIL)], 8)
    reading = read(patient.bytes(), tmp_path)
    assert [(f.code, f.found) for f in reading.findings] == [("FILE15", "模块 Evil")]
    assert reading.submission and not reading.macros


# -- commands ---------------------------------------------------------------------------------------------------------


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_build_writes_the_same_files_twice_and_sources_for_the_editor(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert run("macros", "build", "--out", tmp_path / name)[0] == 0
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert Path(STAFF, "vbaProject.bin") in files and Path(STAFF, "StaffCheck.bas") in files
    assert [(tmp_path / "a" / f).read_bytes() for f in files] == [(tmp_path / "b" / f).read_bytes() for f in files]
    assert (tmp_path / "a" / STAFF / "vbaProject.bin").read_bytes() == build_packaged_project(STAFF, len(TABS) + 2)
    exported = (tmp_path / "a" / STAFF / "StaffCheck.bas").read_bytes()
    assert exported.decode("gbk") == next(m.source for m in read_packaged_modules(STAFF) if m.name == "StaffCheck")


def test_own_sources_are_compiled_too(tmp_path: Path) -> None:
    written(tmp_path, "Own.bas", 'Attribute VB_Name = "Own"\nSub x()\nEnd Sub\n')
    assert run("macros", "build", "--sources", tmp_path, "--sheets", 2, "--out", tmp_path / "out")[0] == 0
    data = (tmp_path / "out" / tmp_path.name / "vbaProject.bin").read_bytes()
    assert [name for name, _ in read_sources(data)] == ["ThisWorkbook", "Sheet1", "Sheet2", "Own"]


def test_check_compares_module_by_module(workbook: bytes, tmp_path: Path) -> None:
    patient = Patient(workbook)
    patient.parts[PROJECT] = build_vba_project([*read_packaged_modules(STAFF), module("Evil", EVIL)], 8)
    ours, evil, none = (tmp_path / name for name in ("ours.xlsm", "evil.xlsm", "none.xlsx"))
    ours.write_bytes(workbook)
    evil.write_bytes(patient.bytes())
    none.write_bytes(build_workbook(project(), MOF, KEY))
    code, said = run("macros", "check", ours)
    assert code == 0 and "StaffCheck　与下发的一致" in said and "不是下发的" not in said
    code, said = run("macros", "check", evil)
    assert code == 1 and "Evil　不是下发的" in said and "StaffCheck　与下发的一致" in said
    assert run("macros", "check", none) == (0, "这个工作簿里没有宏。\n")
    patient.parts[PROJECT] = saved_elsewhere(1252, GARBLED["kept"])
    evil.write_bytes(patient.bytes())
    code, said = run("macros", "check", evil)
    assert code == 0 and "StaffCheck　与下发的一致，其中的中文已成乱码" in said and "不是下发的" not in said
    patient.parts[PROJECT] = build_vba_project(read_packaged_modules(MACROS), 8)
    evil.write_bytes(patient.bytes())
    code, said = run("macros", "check", evil)
    assert code == 0 and "DeskCall　与控制台的一致" in said and "不是下发的" not in said


def test_check_names_a_file_that_is_no_workbook(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"“.*不是的\.xlsm”不能核对：文件打不开"):
        check(tmp_path / "不是的.xlsm")


def test_generate_with_macros_writes_xlsm_that_review_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = ProjectList(year=2024, projects=(good(),))
    (tmp_path / "list.json").write_text(listed.model_dump_json(), "utf-8")
    key = tmp_path / "key"
    key.write_text(KEY.text, "ascii")
    monkeypatch.chdir(tmp_path)
    code, said = run("generate", "list.json", "--out", "in", "--prefill", "--macros", "--year", 2024, "--key", key)
    assert code == 0, said
    [path] = (tmp_path / "in").rglob("*.*")
    assert path.name == "P001_农村道路养护经费.xlsm"
    issue = read_issue(path, KEY)
    assert path.read_bytes() == build_workbook(good(), MOF, KEY, Notice(), issue=issue, macros=True)
    assert run("review", "in", "--out", "out", "--key", key)[0] == 0
    result = ReviewResult.model_validate_json((tmp_path / "out" / "审核结果.json").read_text("utf-8"))
    assert [(p.code, p.total_score, p.grade) for p in result.projects] == [("P001", 100.0, "优")]
    assert result.findings == ()

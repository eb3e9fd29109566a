"""Mistakes in a scheme file: all at once, each with its line, in plain Chinese."""

import tomllib
from pathlib import Path

import pytest
from scheme_variants import SMALL, varied

from workbook_tools import rules
from workbook_tools.core.errors import SchemeError
from workbook_tools.rules.scheme import builtin_schemes, load_scheme, parse_scheme
from workbook_tools.rules.scheme_check import SchemeProblem, check_scheme
from workbook_tools.rules.scheme_tools import new_scheme
from workbook_tools.rules.toml_lines import setting_lines


def problems(text: str) -> list[tuple[int, str, str]]:
    return [(p.line, p.where, p.message) for p in check_scheme(text)]


def changed(old: str, new: str) -> list[tuple[int, str, str]]:
    """The problems after a change of one place in the file."""
    assert SMALL.count(old) == 1
    return problems(SMALL.replace(old, new))


def test_a_right_scheme_has_no_problems():
    assert problems(SMALL) == []


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("[execution]\nweight = 10", "[execution]\nwieght = 10", [(19, "execution.wieght", "没有这个设置，是不是“weight”？")]),
    ("[execution]", "[exectuion]", [(18, "exectuion", "没有这个设置，是不是“execution”？")]),
    ("[execution]\nweight = 10", '[execution]\ncolour = "red"', [
        (19, "execution.colour", "没有这个设置；可用的有：weight、base、capped、zero_budget、bands、explain_below"),
    ]),
    ("width = 34", "with = 34", [
        (51, "form.columns 第8项 width", "缺少这个设置"), (51, "form.columns 第8项 with", "没有这个设置，是不是“width”？"),
    ]),
    ('report = "财政部"\n', "", [(1, "report", "缺少这个设置")]),
    ('name = "效益指标"\n', "", [(12, "dimensions 第2项 name", "缺少这个设置")]),
    ("weight = 60", 'weight = "六十"', [(9, "dimensions 第1项 weight", "应为数字，不加引号")]),
    ("weight = 60", 'weight = "60"', [(9, "dimensions 第1项 weight", "应为数字，不加引号")]),
    ("upper_included = true", 'upper_included = "true"', [(29, "tiers 第1项 upper_included", "应为 true 或 false，不加引号")]),
    ("weight = 60", "weight = true", [(9, "dimensions 第1项 weight", "应为数字，不加引号")]),
    ('name = "示例县方案"', "name = 5", [(2, "name", "应为文字，放在双引号中")]),
    ('name = "示例县方案"', 'name = ""', [(2, "name", "不能为空")]),
    ('categories = ["社会效益指标"]', 'categories = "社会效益指标"', [(16, "dimensions 第2项 categories", "应为一个列表，放在方括号中")]),
    ('categories = ["社会效益指标"]', "categories = []", [(16, "dimensions 第2项 categories", "不能为空")]),
    ("[execution]\nweight = 10", "execution = 10", [
        (18, "dimensions 第2项 execution", "没有这个设置；可用的有：key、name、weight、categories、cost_like"),
    ]),
    ('effect = "flag"', 'effect = "warn"', [
        (22, "over_completion.effect", "只能写 none（不处理）、flag（审核时提示核实目标值是否偏低，不影响得分）、"
         "reason（须说明原因）、deduct（扣固定的分数）、reduce（按超过界线的部分扣减得分）"),
    ]),
    ('prompt = "照批复填写。"', 'prompt = "照批复填写。"\napproved = "yes"', [
        (61, "texts 第1项 approved",
         '只能写 ""（由单位填写）、annual_goal（清单的“年度总体目标”）、period_goal（清单的“实施期目标”）'),
    ]),
    ('effect = "flag"', 'effect = "deduct"', [(21, "over_completion.points", "effect 为 deduct 时要写明扣多少分")]),
    ("threshold = 1.3", "threshold = 130", [
        (23, "over_completion.threshold", "应不小于 1、不大于 10；百分数写成小数，90% 写作 0.9"),
    ]),
    ("lower = 0.8", "lower = 80", [(27, "tiers 第1项 lower", "应不小于 0、不大于 1；百分数写成小数，90% 写作 0.9")]),
    ("weight = 60", "weight = nan", [(9, "dimensions 第1项 weight", "应不小于 0、不大于 10000")]),
    ("width = 34", "width = 2", [(51, "form.columns 第8项 width", "应大于 2、不大于 80")]),
    ('id = "my-county"', 'id = "我县"', [(1, "id", "只能用小写英文字母、数字和短横线")]),
    ('key = "output"', 'key = "产出"', [(7, "dimensions 第1项 key", "只能用小写英文字母、数字和下划线，以字母开头")]),
])  # fmt: skip
def test_a_mistake_in_one_setting(old, new, expected):
    assert changed(old, new) == expected


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("weight = 60", "weight = 50", [(6, "dimensions", "一级指标的分值合计 80，加预算执行率 10，应等于满分 100")]),
    ('name = "效益指标"', 'name = "产出"', [(14, "dimensions 第2项 name", "“产出”重复")]),
    ('key = "benefit"', 'key = "output"', [(13, "dimensions 第2项 key", "“output”重复")]),
    ('cost_like = ["成本指标"]', 'cost_like = ["成本"]', [(11, "dimensions 第1项 cost_like 第1项", "“成本”不在 categories 中")]),
    ('categories = ["社会效益指标"]', 'categories = ["社会,经济"]', [
        (16, "dimensions 第2项 categories 第1项", "名称中不能有半角逗号：下拉列表用它分隔"),
    ]),
    ('categories = ["社会效益指标"]', f'categories = ["{"很长" * 128}"]', [
        (16, "dimensions 第2项 categories", "名称太长：下拉列表合计至多 255 个字"),
    ]),
    ("upper = 0.8", "upper = 0.7", [(33, "tiers 第2项 upper", "应与上一档的下限 80% 相接")]),
    ("upper_included = true", "upper_included = false", [(25, "tiers 第1项", "最高一档的上限应含本数：upper_included = true")]),
    ("upper = 0.8", "upper = 0.8\nupper_included = true", [
        (34, "tiers 第2项 upper_included", "只有最高一档的上限含本数：这个界线已算在上一档"),
    ]),
    ("at_least = 90", "at_least = 0", [(38, "grading.bands 第2项 at_least", "应从高到低排列，不重复")]),
    ('name = "差"', 'name = "优"', [(38, "grading.bands 第2项 name", "“优”重复")]),
    ("[execution]\nweight = 10", "[execution]\nweight = 10\nbands = [{ at_least = 0.8, share = 0.5 }, { at_least = 0.9, share = 1 }]", [
        (20, "execution.bands 第2项 at_least", "应从高到低排列，不重复"),
    ]),
    ("[grading]", "[total]\ncaps = [\n  { below = 0.8, at_most = 89 },\n  { below = 0.5, at_most = 59 },\n]\n[grading]", [
        (38, "total.caps 第2项", "应从低到高排列：执行率越低，总分最高分越低"),
    ]),
    ("[grading]", "[total]\ncaps = [{ below = 0.5, at_most = 159 }]\n[grading]", [
        (36, "total.caps 第1项 at_most", "不应超过满分 100"),
    ]),
    ('{ key = "actual", label = "完成值", width = 12 },\n', "", [(43, "form.columns", "缺少这些列：actual（完成值）")]),
    ('key = "actual", label', 'key = "target", label', [
        (43, "form.columns", "缺少这些列：actual（完成值）"), (48, "form.columns 第5项 key", "“target”重复"),
    ]),
    ('expected = "goal"', 'expected = "aim"', [(54, "form.goals.expected", "texts 中没有代号为“aim”的文字")]),
    ("[form.goals]", '[steps."满意度"]\nlabel = "扣分"\n[form.goals]', [
        (53, "steps.满意度", "every（每档幅度）和 bands（按偏离分档）应当二者只写其一"),
    ]),
    ("[form.goals]", '[steps."满意度"]\nlabel = "扣分"\nevery = 5\n[form.goals]', [(53, "steps.满意度.minus", "要写明每档扣多少分")]),
])  # fmt: skip
def test_settings_that_contradict_each_other(old, new, expected):
    assert changed(old, new) == expected


FUNDING = """[form.funding]
label = "资金"
columns = [{ key = "executed", label = "执行数" }, { key = "score", label = "得分" }]
rows = [{ source = "total", label = "总额" }]
"""


@pytest.mark.parametrize(("funding", "expected"), [
    (FUNDING, []),
    (FUNDING.replace('"total"', '"other"'), [
        (56, "form.funding.rows", "有“得分”一列时，各行中要有 total（年度总金额）：得分印在那一行"),
    ]),
    (FUNDING.replace('"score"', '"executed"'), [(55, "form.funding.columns 第2项 key", "“executed”重复")]),
    (FUNDING.replace('"score"', '"points"'), [
        (55, "form.funding.columns 第2项 key",
         "只能写 initial_budget（年初预算资金）、annual_budget（全年预算资金）、received（实际到位资金）、executed（全年执行资金）、"
         "balance（资金结余）、arrival_rate（预算到位率）、execution_rate（预算执行率）、weight（分值）、score（得分）、"
         "execution_reason（执行率偏差原因）"),
    ]),
    (FUNDING.replace('"total"', '"县级"'), [
        (56, "form.funding.rows 第1项 source",
         "只能写 total（年度总金额）、fiscal_subtotal（财政资金小计）、central（中央级）、provincial（省级）、municipal（市级）、"
         "county（县区级）、carried_over（上年结转资金）、other（其他资金）"),
    ]),
    (FUNDING + '[form.execution_row]\ndimension = "预算"\ncategory = "预算"\nname = "执行率"\n', [
        (57, "form.execution_row", "预算执行率的分值和得分已在资金一块中，不能再列为指标表的一行：表样上有资金一块的，删去 [form.execution_row] 一段；没有的，删去 [form.funding] 一段"),
    ]),
    (FUNDING.replace("columns = [", "columns = [" + "".join(
        f'{{ key = "{key}", label = "x" }}, '
        for key in ("initial_budget", "annual_budget", "received", "balance", "arrival_rate")
    )), [(55, "form.funding.columns", "列数太多：指标表有 8 列，这里至多 6 列")]),
])  # fmt: skip
def test_the_funding_block_fits_the_form(funding, expected):
    assert changed("[form.goals]\n", f"{funding}[form.goals]\n") == expected


def test_every_mistake_is_told_at_once_by_line():
    text = (
        SMALL.replace('id = "my-county"', 'id = "My"')
        .replace("weight = 60", "weight = 50")
        .replace("[execution]\nweight = 10", '[execution]\nweight = 10\ncaped = true\nbase = "budget"')
        .replace("lower = 0.8", "lower = 8")
        .replace('name = "差"', 'name = "优"')
        .replace('actual = "goal"', 'actual = "aim"')
    )
    assert [(line, where) for line, where, _ in problems(text)] == [
        (1, "id"),
        (20, "execution.caped"),
        (21, "execution.base"),
        (29, "tiers 第1项 lower"),
        (40, "grading.bands 第2项 name"),
        (57, "form.goals.actual"),
    ]


def test_contradictions_are_told_beside_other_mistakes_where_they_are_certain():
    text = SMALL.replace("weight = 60", "weight = 50").replace('effect = "flag"', 'effect = "warn"')
    assert [(line, where) for line, where, _ in problems(text)] == [(6, "dimensions"), (22, "over_completion.effect")]


@pytest.mark.parametrize(("old", "new", "expected"), [
    ('id = "my-county"', "id = my-county", (1, "值的写法不对：文字要放在半角双引号中，数字不加引号，是/否写 true/false")),
    ('id = "my-county"', "id = “my-county”", (1, "引号、等号、逗号、小数点、数字、井号和括号要用半角（英文）的")),
    ('id = "my-county"', 'id ＝ "my-county"', (1, "引号、等号、逗号、小数点、数字、井号和括号要用半角（英文）的")),
    ('id = "my-county"', 'id "my-county"', (1, "缺少等号：每行写成“设置 = 值”")),
    ('name = "示例县方案"', 'name = "示例县方案', (2, "引号没有配对")),
    ("weight = 30", "weight = 30\nweight = 20", (16, "这个设置前面已经写过，只留一处")),
    ("[grading]", "[execution]", (35, "这个表头（方括号里的名称）前面已经写过：把设置写到前面那一处的下面，这一行删去")),
    ("threshold = 1.3", "threshold = 1。3", (23, "引号、等号、逗号、小数点、数字、井号和括号要用半角（英文）的")),
    ("threshold = 1.3", "threshold = １.３", (23, "引号、等号、逗号、小数点、数字、井号和括号要用半角（英文）的")),
    ("threshold = 1.3", "threshold = 130%", (23, "百分数写成小数，不写百分号：90% 写作 0.9")),
    ("threshold = 1.3", "threshold = 130％", (23, "百分数写成小数，不写百分号：90% 写作 0.9")),
    ("threshold = 1.3", "threshold = 1.3 倍", (23, "值的后面有多余的文字；文字要放在半角双引号中")),
])  # fmt: skip
def test_a_mistake_of_toml_itself(old, new, expected):
    [(line, where, message)] = changed(old, new)
    assert (line, message) == expected
    assert where == "全文"


def test_the_file_s_name_is_the_scheme_s_id():
    assert check_scheme(SMALL, "my-county.toml") == []
    [problem] = check_scheme(SMALL, "other.toml")
    assert (problem.line, problem.where) == (1, "id")
    assert str(problem) == "第1行 id：与文件名“other.toml”不一致：文件名应为“my-county.toml”"


def test_loading_tells_every_mistake(tmp_path):
    path = tmp_path / "my-county.toml"
    path.write_text(SMALL.replace("weight = 60", "weight = 50").replace('name = "差"', 'name = "优"'), "utf-8")
    with pytest.raises(SchemeError) as caught:
        load_scheme("my-county", [tmp_path])
    assert str(caught.value) == (
        "评分方案 my-county.toml 有 2 处错误：\n"
        "  第6行 dimensions：一级指标的分值合计 80，加预算执行率 10，应等于满分 100\n"
        "  第38行 grading.bands 第2项 name：“优”重复"
    )


def test_a_file_from_notepad_loads(tmp_path):
    """With a byte order mark and Windows line ends."""
    path = tmp_path / "my-county.toml"
    path.write_bytes("\ufeff".encode() + SMALL.replace("\n", "\r\n").encode())
    assert load_scheme(str(path)).name == "示例县方案"
    assert check_scheme("\ufeff" + SMALL.replace("\n", "\r\n").replace("weight = 60", "weight = 50"))[0].line == 6


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "my-county.toml"
    path.write_bytes(SMALL.encode("gb18030"))
    with pytest.raises(SchemeError, match="UTF-8"):
        load_scheme(str(path))


def test_a_missing_scheme_names_those_that_are_there():
    with pytest.raises(SchemeError, match="没有名为“nowhere”的评分方案；已有：guizhou、hubei"):
        load_scheme("nowhere")


def test_a_missing_scheme_names_the_office_s_own_first_and_one_like_it(tmp_path):
    (tmp_path / "my-county.toml").write_text(SMALL, "utf-8")
    (tmp_path / "wbt.toml").write_text("year = 2024", "utf-8")
    with pytest.raises(SchemeError, match="没有名为“my-conty”的评分方案，是不是“my-county”？已有：my-county、guizhou"):
        load_scheme("my-conty", [tmp_path, tmp_path / "none"])


def test_what_check_accepts_loads():
    assert parse_scheme(SMALL).indicator_weight == 90
    for scheme in builtin_schemes().values():
        assert check_scheme(new_scheme(scheme.id, scheme), f"{scheme.id}.toml") == []


def test_the_shipped_schemes_are_without_mistake():
    """Whoever loads one does not have it checked."""
    files = sorted((Path(rules.__file__).parent / "schemes").glob("*.toml"))
    assert {file.stem for file in files} == {*builtin_schemes()}
    assert [problem for file in files for problem in check_scheme(file.read_text("utf-8"), file.name)] == []


def test_problems_are_equal_by_content():
    assert SchemeProblem(1, "id", "x") == SchemeProblem(1, "id", "x")


def test_contradictions_hold_for_schemes_made_in_code():
    with pytest.raises(ValueError, match="一级指标的分值合计"):
        varied(builtin_schemes()["mof-2020"], execution__weight=20)


# -- where settings stand -----------------------------------------------------------------------------------------


def paths_of(value: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """Every path of what ``tomllib`` reads."""
    found = {path} if path else set()
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found | {inner for key, item in items for inner in paths_of(item, (*path, key))}


TRICKY = '''\
# a comment with = and [brackets]
a.b = 1 # dotted
a."c.d" = "text with # and ]"
'e f' = [1, 2,
  [3, { g = 4, h.i = [5] }], # comment ] inside
]
when = 1979-05-27 07:32:00
j = """
[not] a = table
\\""" still "" text"""
k = \'\'\'
[[neither]] x = 1\'\'\'\n
[[list]]
m = true
[list.sub]
n = 1
[[list.inner]]
o = 1
[[list.inner]]
o = 2
[[list]]
m = {}
  [ spaced . "table" ]
p = 0x1F
'''


def test_every_setting_has_a_line():
    lines = setting_lines(TRICKY)
    assert set(lines) == paths_of(tomllib.loads(TRICKY))
    assert {
        path: lines[path]
        for path in [
            ("a", "b"),
            ("a", "c.d"),
            ("e f", 2, 1, "h", "i", 0),
            ("when",),
            ("j",),
            ("k",),
            ("list", 0, "m"),
            ("list", 0, "sub", "n"),
            ("list", 0, "inner", 1, "o"),
            ("list", 1, "m"),
            ("spaced", "table", "p"),
        ]
    } == {
        ("a", "b"): 2,
        ("a", "c.d"): 3,
        ("e f", 2, 1, "h", "i", 0): 5,
        ("when",): 7,
        ("j",): 8,
        ("k",): 11,
        ("list", 0, "m"): 15,
        ("list", 0, "sub", "n"): 17,
        ("list", 0, "inner", 1, "o"): 21,
        ("list", 1, "m"): 23,
        ("spaced", "table", "p"): 25,
    }


@pytest.mark.parametrize("scheme", builtin_schemes().values(), ids=list(builtin_schemes()))
def test_every_setting_of_a_commented_copy_has_the_line_it_stands_on(scheme):
    text = new_scheme("copy", scheme)
    rows = text.splitlines()
    lines = setting_lines(text)
    assert set(lines) == paths_of(tomllib.loads(text))
    for path, line in lines.items():
        if isinstance(path[-1], str):
            assert path[-1] in rows[line - 1]

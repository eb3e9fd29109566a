"""Names of persons in a text, as far as they can be recognised: those that are known, those after a label, those before a title.

No list and no program finds them all: a name is made of usual words. What stands behind 联系人： and begins with a surname is taken
for one; what is only likely (王强局长, 负责人张三) is told and left to a person, as a wrong guess would falsify the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

HIDDEN_NAME = "（姓名略）"
"""What stands in the place of a name."""
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
    "龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆"
    "蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄"
    "丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来"
)
_DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|端木|南宫"
_HAN = r"[\u4e00-\u9fff]"
_SURNAME = rf"(?:{_DOUBLE}|[{_SURNAMES}])"
_LABEL = (
    "(?:联系人|联络人|联络员|经办人|承办人|填报人|填表人|制表人|报告人|审核人|复核人|负责人|责任人|主管领导|分管领导|法定代表人|法人代表|单位领导)"
    "(?:员)?(?:姓名|签字|（签字）|\\(签字\\))?"
)
_TITLE = (
    "(?:同志|先生|女士|(?:副|党组|党委|总支|支部|常务副)*(?:局长|科长|股长|处长|主任|站长|所长|队长|院长|校长|书记|镇长|乡长|县长|区长|市长|部长|主席|组长|董事长|总经理|经理)"
    "|(?:高级|助理)?(?:工程师|会计师)|老师|医生)"
)
_BEHIND = rf"(?=$|[^\u4e00-\u9fff]|{_TITLE}|电话|手机|座机|联系|办公|和|及|与|等)"
_NAME = rf"{_SURNAME}(?:{_HAN}{{1,2}}?|[ 　]{_HAN}){_BEHIND}"
_LABELLED = re.compile(rf"{_LABEL}[ 　]*(?P<mark>[:：]|为|是|[（(])?[ 　]*(?P<name>{_NAME})")
"""联系人：张三, 负责人（李敏）."""
_NEXT = re.compile(rf"(?:{_TITLE})?[、，, 　和及与]+(?P<name>{_NAME})")
"""Further names after one that is labelled: 、李小四, 局长、李敏."""
_APPOINTED = "[兼担聘现新历时主继接原升调连]"
"""Before 任: 兼任王强 is 王强, and nobody called 任王强."""
_NOT_IN_OFFICE = (
    rf"(?:(?<!{_HAN}[任兼])|(?<={_APPOINTED}任)(?<![长任记席理员师]兼任))(?!(?<={_APPOINTED})任)"  # 副局长兼任计财科长
)
_TITLED = re.compile(rf"{_NOT_IN_OFFICE}(?P<name>{_SURNAME}{_HAN}{{1,2}}?)(?={_TITLE})")
"""王强局长, 现任王强局长; what stands behind 副局长兼任 is an office."""
_NO_NAME = re.compile(
    r"高级|常务|党组|党委|全体|相关|有关|任命|安排|方面|单位|时任|主管|分管|项目|公司|中心|平安|明确|成立|管理|应急|国有|农村"
)
"""Words that begin like a name and stand before a title: 高级工程师, 时任局长."""
_OFFICE = re.compile(r"[局股科室处站所队办院校部委会组厂司中心单位]$")
"""财务股 is an office, whatever its first character."""
_PERSON = re.compile(rf"{_SURNAME}{_HAN}{{1,2}}")
"""李敏, 欧阳建国."""


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name in a text."""

    start: int
    end: int
    name: str
    sure: bool
    """It is known, or stands behind a label; otherwise a person must say."""


def is_person(text: str) -> bool:
    """What was typed where a name is asked for may be one.

    >>> is_person("李敏"), is_person("财务股"), is_person("欧阳建国"), is_person("")
    (True, False, True, False)
    """
    return bool(_PERSON.fullmatch(text)) and not _OFFICE.search(text)


def find_names(text: str, known: Collection[str] = ()) -> list[FoundName]:
    """The names in a text, from its beginning; ``known`` are names that are sure ones wherever they stand.

    >>> [(one.name, one.sure) for one in find_names("联系人：张三、李小四，由王强局长负责，李敏填报。", ["李敏"])]
    [('张三', True), ('李小四', True), ('王强', False), ('李敏', True)]
    """
    found: dict[int, FoundName] = {}
    for one in (*_find_known(text, known), *_find_labelled(text), *_find_titled(text)):
        if not any(other.start < one.end and one.start < other.end for other in found.values()):
            found[one.start] = one
    return [found[start] for start in sorted(found)]


def hide_names(text: str, known: Collection[str] = ()) -> str:
    """The text with （姓名略） in place of each name that is sure.

    >>> hide_names("联系人：张三（电话同上），王强局长")
    '联系人：（姓名略）（电话同上），王强局长'
    """
    parts, done = [], 0
    for one in find_names(text, known):
        if one.sure:
            parts += [text[done : one.start], HIDDEN_NAME]
            done = one.end
    return "".join([*parts, text[done:]])


def show_surname(name: str) -> str:
    """A name by which its owner knows it, and hardly anybody else: 张某.

    >>> show_surname("张三"), show_surname("欧阳建国")
    ('张某', '欧阳某某')
    """
    surname = re.match(_SURNAME, name)
    first = surname[0] if surname else name[:1]
    return first + "某" * max(len(name.replace(" ", "").replace("　", "")) - len(first), 1)


def _find_known(text: str, known: Collection[str]) -> Iterator[FoundName]:
    for name in sorted(filter(is_person, known), key=len, reverse=True):
        for match in re.finditer(re.escape(name), text):
            yield FoundName(*match.span(), name, sure=True)


def _find_labelled(text: str) -> Iterator[FoundName]:
    """Behind a label with a mark it is sure; 负责人高度重视 is none, 负责人张三 may be one."""
    for match in _LABELLED.finditer(text):
        name, sure = match["name"], bool(match["mark"])
        end = match.end("name")
        if not _NO_NAME.search(name) and not _OFFICE.search(name):
            yield FoundName(match.start("name"), end, name, sure)
        while following := _NEXT.match(text, end):
            end = following.end("name")
            if not _NO_NAME.search(following["name"]) and not _OFFICE.search(following["name"]):
                yield FoundName(following.start("name"), end, following["name"], sure)


def _find_titled(text: str) -> Iterator[FoundName]:
    for match in _TITLED.finditer(text):
        if not _NO_NAME.search(match["name"]) and not _OFFICE.search(match["name"]):
            yield FoundName(*match.span("name"), match["name"], sure=False)

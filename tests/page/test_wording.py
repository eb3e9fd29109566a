"""What is said of commands is said on the page in the names of its buttons."""

import pytest

from workbook_tools.page.wording import speak_of_buttons


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("“甲”不是工作文件夹。先用 wbt init 文件夹 建一个。", "“甲”不是工作文件夹。先在“开始”页新建一个。"),
        ("请核对路径，再运行一次。", "请核对路径，再试一次。"),
        ("填好保存，再运行一次 wbt report。", "填好保存，在“报告”页点“出报告”。"),
        ("接收：wbt accept P01", "接收：在项目的页面点“接收”"),
    ],
)
def test_a_sentence_about_a_command_names_its_button(told: str, shown: str) -> None:
    assert speak_of_buttons(told) == shown

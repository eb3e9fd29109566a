"""``wbt completion``: what a shell offers, asked of the shells themselves where they are there."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from workbook_tools.commands.completion import Shell, list_words, write_script
from workbook_tools.commands.table import COMMANDS

Wbt = Callable[..., tuple[int, str]]
ASKED: dict[tuple[str, ...], set[str]] = {
    ("",): set(COMMANDS),
    ("re",): {"review", "return", "report", "recalc", "rectify"},
    ("--",): {"--version", "--no-browser", "--help"},
    ("status", "--d"): {"--department"},
    ("status", ""): set(),
    ("scheme", "sh"): {"show"},
    ("scheme", "show", "--h"): {"--help"},
    ("pdf", "--with", ""): {"auto", "libreoffice", "office"},
    ("pdf", "a b.xlsx", "--with", "l"): {"libreoffice"},
    ("desk", "run", "re"): {"review", "return", "report", "refresh", "rectify", "read-inspections"},
    ("review", "--out", "re"): set(),
    ("nix", "re"): {"review", "return", "report", "recalc", "rectify"},
}
"""Words after ``wbt``, the last of them begun; what is offered, where nothing is it is files."""
BASH = """
source {script}
COMP_WORDS=(wbt "$@"); COMP_CWORD=$#
_wbt; printf '%s\\n' "${{COMPREPLY[@]}}"
complete -p wbt >/dev/null
"""
ZSH = """
compdef() {{ }}
_describe() {{ local name=$2; for one in ${{(P)name}}; do [[ $one == $words[CURRENT]* ]] && print -r -- "$one"; done }}
_files() {{ }}
source {script}
words=(wbt "$@"); CURRENT=$#words
_wbt
true
"""


@pytest.mark.parametrize(("shell", "frame"), [(Shell.BASH, BASH), (Shell.ZSH, ZSH)])
def test_a_shell_offers_what_can_come_next(shell: Shell, frame: str, tmp_path: Path) -> None:
    script = tmp_path / "补全"
    script.write_text(write_script(shell), "utf-8")
    offered = {}
    for words in ASKED:
        command = frame.format(script=script)
        done = subprocess.run(
            [shell.value, "-f" if shell is Shell.ZSH else "--norc", "-c", command, "x", *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        assert done.stderr == ""
        offered[words] = {line.partition(":")[0] for line in done.stdout.splitlines() if line}
    assert offered == ASKED


def test_the_script_for_powershell_can_be_read_and_holds_every_word() -> None:
    """There is no PowerShell here to ask: another parser of its language says that nothing in it is amiss."""
    script = write_script(Shell.POWERSHELL)
    parser = Parser(Language(tree_sitter_powershell.language()))
    root = parser.parse(script.encode()).root_node
    assert not root.has_error
    for whole, broken in (("'--help|", "'--help|it's "), ("{ break }", "{ break"), ("$entry in", "$entry")):
        assert parser.parse(script.replace(whole, broken, 1).encode()).root_node.has_error
    texts = {node.text.decode()[1:-1] for node in find_nodes(root, "verbatim_string_characters")}
    unpaired = [text for text in texts if re.search("['‘’‚‛]", re.sub(r"(['‘’‚‛])\1", "", text))]
    assert unpaired == []  # PowerShell takes curly marks for straight ones, which that parser does not know
    words = {text.partition("|")[0] for text in texts}
    assert {word.text for offered in list_words().values() for word in offered} <= words
    assert list_words().keys() <= words


def find_nodes(node: Node, kind: str) -> Iterator[Node]:
    if node.type == kind:
        yield node
    for child in node.children:
        yield from find_nodes(child, kind)


def test_nothing_but_the_named_file_is_written(wbt: Wbt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    code, said = wbt("completion", "zsh", cwd=home)
    assert (code, said) == (0, write_script(Shell.ZSH))
    assert said.startswith("#compdef wbt workbook-tools\n")
    assert list(home.iterdir()) == []
    assert wbt("completion", "powershell", "--out", tmp_path / "wbt.ps1", cwd=home)[0] == 0
    assert (tmp_path / "wbt.ps1").read_bytes().startswith(b"\xef\xbb\xbf# wbt ")
    code, said = wbt("completion", "fish", cwd=home)
    assert code == 2 and "bash、zsh、powershell" in said

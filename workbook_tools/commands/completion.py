"""``wbt completion``: a script with which a shell completes commands, options and their values.

The script holds all words. To complete one starts no program, so that it is quick on an old computer too; after a new
version it is written anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from workbook_tools.commands.table import COMMANDS, LazyCommands
from workbook_tools.commands.terminal import print_line
from workbook_tools.files.paths import replace_file


class Shell(StrEnum):
    """What a terminal understands."""

    BASH = "bash"
    ZSH = "zsh"
    POWERSHELL = "powershell"


def completion(
    shell: Annotated[
        Shell, typer.Argument(metavar="终端", help="bash、zsh，或 powershell（Windows）。", show_default=False)
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件", help="写到这个文件；不写就显示在屏幕上。")
    ] = None,
) -> None:
    """Print the script, or write it; how to load it stands at its top. Nothing else is touched."""
    script = write_script(shell)
    if out is None:
        typer.echo(script, nl=False)
        return
    # Without the mark, the PowerShell of Windows takes UTF-8 for the system's code page.
    replace_file(out, script.encode("utf-8-sig" if shell is Shell.POWERSHELL else "utf-8"))
    print_line(f"已写好 {out}。怎样启用，见文件开头的说明。")


# -- the words --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """A word that can stand at a place of the command line, and what it is for."""

    text: str
    help: str = ""


Places = Mapping[str, list[Offer]]
"""Where one is (blank, ``scheme show``, ``pdf --with``) → what can come next there."""
_HELP = Offer("--help", "显示用法。")


def list_words() -> Places:
    """All commands with their options, and the values of options and arguments that have a fixed choice."""
    root = [Offer(name, entry.help) for name, entry in COMMANDS.items()]
    places = {"": [*root, Offer("--version", "显示版本。"), Offer("--no-browser", "不打开网页。"), _HELP]}
    for name, command in LazyCommands().items():
        places |= _list_below(name, command)
    return places


def _list_below(place: str, command: Any) -> dict[str, list[Offer]]:
    """What can come next after a command; below it, after its options and its own commands."""
    context = command.make_context(place, [], resilient_parsing=True)
    children: Mapping[str, Any] = getattr(command, "commands", {})
    offers = [Offer(name, child.get_short_help_str(limit=200)) for name, child in children.items()]
    found = {place: offers}
    for item in command.params:
        choices = [Offer(choice.value) for choice in item.shell_complete(context, "")]
        if item.param_type_name == "argument":
            offers += choices
        else:
            offers += [Offer(name, item.help) for name in item.opts]
            found |= {f"{place} {name}": choices for name in item.opts if choices}
    offers.append(_HELP)
    for name, child in children.items():
        found |= _list_below(f"{place} {name}", child)
    return found


# -- the scripts ------------------------------------------------------------------------------------------------------

_LOADING = {
    Shell.BASH: """\
# wbt 的命令补全（bash）。只对自己启用：
#   mkdir -p ~/.local/share/bash-completion/completions
#   wbt completion bash --out ~/.local/share/bash-completion/completions/wbt
# 再开一个终端就有。没有装 bash-completion 的，在 ~/.bashrc 末尾加一行：source 这个文件的完整路径
""",
    Shell.ZSH: """\
#compdef wbt workbook-tools
# wbt 的命令补全（zsh）。只对自己启用：
#   mkdir -p ~/.zfunc
#   wbt completion zsh --out ~/.zfunc/_wbt
# 再在 ~/.zshrc 中加一行：fpath+=~/.zfunc; autoload -Uz compinit; compinit
""",
    Shell.POWERSHELL: """\
# wbt 的命令补全（PowerShell）。只对自己启用：
#   wbt completion powershell --out $HOME\\wbt-completion.ps1
# 再把下面一行（去掉 #）加到 $PROFILE 这个文件里（没有就新建）：
#   . $HOME\\wbt-completion.ps1
# 提示“禁止运行脚本”的，是本单位的策略，不要自行放开；不补全也照常使用。
""",
}
_BASH = """\
_wbt() {
    local place="" current="${COMP_WORDS[COMP_CWORD]}" word words="" i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "$place ${COMP_WORDS[i]}" in
        @PLACES@) place="$place ${COMP_WORDS[i]}" ;;
        esac
    done
    case "$place ${COMP_WORDS[COMP_CWORD-1]}" in
@VALUES@
    *)
        case "$place" in
@WORDS@
        esac
        ;;
    esac
    COMPREPLY=()
    for word in $words; do
        if [[ $word == "$current"* && ( $word != -* || $current == -* ) ]]; then COMPREPLY+=("$word"); fi
    done
}
complete -o default -o bashdefault -F _wbt wbt workbook-tools
"""
_ZSH = """\
_wbt() {
    local place="" i
    local -a found
    for ((i = 2; i < CURRENT; i++)); do
        case "$place ${words[i]}" in
        (@PLACES@) place="$place ${words[i]}" ;;
        esac
    done
    case "$place ${words[CURRENT-1]}" in
@VALUES@
    (*)
        case "$place" in
@WORDS@
        esac
        ;;
    esac
    if [[ ${words[CURRENT]} != -* ]]; then found=(${found:#-*}); fi
    if (( $#found )); then _describe wbt found; else _files; fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _wbt "$@"; else compdef _wbt wbt workbook-tools; fi
"""
_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName 'wbt', 'workbook-tools' -ScriptBlock {
    param($current, $line, $position)
    $known = @{
@WORDS@
    }
    $place = ''
    $last = ''
    foreach ($element in ($line.CommandElements | Select-Object -Skip 1)) {
        if ($element.Extent.EndOffset -ge $position) { break }
        $last = $element.ToString()
        $deeper = "$place $last".Trim()
        if ($last -notlike '-*' -and $known.ContainsKey($deeper)) { $place = $deeper }
    }
    $option = "$place $last".Trim()
    if ($last -notlike '-*' -or -not $known.ContainsKey($option)) { $option = $place }
    foreach ($entry in $known[$option]) {
        $text, $help = $entry -split '\\|', 2
        if ($text -like "$current*" -and ($text -notlike '-*' -or $current -like '-*')) {
            [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $help)
        }
    }
}
"""


def write_script(shell: Shell) -> str:
    """The script for a shell."""
    places = list_words()
    body = {Shell.BASH: _write_bash, Shell.ZSH: _write_zsh, Shell.POWERSHELL: _write_powershell}[shell](places)
    return _LOADING[shell] + body


def _write_bash(places: Places) -> str:
    def show(place: str, words: Iterable[Offer]) -> str:
        return f'"{place}") words="{" ".join(word.text for word in words)}" ;;'

    return _fill(_BASH, places, show)


def _write_zsh(places: Places) -> str:
    def show(place: str, words: Iterable[Offer]) -> str:
        return f'("{place}") found=({" ".join(map(_quote_for_zsh, words))}) ;;'

    return _fill(_ZSH, places, show)


def _quote_for_zsh(word: Offer) -> str:
    help_text = word.help.replace(":", "：").replace("'", "’")
    return f"'{word.text}:{help_text}'" if help_text else f"'{word.text}'"


def _fill(template: str, places: Places, show: Callable[[str, Iterable[Offer]], str]) -> str:
    """A script for bash or zsh: the same steps, written a little differently."""

    def is_value(place: str) -> bool:
        return " -" in place

    def lines(wanted: bool, indent: str) -> Iterator[str]:
        for place, words in places.items():
            if is_value(place) is wanted:
                yield indent + show(f" {place}" if place else "", words)

    commands = "|".join(f'" {place}"' for place in places if place and not is_value(place))
    return (
        template.replace("@PLACES@", commands)
        .replace("@VALUES@", "\n".join(lines(True, "    ")))
        .replace("@WORDS@", "\n".join(lines(False, "        ")))
    )


def _write_powershell(places: Places) -> str:
    def quote(text: str) -> str:
        """PowerShell takes curly marks for straight ones."""
        return "'" + re.sub(r"(['‘’‚‛])", r"\1\1", text) + "'"

    rows = (
        f"        {quote(place)} = @({', '.join(quote(f'{word.text}|{word.help or word.text}') for word in words)})"
        for place, words in places.items()
    )
    return _POWERSHELL.replace("@WORDS@", "\n".join(rows))

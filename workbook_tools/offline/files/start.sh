#!/bin/sh
# Starts the program from this folder; nothing is installed, and nothing outside this folder is changed.
case "$0" in */*) cd "${0%/*}" || exit 1 ;; esac
sh ./wbt "$@" || echo "没有正常结束，请把上面的提示告诉维护人员。"
printf "按回车键关闭窗口。"
read -r _

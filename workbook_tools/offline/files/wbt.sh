#!/bin/sh
# The command wbt, from any folder: type its whole path, or begin with ./ in this folder.
case "$0" in */*) here="${0%/*}" ;; *) here=. ;; esac
[ -x "$here/{PROGRAM}" ] || chmod +x "$here/{PROGRAM}" # some programs that unpack lose it
exec "$here/{PROGRAM}" -I -m workbook_tools "$@"

@echo off
rem A window in which the command wbt is known; the PATH of the computer is left alone.
chcp 936 >nul
pushd "%~dp0.."
set "PATH=%~dp0;%PATH%"
echo 在这个窗口里可以用 wbt 命令。先打 wbt 看看接着做什么，打 wbt --help 看全部命令。
cmd /k

@echo off
rem Starts the program from this folder; nothing is installed, and nothing outside this folder is changed.
chcp 936 >nul
title 绩效自评
pushd "%~dp0"
if not exist "{PROGRAM}" (
    echo 找不到 {PROGRAM}。请先把压缩包全部解压，再从解压后的文件夹里双击本文件。
    pause
    exit /b 1
)
"{PROGRAM}" -I -m workbook_tools %*
if errorlevel 1 (
    echo.
    echo 没有正常结束，请把上面的提示告诉维护人员。
)
pause

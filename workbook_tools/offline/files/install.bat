@echo off
rem Installs workbook-tools from the wheels beside this file; no network is needed.
rem install.bat [folder]: where to install, by default %LOCALAPPDATA%\workbook-tools
chcp 936 >nul
setlocal
pushd "%~dp0"
title workbook-tools 安装

set "TARGET=%LOCALAPPDATA%\workbook-tools"
if not "%~1"=="" set "TARGET=%~1"

if not exist "wheels" (
    echo 找不到 wheels 文件夹。请先把压缩包全部解压，再从解压后的文件夹里运行本文件。
    goto failed
)

set "PYTHON="
for %%v in ({VERSIONS}) do if not defined PYTHON py -%%v -c "import sys,sysconfig; sys.exit(sysconfig.get_platform()+sysconfig.get_python_version()!='win-amd64%%v')" >nul 2>nul && set "PYTHON=py -%%v" && set "VERSION=%%v"
for %%v in ({VERSIONS}) do if not defined PYTHON python -c "import sys,sysconfig; sys.exit(sysconfig.get_platform()+sysconfig.get_python_version()!='win-amd64%%v')" >nul 2>nul && set "PYTHON=python" && set "VERSION=%%v"
if not defined PYTHON (
    echo 没有找到合适的 Python。需要 64 位的 Python，版本为以下之一：{VERSIONS}
    echo 请向信息中心索取，或从 www.python.org 下载 Windows installer 64-bit，
    echo 安装时勾选 Add python.exe to PATH，装好后再运行本文件。
    goto failed
)
echo 使用 Python %VERSION%，安装到 %TARGET%

%PYTHON% -m venv --clear "%TARGET%"
if errorlevel 1 (
    echo 无法在该文件夹建立运行环境。是否没有写入权限，或 wbt 正在运行？
    goto failed
)
"%TARGET%\Scripts\python.exe" -m pip install --isolated --disable-pip-version-check --no-index --find-links wheels --require-hashes -r requirements-%VERSION%.txt
if errorlevel 1 (
    echo 安装没有完成。请确认压缩包完整，再重新解压后运行一次。
    goto failed
)
"%TARGET%\Scripts\wbt.exe" --version
if errorlevel 1 goto failed
>"%TARGET%\wbt.bat" echo @cmd /k "set PATH=%TARGET%\Scripts;%%PATH%%"

echo.
echo 安装完成。双击打开下面的文件，就可以在窗口里使用 wbt 命令：
echo %TARGET%\wbt.bat
echo 控制台工作簿的“设置”表里，程序位置填：
echo %TARGET%\Scripts\wbt.exe
pause
exit /b 0

:failed
echo.
echo 没有安装成功，请把上面的提示告诉维护人员。
pause
exit /b 1

Attribute VB_Name = "DeskCall"
' 请 Python 做一件事：装有 xlwings 加载项时通过它，否则直接启动程序；然后等它写出结果文件。
Option Explicit

' 程序启动后立即写出“结果文件.started”；这么多秒还没有，就是没有启动成功。
Private Const START_SECONDS As Long = 60

Public Sub RunAction(ByVal action As String, ByVal label As String)
    Dim result As String, trouble As String
    On Error GoTo Failed
    Application.StatusBar = "正在" & label & "……"
    result = NewResultFile()
    trouble = CallPython(action, result)
    If trouble = "" Then trouble = WaitFor(result, label)
    If trouble = "" Then
        ShowResult result
    Else
        AddLog label, "没有完成", trouble
    End If
    Application.StatusBar = False
    Exit Sub
Failed:
    AddLog label, "没有完成", "宏出错：" & Err.Description
    Application.StatusBar = False
End Sub

' 返回没有启动的原因，空白为已启动。
Private Function CallPython(ByVal action As String, ByVal result As String) As String
    CallPython = WrongNames(result)
    If CallPython <> "" Then Exit Function
    If ThroughXlwings(action, result) Then Exit Function
    CallPython = UnnamedTrouble("程序位置", Setting("desk_program"))
    If CallPython = "" Then CallPython = UnnamedTrouble("工作文件夹", WorkingFolder())
    If CallPython <> "" Then Exit Function
    If Setting("desk_program") = "" Then
        CallPython = "“设置”表里没有填程序位置。请填 wbt.exe 或 python.exe 的完整路径。"
    Else
        CallPython = StartProgram(CommandLine(action, result))
    End If
End Function

' 装有 xlwings 加载项，并且它的 Python 里有 workbook_tools，才算成功。
Private Function ThroughXlwings(ByVal action As String, ByVal result As String) As Boolean
    If Not HasXlwings() Then Exit Function
    On Error GoTo Failed
    Application.Run "xlwings.xlam!RunPython", PythonCommand(action, result)
Failed:
    ThroughXlwings = FileExists(result)
End Function

Private Function HasXlwings() As Boolean
    On Error GoTo NotThere
    HasXlwings = (Workbooks("xlwings.xlam").Name <> "")
NotThere:
End Function

' xlwings 的命令里只用 ASCII 字符。
Public Function PythonCommand(ByVal action As String, ByVal result As String) As String
    PythonCommand = "from workbook_tools.desk.console import press; press('" & action & "', '" & _
        PythonText(WorkingFolder()) & "', '" & PythonText(result) & "')"
End Function

Private Function StartProgram(ByVal command As String) As String
    If Not FileExists(Setting("desk_program")) Then
        StartProgram = "找不到程序 " & Setting("desk_program") & "。请在“设置”表中改正程序位置。"
        Exit Function
    End If
    On Error GoTo Failed
    Shell command, 0
    Exit Function
Failed:
    StartProgram = "无法启动程序 " & Setting("desk_program") & "：" & Err.Description
End Function

Public Function CommandLine(ByVal action As String, ByVal result As String) As String
    Dim program As String, fileName As String
    program = Setting("desk_program")
    fileName = LCase(Mid(program, InStrRev(Replace(program, "\", "/"), "/") + 1))
    CommandLine = Quoted(program)
    If Left(fileName, 6) = "python" Then CommandLine = CommandLine & " -m workbook_tools"
    CommandLine = CommandLine & " desk run " & action & _
        " --folder " & Quoted(WorkingFolder()) & " --result " & Quoted(result)
End Function

' 引号前的反斜杠会让引号失去作用，要再写一遍：D:\ 写作 "D:\\"。
Private Function Quoted(ByVal text As String) As String
    Dim last As Long
    last = Len(text)
    Do While last > 0
        If Mid(text, last, 1) <> "\" Then Exit Do
        last = last - 1
    Loop
    Quoted = """" & text & Mid(text, last + 1) & """"
End Function

' 工作文件夹和临时文件夹为什么用不了，空白为可用。
Private Function WrongNames(ByVal result As String) As String
    If IsWebAddress(WorkingFolder()) Then
        WrongNames = "工作文件夹“" & WorkingFolder() & "”是网址：控制台放在 OneDrive 等网盘里，Excel 给出的是网址。" & _
            "请在“设置”表的“工作文件夹”里写明它在这台电脑上的文件夹，例如 C:\Users\张三\OneDrive\自评。"
    Else
        WrongNames = UnnamedTrouble("临时文件夹", ParentFolder(result))
    End If
End Function

' Excel 的 Shell 和 Dir 只认得系统代码页里的字；别的字它们当作 ?，找不到文件。
Private Function UnnamedTrouble(ByVal what As String, ByVal path As String) As String
    Dim i As Long, character As String
    For i = 1 To Len(path)
        character = Mid(path, i, 1)
        If character = "?" Or Not IsAnsi(character) Then
            UnnamedTrouble = what & "“" & path & "”的名称里有这台电脑的代码页以外的字“" & character & _
                "”（生僻字、表情符号，或非中文 Windows 上的汉字），Excel 的宏找不到它。" & _
                "请换成没有这些字的文件夹；不能换的，在命令行里运行，或装 xlwings 加载项。"
            Exit Function
        End If
    Next i
End Function

' 系统代码页里没有的字，Asc 给出的是 ? 或相近字母的编码。
Private Function IsAnsi(ByVal character As String) As Boolean
    IsAnsi = (AscW(character) >= 0 And AscW(character) < 128) Or Asc(character) < 0 Or Asc(character) > 127
End Function

Private Function ParentFolder(ByVal path As String) As String
    ParentFolder = Left(path, InStrRev(Replace(path, "\", "/"), "/") - 1)
End Function

' 等到结果文件出现；返回没有等到的原因。按 Esc 可以停止等待。
Private Function WaitFor(ByVal result As String, ByVal label As String) As String
    Dim began As Date, seconds As Long
    began = Now
    Do While Not FileExists(result)
        seconds = DateDiff("s", began, Now)
        If seconds > START_SECONDS And Not FileExists(result & ".started") Then
            WaitFor = "程序没有启动成功：" & Setting("desk_program") & _
                "。请确认这个 Python 里装有 workbook-tools，或在“设置”表中改正程序位置。"
            Exit Function
        End If
        Application.StatusBar = "正在" & label & "……已用 " & seconds & " 秒"
        Application.Wait Now + TimeSerial(0, 0, 1)
        DoEvents
    Loop
End Function

Private Function NewResultFile() As String
    Dim folder As String
    folder = Environ("TEMP")
    If folder = "" Then folder = Environ("TMPDIR")
    If folder = "" Then folder = "/tmp"
    Randomize
    NewResultFile = folder & Application.PathSeparator & "wbt-desk-" & Format(Now, "yyyymmddhhmmss") & _
        "-" & CLng(Rnd * 1000000) & ".txt"
End Function

Public Function FileExists(ByVal path As String) As Boolean
    On Error GoTo NotThere
    If path <> "" Then FileExists = (Dir(path) <> "")
NotThere:
End Function

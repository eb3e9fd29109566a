Attribute VB_Name = "DeskResult"
' 读结果文件。它只有 ASCII 字符，别的字写成 \uXXXX，任何系统、任何语言的 Office 读来都一样。
' 每行的第一项说明这一行是什么，各项之间是制表符：
'   log   操作  结果  内容          写进“日志”表
'   note  文字                      “项目”表标题下的说明
'   grid  行数                      下面要写项目了，先清空多余的行
'   row   #数 | '文字 | >文件 ……    一个项目，各列依次
Option Explicit

Public Sub ShowResult(ByVal path As String)
    Dim number As Integer, text As String, row As Long, known As Long
    number = FreeFile
    Open path For Input As #number
    Do While Not EOF(number)
        Line Input #number, text
        ShowLine Split(text, vbTab), row, known
    Loop
    Close #number
    Kill path
    If FileExists(path & ".started") Then Kill path & ".started"
End Sub

Private Sub ShowLine(ByRef fields As Variant, ByRef row As Long, ByRef known As Long)
    Select Case fields(0)
    Case "log"
        AddLog Decoded(fields(1)), Decoded(fields(2)), Decoded(fields(3))
    Case "note"
        NamedCell("desk_note").Value = Decoded(fields(1))
    Case "grid"
        NamedCell("desk_root").Value = FolderStart(WorkingFolder())
        known = ClearGrid(CLng(fields(1)))
    Case "row"
        PutRow row, fields, row >= known
        row = row + 1
    End Select
End Sub

Public Function Decoded(ByVal text As String) As String
    Dim parts As Variant, i As Long
    If text = "" Then Exit Function
    parts = Split(text, "\u")
    Decoded = parts(0)
    For i = 1 To UBound(parts)
        Decoded = Decoded & ChrW(CLng("&H" & Left(parts(i), 4))) & Mid(parts(i), 5)
    Next i
End Function

' 文字在 Python 源代码单引号里的写法。
Public Function PythonText(ByVal text As String) As String
    Dim i As Long, code As Long
    For i = 1 To Len(text)
        code = AscW(Mid(text, i, 1))
        If code < 0 Then code = code + 65536
        If code < 32 Or code > 126 Or code = 39 Or code = 92 Then
            PythonText = PythonText & "\u" & Right("000" & Hex(code), 4)
        Else
            PythonText = PythonText & Mid(text, i, 1)
        End If
    Next i
End Function

Attribute VB_Name = "StaffCheck"
' 按钮“校验”：重新计算，跳到第一处没有填或填错的单元格，并说明怎样改。
Option Explicit

Public Sub CheckForm()
    On Error GoTo Failed
    Tell GoToFirstProblem()
    Exit Sub
Failed:
    Tell "校验没有完成：" & Err.Description & "。请直接看“校验”表中列出的问题。"
End Sub

' 返回要说的话；检查结果就是“校验”表上的公式，这里不另作判断。
Public Function GoToFirstProblem() As String
    Dim number As Long, first As Long, others As Long
    Application.Calculate
    number = FIRST_RECORD
    Do While HasRecord(number)
        If RecordProblem(number) <> "" Then
            If first = 0 Then first = number Else others = others + 1
        End If
        number = number + 1
    Loop
    If first = 0 Then
        GoToFirstProblem = "没有发现问题，可以报送。"
        Exit Function
    End If
    RecordCell(first).Worksheet.Activate
    RecordCell(first).Select
    GoToFirstProblem = SheetCell(RecordCell(first)) & "（" & RecordLabel(first) & "）：" & RecordProblem(first) & "。" & _
        "请在该单元格填写或改正，再点“校验”。"
    If others > 0 Then GoToFirstProblem = GoToFirstProblem & "另外还有 " & others & " 处，见“校验”表。"
End Function

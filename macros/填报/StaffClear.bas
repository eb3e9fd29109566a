Attribute VB_Name = "StaffClear"
' 按钮“清除填写”：确认后清空所有填报单元格，下发的内容、公式和格式不动。
Option Explicit

Public Sub ClearForm()
    On Error GoTo Failed
    If Not Ask("将清空所有已填写的内容，不能撤销。确定要清除吗？") Then Exit Sub
    Tell ClearInputs()
    Exit Sub
Failed:
    Tell "清除没有完成：" & Err.Description & "。请逐个删除黄色单元格中的内容。"
End Sub

Public Function ClearInputs() As String
    Dim number As Long, cleared As Long, locked As String
    number = FIRST_RECORD
    Do While HasRecord(number)
        If IsInput(number) Then
            If RecordCell(number).Locked And RecordCell(number).Worksheet.ProtectContents Then
                locked = locked & " " & SheetCell(RecordCell(number))
            Else
                RecordCell(number).MergeArea.ClearContents
                cleared = cleared + 1
            End If
        End If
        number = number + 1
    Loop
    ClearInputs = "已清空 " & cleared & " 处填报内容。"
    If locked <> "" Then
        ClearInputs = ClearInputs & "这些单元格因粘贴被锁定，没有清空：" & locked & "。请先点“恢复格式”，再清除。"
    End If
End Function

Attribute VB_Name = "StaffRepair"
' 按钮“恢复格式”：粘贴会把别处的格式、锁定带进来，并去掉下拉列表和数值限制；
' 这里按“格式”表中的样本恢复，不动填写的内容，再把各表保护起来。
Option Explicit

Public Sub RepairForm()
    Dim reason As String
    On Error GoTo Failed
    Tell RepairInputs()
    Exit Sub
Failed:
    reason = Err.Description
    On Error Resume Next
    ShowSamples False
    SetProtection True
    Application.ScreenUpdating = True
    Tell "恢复格式没有完成：" & reason & "。请用下发的工作簿重新填写，粘贴时选“选择性粘贴－数值”。"
End Sub

Public Function RepairInputs() As String
    Dim number As Long, repaired As Long, back As Range
    Set back = ActiveCell
    Application.ScreenUpdating = False
    SetProtection False
    ShowSamples True
    number = FIRST_RECORD
    Do While HasRecord(number)
        If IsInput(number) Then
            CopyFormat RecordSample(number), RecordCell(number)
            repaired = repaired + 1
        End If
        number = number + 1
    Loop
    ShowSamples False
    SetProtection True
    back.Worksheet.Activate
    back.Select
    Application.ScreenUpdating = True
    RepairInputs = "已恢复 " & repaired & " 处填报单元格的格式，填写的内容没有改动。"
End Function

Private Sub CopyFormat(ByVal sample As Range, ByVal cell As Range)
    Dim target As Range
    Set target = cell.Resize(sample.Rows.Count, sample.Columns.Count)
    If cell.MergeArea.Address <> target.Address Then cell.MergeArea.UnMerge
    sample.Copy
    target.PasteSpecial xlPasteFormats
    target.PasteSpecial xlPasteValidation
    Application.CutCopyMode = False
End Sub

' 保护是为了防止误改；下发的内容是否被改动，由报送后的签名核验判断。
Private Sub SetProtection(ByVal wanted As Boolean)
    Dim number As Long, sheet As Worksheet
    number = FIRST_RECORD
    Do While HasRecord(number)
        Set sheet = RecordCell(number).Worksheet
        If sheet.ProtectContents <> wanted Then
            If wanted Then
                ProtectSheet sheet
            Else
                sheet.Unprotect SheetPassword()
            End If
        End If
        number = number + 1
    Loop
End Sub

Private Sub ProtectSheet(ByVal sheet As Worksheet)
    sheet.Protect SheetPassword()
End Sub

Attribute VB_Name = "StaffPdf"
' 按钮“导出PDF”：把要填的各表导出为一个 PDF，放在本工作簿旁边。
Option Explicit

Public Sub ExportForm()
    Dim back As Object
    Set back = ActiveSheet
    On Error GoTo Failed
    Tell ExportSheets()
    back.Select
    Exit Sub
Failed:
    Tell "没有导出 PDF：" & Err.Description & "。如果旧的 PDF 正打开着，请先关闭；也可以用“另存为”选择 PDF。"
    back.Select
End Sub

Public Function ExportSheets() As String
    Dim path As String
    If ThisWorkbook.Path = "" Then
        ExportSheets = "请先保存本工作簿，再导出 PDF。"
        Exit Function
    End If
    path = PdfPath()
    If path = "" Then
        ExportSheets = "没有导出 PDF：本工作簿在 OneDrive、SharePoint 等网盘里，要选这台电脑上的文件夹来放。" & _
            "也可以用“另存为”选择 PDF。"
        Exit Function
    End If
    ThisWorkbook.Worksheets(FormTitles()).Select
    ActiveSheet.ExportAsFixedFormat Type:=xlTypePDF, Filename:=path
    ExportSheets = "已导出 " & path
End Function

' 在网盘里的工作簿，Excel 给出的位置是网址，PDF 存不进去：请填报人选一个地方；没有选的，返回空白。
Public Function PdfPath() As String
    Dim fileName As String
    fileName = Left(ThisWorkbook.Name, InStrRev(ThisWorkbook.Name, ".") - 1) & ".pdf"
    If IsWebAddress(ThisWorkbook.Path) Then
        PdfPath = AskForPath(fileName)
    Else
        PdfPath = ThisWorkbook.Path & Application.PathSeparator & fileName
    End If
End Function

Private Function AskForPath(ByVal fileName As String) As String
    Dim chosen As Variant
    If Not Application.DisplayAlerts Then Exit Function
    chosen = Application.GetSaveAsFilename(fileName, "PDF (*.pdf),*.pdf")
    If VarType(chosen) <> vbString Then Exit Function
    If Not IsWebAddress(chosen) Then AskForPath = chosen
End Function

Private Function IsWebAddress(ByVal path As String) As Boolean
    IsWebAddress = (LCase(Left(path, 4)) = "http")
End Function

' 有填报单元格的各表的名称。
Public Function FormTitles() As Variant
    Dim number As Long, last As String, joined As String
    number = FIRST_RECORD
    Do While HasRecord(number)
        If IsInput(number) And RecordCell(number).Worksheet.Name <> last Then
            last = RecordCell(number).Worksheet.Name
            If joined <> "" Then joined = joined & vbTab
            joined = joined & last
        End If
        number = number + 1
    Loop
    FormTitles = Split(joined, vbTab)
End Function

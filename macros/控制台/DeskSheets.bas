Attribute VB_Name = "DeskSheets"
' 三张表上的位置都按名称找：desk_grid 第一个项目，desk_log 第一条日志，desk_program、desk_folder 两项设置。
Option Explicit

Public Function NamedCell(ByVal cellName As String) As Range
    Set NamedCell = ThisWorkbook.Names(cellName).RefersToRange.Cells(1, 1)
End Function

Public Function Setting(ByVal cellName As String) As String
    Setting = Trim(CStr(NamedCell(cellName).Value))
End Function

' 工作文件夹：设置里填的，没有填就是本工作簿所在的文件夹。
Public Function WorkingFolder() As String
    WorkingFolder = Setting("desk_folder")
    If WorkingFolder = "" Then WorkingFolder = ThisWorkbook.Path
End Function

' 在日志末尾添一行。
Public Sub AddLog(ByVal action As String, ByVal outcome As String, ByVal text As String)
    Dim cell As Range
    Set cell = NamedCell("desk_log")
    Do While cell.Value <> ""
        Set cell = cell.Offset(1, 0)
    Loop
    If cell.Row > NamedCell("desk_log").Row Then CopyLook NamedCell("desk_log").Resize(1, 4), cell.Resize(1, 4)
    PutText cell, Format(Now, "yyyy-mm-dd hh:nn:ss")
    PutText cell.Offset(0, 1), action
    PutText cell.Offset(0, 2), outcome
    PutText cell.Offset(0, 3), text
End Sub

' 留下这么多行（至少一行，它带着格式），其余清空。
Public Sub ClearGrid(ByVal rows As Long)
    Dim row As Range
    Set row = GridRow(0)
    row.ClearContents
    Do
        Set row = row.Offset(1, 0)
        If row.Cells(1, 1).Value = "" Then Exit Do
        row.ClearContents
        If rows <= row.Row - NamedCell("desk_grid").Row Then row.ClearFormats
    Loop
End Sub

Public Sub PutRow(ByVal number As Long, ByRef fields As Variant)
    Dim i As Long
    If number > 0 Then CopyLook GridRow(0), GridRow(number)
    For i = 1 To UBound(fields)
        PutField GridRow(number).Cells(1, i), CStr(fields(i))
    Next i
End Sub

Private Function GridRow(ByVal number As Long) As Range
    Set GridRow = NamedCell("desk_grid").Offset(number, 0).Resize(1, CLng(NamedCell("desk_columns").Value))
End Function

Private Sub PutField(ByVal cell As Range, ByVal field As String)
    Dim text As String
    text = Decoded(Mid(field, 2))
    Select Case Left(field, 1)
    Case "#"
        cell.Value = Val(text)
    Case ">"
        cell.Formula = "=HYPERLINK(desk_root&""" & Replace(text, """", """""") & """,""打开"")"
    Case Else
        PutText cell, text
    End Select
End Sub

' 项目编码 001、以等号开头的话，都还是文字。
Private Sub PutText(ByVal cell As Range, ByVal text As String)
    cell.NumberFormat = "@"
    cell.Value = text
End Sub

Private Sub CopyLook(ByVal source As Range, ByVal target As Range)
    source.Copy
    target.PasteSpecial xlPasteFormats
    Application.CutCopyMode = False
    target.RowHeight = source.RowHeight
End Sub

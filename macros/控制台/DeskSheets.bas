Attribute VB_Name = "DeskSheets"
' 三张表上的位置都按名称找：desk_grid 第一个项目，desk_log 第一条日志，desk_program、desk_folder 两项设置。
Option Explicit

Private Const LOG_COLUMNS As Long = 4

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

' 文件夹加上分隔符，后面可以接文件名；设置里的文件夹已经以分隔符结尾的，不再加。
Public Function FolderStart(ByVal folder As String) As String
    FolderStart = folder
    If Right(folder, 1) <> "\" And Right(folder, 1) <> "/" Then FolderStart = folder & Application.PathSeparator
End Function

' OneDrive、SharePoint 里的工作簿，Excel 给出的位置是网址。
Public Function IsWebAddress(ByVal path As String) As Boolean
    IsWebAddress = (LCase(Left(path, 4)) = "http")
End Function

' 在日志末尾添一行。
Public Sub AddLog(ByVal action As String, ByVal outcome As String, ByVal text As String)
    Dim first As Range, cell As Range
    Set first = NamedCell("desk_log")
    Set cell = first
    Do While cell.Value <> ""
        Set cell = cell.Offset(1, 0)
    Loop
    If cell.Row > first.Row Then CopyLook first.Resize(1, LOG_COLUMNS), cell.Resize(1, LOG_COLUMNS)
    PutText cell, Format(Now, "yyyy-mm-dd hh:mm:ss")
    PutText cell.Offset(0, 1), action
    PutText cell.Offset(0, 2), outcome
    PutText cell.Offset(0, 3), text
    cell.EntireRow.AutoFit
End Sub

' 清空各行的内容，再清除第 wanted 行以后的格式；第一行总是留着格式。返回原来有几行。
Public Function ClearGrid(ByVal wanted As Long) As Long
    Dim count As Long
    Do While GridRow(count).Cells(1, 1).Value <> ""
        GridRow(count).ClearContents
        If count > 0 And count >= wanted Then GridRow(count).ClearFormats
        count = count + 1
    Loop
    ClearGrid = count
End Function

' 一个项目，从 0 数起；原来没有这一行时，格式照第一行。
Public Sub PutRow(ByVal number As Long, ByRef fields As Variant, ByVal isNew As Boolean)
    Dim i As Long
    If isNew And number > 0 Then CopyLook GridRow(0), GridRow(number)
    For i = 1 To UBound(fields)
        PutField GridRow(number).Cells(1, i), CStr(fields(i))
    Next i
    GridRow(number).EntireRow.AutoFit
End Sub

Private Function GridRow(ByVal number As Long) As Range
    Set GridRow = NamedCell("desk_grid").Offset(number, 0).Resize(1, CLng(NamedCell("desk_columns").Value))
End Function

' 空白的格不能留下文本格式：以后写进去的数和公式会变成文字。
Private Sub PutField(ByVal cell As Range, ByVal field As String)
    Dim text As String
    text = Decoded(Mid(field, 2))
    If text = "" Then
        cell.ClearContents
        Exit Sub
    End If
    Select Case Left(field, 1)
    Case "#"
        cell.Value = Val(text)
    Case ">"
        cell.Formula = "=HYPERLINK(desk_root&""" & Replace(text, """", """""") & """,""打开"")"
    Case Else
        PutText cell, text
    End Select
End Sub

' 项目编码 001、以等号开头的话，都还是文字；超过 255 个字的文本格式在旧版 Excel 中显示为 ####。
Private Sub PutText(ByVal cell As Range, ByVal text As String)
    If Len(text) > 255 Then
        cell.NumberFormat = "General"
        If Left(text, 1) = "=" Then text = " " & text
    Else
        cell.NumberFormat = "@"
    End If
    cell.Value = text
End Sub

' 连内容一起复制，随后各格都会重写。
Private Sub CopyLook(ByVal source As Range, ByVal target As Range)
    source.Copy target
End Sub

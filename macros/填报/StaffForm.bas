Attribute VB_Name = "StaffForm"
' 各按钮共用的部分。
'
' 隐藏的“格式”表逐行记着：单元格名称、说明、检查结果所在单元格的名称、格式样本在第几行（只有填报单元格有）。
' 本工作簿的公式、校验和得分都不依赖宏；禁用宏时照常填报。
Option Explicit

Public Const TITLE As String = "绩效自评"
Public Const FIRST_RECORD As Long = 2
Private Const NAME_COLUMN As Long = 1
Private Const LABEL_COLUMN As Long = 2
Private Const CHECK_COLUMN As Long = 3
Private Const ROW_COLUMN As Long = 4
Private Const SAMPLE_COLUMN As Long = 5

' “格式”表的左上角单元格，里面是工作表的保护密码。
Private Function Records() As Range
    Set Records = ThisWorkbook.Names("macro_records").RefersToRange
End Function

Public Function SheetPassword() As String
    SheetPassword = Records.Value
End Function

' 第几行还有记录。
Public Function HasRecord(ByVal number As Long) As Boolean
    HasRecord = (Field(number, NAME_COLUMN) <> "")
End Function

Public Function RecordLabel(ByVal number As Long) As String
    RecordLabel = Field(number, LABEL_COLUMN)
End Function

Public Function IsInput(ByVal number As Long) As Boolean
    IsInput = (Field(number, ROW_COLUMN) <> "")
End Function

' 记录所指的单元格（合并单元格的第一格）。
Public Function RecordCell(ByVal number As Long) As Range
    Set RecordCell = NamedCell(Field(number, NAME_COLUMN))
End Function

' 该单元格的检查结果，空白为正确。
Public Function RecordProblem(ByVal number As Long) As String
    Dim check As String
    check = Field(number, CHECK_COLUMN)
    If check <> "" Then RecordProblem = NamedCell(check).Text
End Function

' 下发时的格式样本，大小与填报单元格相同。
Public Function RecordSample(ByVal number As Long) As Range
    Set RecordSample = Records.Offset(CLng(Field(number, ROW_COLUMN)) - 1, SAMPLE_COLUMN - 1).MergeArea
End Function

' 隐藏的表不能复制（LibreOffice），复制样本前后用它显示、隐藏。
Public Sub ShowSamples(ByVal wanted As Boolean)
    LockStructure False
    If wanted Then
        Records.Worksheet.Visible = xlSheetVisible
    Else
        Records.Worksheet.Visible = xlSheetVeryHidden
        LockStructure True
    End If
End Sub

' 工作簿的结构受保护时，表不能显示、隐藏。
Private Sub LockStructure(ByVal wanted As Boolean)
    On Error Resume Next
    If wanted Then
        ThisWorkbook.Protect SheetPassword(), True
        If Not ThisWorkbook.ProtectStructure Then ThisWorkbook.Protect SheetPassword() ' LibreOffice 只有密码一项
    Else
        ThisWorkbook.Unprotect SheetPassword()
    End If
    On Error GoTo 0
End Sub

Public Function SheetCell(ByVal cell As Range) As String
    SheetCell = cell.Worksheet.Name & "!" & cell.Address(False, False)
End Function

Private Function Field(ByVal number As Long, ByVal column As Long) As String
    Field = Records.Offset(number - 1, column - 1).Value
End Function

Private Function NamedCell(ByVal cellName As String) As Range
    Set NamedCell = ThisWorkbook.Names(cellName).RefersToRange.Cells(1, 1)
End Function

' 无人值守（由程序调用并关闭了提示）时不弹出对话框，视为同意。
Public Function Ask(ByVal question As String) As Boolean
    If Application.DisplayAlerts Then
        Ask = (MsgBox(question, vbYesNo + vbQuestion + vbDefaultButton2, TITLE) = vbYes)
    Else
        Ask = True
    End If
End Function

Public Sub Tell(ByVal message As String)
    If Application.DisplayAlerts Then
        MsgBox message, vbInformation, TITLE
    Else
        Application.StatusBar = message
    End If
End Sub

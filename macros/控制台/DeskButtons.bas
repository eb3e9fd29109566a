Attribute VB_Name = "DeskButtons"
' “项目”表上的按钮：各请 Python 运行一个命令，再把结果显示在“项目”和“日志”表上。
Option Explicit

Public Sub Issue()
    RunAction "issue", "生成"
End Sub

Public Sub Pack()
    RunAction "pack", "打包"
End Sub

Public Sub Review()
    RunAction "review", "收表审核"
End Sub

Public Sub SendBack()
    RunAction "return", "退回"
End Sub

Public Sub Merge()
    RunAction "merge", "汇总"
End Sub

Public Sub WriteReports()
    RunAction "report", "出报告"
End Sub

Public Sub Publish()
    RunAction "publish", "公开版"
End Sub

Public Sub DrawSample()
    RunAction "sample", "抽查"
End Sub

Public Sub HandOutInspections()
    RunAction "inspect", "复核表"
End Sub

Public Sub ReadInspections()
    RunAction "read-inspections", "收复核表"
End Sub

Public Sub Rectify()
    RunAction "rectify", "整改"
End Sub

Public Sub SendNotices()
    RunAction "send-notices", "整改通知"
End Sub

Public Sub Propose()
    RunAction "propose", "结果应用"
End Sub

Public Sub ExportTables()
    RunAction "export", "一体化"
End Sub

Public Sub BeginNextYear()
    RunAction "next-year", "下一年"
End Sub

Public Sub Refresh()
    RunAction "refresh", "刷新"
End Sub

# partnerctl completion for PowerShell 5.1 and newer
Register-ArgumentCompleter -Native -CommandName partnerctl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $env:_PARTNERCTL_COMPLETE = 'powershell_complete'
    $env:COMP_WORDS = $commandAst.ToString()
    $env:COMP_CWORD = $commandAst.CommandElements.Count - [int][bool]$wordToComplete
    try { $lines = @(& partnerctl 2>$null) }
    finally { Remove-Item Env:_PARTNERCTL_COMPLETE, Env:COMP_WORDS, Env:COMP_CWORD }
    for ($i = 0; $i + 2 -lt $lines.Count; $i += 3) {
        $value = $lines[$i + 1]
        $tip = if ($lines[$i + 2] -ne '_') { $lines[$i + 2] } else { $value }
        if ($lines[$i] -eq 'plain') {
            $text = if ($value -match "[\s']") { "'" + $value.Replace("'", "''") + "'" } else { $value }
            [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $tip)
        } else {
            Get-ChildItem "$wordToComplete*" -Directory:($lines[$i] -eq 'dir') -ErrorAction Ignore |
                ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new(
                        $_.FullName, $_.Name, 'ProviderItem', $_.FullName)
                }
        }
    }
}

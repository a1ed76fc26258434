"""The completion scripts: each asks the program itself, through the protocol of click."""

from __future__ import annotations

_BASH = r"""# partnerctl completion for bash 4.4 and newer
_partnerctl_completion() {
    local IFS=$'\n' line value
    COMPREPLY=()
    while IFS= read -r line; do
        value=${line#*,}
        case ${line%%,*} in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain)
                # a name with spaces is one word; inside quotes, which $2 lacks, it already is
                case ${COMP_WORDS[COMP_CWORD]} in
                    \'*) value=${value//\'/"'\\''"} ;;
                    \"*) value=${value//\\/\\\\} value=${value//\"/\\\"} value=${value//\$/\\\$} ;;
                    *) printf -v value %q "$value" ;;
                esac
                COMPREPLY+=("$value")
                ;;
        esac
    done < <(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" \
        _PARTNERCTL_COMPLETE=bash_complete partnerctl 2>/dev/null)
}
complete -o nosort -F _partnerctl_completion partnerctl
"""

_ZSH = r"""#compdef partnerctl
_partnerctl() {
    local -a plain described response
    local type key descr
    response=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \
        _PARTNERCTL_COMPLETE=zsh_complete partnerctl 2>/dev/null)}")
    for type key descr in ${response}; do
        case $type in
            plain) if [[ $descr == _ ]]; then plain+=("$key"); else described+=("$key:$descr"); fi ;;
            dir) _path_files -/ ;;
            file) _path_files -f ;;
        esac
    done
    (( $#described )) && _describe -V unsorted described -U
    (( $#plain )) && compadd -U -V unsorted -a plain
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _partnerctl "$@"
else
    compdef _partnerctl partnerctl
fi
"""

_FISH = r"""# partnerctl completion for fish
function _partnerctl_completion
    set -l response (env _PARTNERCTL_COMPLETE=fish_complete COMP_WORDS=(commandline -cp) \
        COMP_CWORD=(commandline -t) partnerctl 2>/dev/null)
    for line in $response
        # at the first comma only: names have commas too
        set -l parts (string split -m 1 "," -- $line)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain
                echo $parts[2]
        end
    end
end
complete --no-files --command partnerctl --arguments "(_partnerctl_completion)"
"""

_POWERSHELL = r"""# partnerctl completion for PowerShell 5.1 and newer
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
"""

SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH, "powershell": _POWERSHELL}
"""The script of each shell. The folder ``completions`` holds the same, for packagers; a test compares."""


def script(shell: str) -> str:
    """Return the script of a shell; raises KeyError for one that has none."""
    return SCRIPTS[shell]

# partnerctl completion for bash 4.4 and newer
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

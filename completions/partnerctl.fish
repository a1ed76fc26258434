# partnerctl completion for fish
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

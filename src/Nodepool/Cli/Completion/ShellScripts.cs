namespace Nodepool.Cli.Completion;

/// <summary>The scripts that shells read. All that they know is to ask the program itself.</summary>
internal static class ShellScripts
{
    /// <summary>Names that the program is called by.</summary>
    private const string Names = "nodepool nodepoold nodepool-launcher nodepool-builder";

    /// <summary>Shells by name.</summary>
    public static IReadOnlyDictionary<string, string> ByShell { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
    };

    private const string Bash =
        $$"""
        # bash completion of nodepool: source <(nodepool completion bash), or write it to
        # /usr/share/bash-completion/completions/nodepool
        _nodepool() {
            local line word
            COMPREPLY=()
            while IFS= read -r line; do
                case $line in
                :files*) compopt -o default 2>/dev/null; return ;;
                :dirs*) compopt -o dirnames 2>/dev/null; return ;;
                esac
                word=${line%%$'\t'*}
                [[ $word == *[^A-Za-z0-9,._=@/+:-]* ]] && printf -v word %q "$word"
                COMPREPLY+=("$word")
            done < <("${1/#~\//$HOME/}" {{CompletionCall.Word}} bash "$COMP_CWORD" "${COMP_WORDS[@]}" 2>/dev/null)
        }
        complete -o nosort -F _nodepool {{Names}}

        """;

    private const string Zsh =
        $$$"""
        #compdef {{{Names}}}
        # zsh completion of nodepool: source <(nodepool completion zsh) behind compinit, or write it to a file _nodepool in $fpath
        _nodepool() {
            local line value hint
            local -a items
            for line in "${(@f)$("${(e)words[1]/#\~\//$HOME/}" {{{CompletionCall.Word}}} zsh $((CURRENT - 1)) "${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}"; do
                case $line in
                :files*) compset -P '*='; _files; return ;;
                :dirs*) compset -P '*='; _files -/; return ;;
                ?*)
                    value=${line%%$'\t'*} hint=${line#*$'\t'}
                    items+=("${value//:/\\:}${hint:+:$hint}")
                    ;;
                esac
            done
            _describe -V nodepool items
        }
        if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
            _nodepool "$@"
        else
            compdef _nodepool {{{Names}}}
        fi

        """;

    private const string Fish =
        $$"""
        # fish completion of nodepool: nodepool completion fish | source, or write it to
        # ~/.config/fish/completions/nodepool.fish
        function __nodepool_complete
            set -l before (commandline -opc)
            set -l current (commandline -ct)
            set -l program (string replace -r '^~/' "$HOME/" -- $before[1])
            set -l option (string match -r '^-[^=]*=' -- "$current")
            set -l path (string replace -r '^-[^=]*=' '' -- "$current")
            for line in ($program {{CompletionCall.Word}} fish (count $before) $before "$current" 2>/dev/null)
                switch $line
                    case ':files*'
                        printf "$option%s\n" (__fish_complete_path "$path")
                    case ':dirs*'
                        printf "$option%s\n" (__fish_complete_directories "$path" '')
                    case '*'
                        printf '%s\n' $line
                end
            end
        end
        for name in {{Names}}
            complete -c $name -f -a '(__nodepool_complete)'
        end

        """;
}

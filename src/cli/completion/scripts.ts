/** The scripts that teach shells to complete. They ask `strait complete`, so that they never have to be made anew. */

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * What `strait complete` prints: `files` or `-` on the first line, then a candidate a line, with a tab and what it is.
 */
const BASH = `# strait completion for bash. Load it now:  source <(strait completion bash)
# and always:  strait completion bash > ~/.local/share/bash-completion/completions/strait
_strait() {
  local -a words
  local line="\${COMP_LINE:0:COMP_POINT}" answer kind candidate current stem
  # bash takes words apart at = and :, so they are read from the line.
  read -ra words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  current="\${words[\${#words[@]}-1]}"
  stem="\${current%"\${current##*[=:]}"}"
  COMPREPLY=()
  answer="$("\${words[0]}" complete -- "\${words[@]:1}" 2>/dev/null)" || return 0
  {
    read -r kind
    while IFS=$'\\t' read -r candidate _; do COMPREPLY+=("\${candidate#"$stem"}"); done
  } <<< "$answer"
  if [[ "$kind" == files ]]; then
    compopt -o filenames 2>/dev/null
    while read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -f -- "\${current#"$stem"}")
  fi
}
complete -F _strait strait
`;

const ZSH = `#compdef strait
# strait completion for zsh. Load it now:  source <(strait completion zsh)
# and always: write it to a file _strait in a directory of $fpath.
_strait() {
  local -a lines candidates
  local line
  lines=("\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "\${(@)lines[2,-1]}"; do
    [[ -n "$line" ]] && candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  (( \${#candidates} )) && _describe 'strait' candidates
  [[ "\${lines[1]}" == files ]] && _files
  return 0
}
if [[ "\${funcstack[1]}" == _strait ]]; then _strait "$@"; else compdef _strait strait; fi
`;

const FISH = `# strait completion for fish. Load it now:  strait completion fish | source
# and always:  strait completion fish > ~/.config/fish/completions/strait.fish
function __strait_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l lines ($words[1] complete -- $words[2..-1] 2>/dev/null)
    for line in $lines[2..-1]
        echo $line
    end
    if test "$lines[1]" = files
        __fish_complete_path (commandline -ct)
    end
end
complete -c strait -f -a '(__strait_complete)'
`;

export function completionScript(shell: Shell): string {
  return { bash: BASH, zsh: ZSH, fish: FISH }[shell];
}

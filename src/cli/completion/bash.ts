import type { CommandWords, OptionWords } from './words.ts';

function optionCase(key: string, { words, values, isList }: OptionWords): string {
  const patterns = words.map((word) => `"${key} ${word}"`).join('|');
  const found = values.join(' ');
  const list = isList ? 'list=1; ' : '';
  return `    ${patterns}) ${list}found="${found}"; taken=1 ;;\n`;
}

function commandCase(key: string, { subcommands, options, values }: CommandWords): string {
  const words = [...subcommands.map(({ word }) => word), ...values].join(' ');
  const flags = options.flatMap((option) => option.words).join(' ');
  return `    "${key}") found="${words}"; flags="${flags}" ;;\n`;
}

/** The script that bash sources: `source <(shuttlewatch completion bash)`. */
export function bashScript(commands: readonly CommandWords[]): string {
  const keyOf = ({ path }: CommandWords): string => ['/', ...path].join(' ');
  const paths = commands.filter(({ path }) => path.length > 0).map((command) => `"${keyOf(command)}"`);
  const valued = commands.flatMap((command) =>
    command.options
      .filter(({ takesValue }) => takesValue)
      .map((option) => optionCase(keyOf(command), option)),
  );
  return `# bash completion for shuttlewatch. Load it with: source <(shuttlewatch completion bash)
_shuttlewatch() {
  local word="\${COMP_WORDS[COMP_CWORD]}" at="/" found="" flags="" taken="" list="" index before=""
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$at \${COMP_WORDS[index]}" in
    ${paths.join('|')}) at="$at \${COMP_WORDS[index]}" ;;
    esac
  done
  case "$at \${COMP_WORDS[COMP_CWORD - 1]}" in
${valued.join('')}  esac
  if [[ -n $list && $word == *,* ]]; then
    before="\${word%,*},"
    word="\${word##*,}"
  fi
  if [[ -z $taken ]]; then
    case "$at" in
${commands.map((command) => commandCase(keyOf(command), command)).join('')}    esac
    [[ $word == -* ]] && found="$flags"
  fi
  # Nothing known to choose from: files, as bash does by itself.
  [[ -z $found ]] && { compopt -o default 2>/dev/null; return; }
  COMPREPLY=($(compgen -P "$before" -W "$found" -- "$word"))
}
complete -F _shuttlewatch shuttlewatch
`;
}

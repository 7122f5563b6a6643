import type { CommandWords, OptionWords } from './words.ts';

/** A word and what it means, as _describe takes them: quoted, with a colon between. */
function described(word: string, about: string): string {
  const text = `${word.replaceAll(':', '\\:')}:${about}`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function valueCase(key: string, { words, values, isList }: OptionWords): string {
  const patterns = words.map((word) => `"${key} ${word}"`).join('|');
  const found = values.join(' ');
  if (values.length === 0) return `    ${patterns}) _files; return ;;\n`;
  const how = isList ? `_values -s , value ${found}` : `compadd -- ${found}`;
  return `    ${patterns}) ${how}; return ;;\n`;
}

function commandCase(key: string, { subcommands, options, values }: CommandWords): string {
  const flags = options.flatMap(({ words, about }) => words.map((word) => described(word, about)));
  const words = [
    ...subcommands.map(({ word, about }) => described(word, about)),
    ...values.map((value) => described(value, '')),
  ];
  return `    "${key}")
      flags=(${flags.join(' ')})
      found=(${words.join(' ')}) ;;
`;
}

/** The script that zsh loads, as a file `_shuttlewatch` in its fpath or by eval. */
export function zshScript(commands: readonly CommandWords[]): string {
  const keyOf = ({ path }: CommandWords): string => ['/', ...path].join(' ');
  const paths = commands.filter(({ path }) => path.length > 0).map((command) => `"${keyOf(command)}"`);
  const valued = commands.flatMap((command) =>
    command.options.filter(({ takesValue }) => takesValue).map((option) => valueCase(keyOf(command), option)),
  );
  return `#compdef shuttlewatch
# zsh completion for shuttlewatch. Load it with: source <(shuttlewatch completion zsh)
_shuttlewatch() {
  local at="/" index
  local -a found flags
  for ((index = 2; index < CURRENT; index++)); do
    case "$at \${words[index]}" in
    ${paths.join('|')}) at="$at \${words[index]}" ;;
    esac
  done
  case "$at \${words[CURRENT - 1]}" in
${valued.join('')}  esac
  case "$at" in
${commands.map((command) => commandCase(keyOf(command), command)).join('')}  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe option flags
  elif ((\${#found})); then
    _describe command found
  else
    _files
  fi
}
if [[ \${funcstack[1]} == _shuttlewatch ]]; then _shuttlewatch "$@"; else compdef _shuttlewatch shuttlewatch; fi
`;
}

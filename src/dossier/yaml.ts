import assert from 'node:assert/strict';
import { Composer, CST, isMap, isScalar, Lexer, LineCounter, Parser, type Document, type Node } from 'yaml';
import { fieldOf, type Path, type Place, type Problem } from './problem.ts';

/** Brackets and dashes open at once. yaml's parser recurses: some ten thousand end the process, not the call. */
const YAML_NESTING_MAX = 32;
/** Characters a line may be indented by, which bounds how deep blocks can nest. */
const YAML_INDENT_CHARS_MAX = 64;

/** A YAML file: its value, and where in the file each part of it stands. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  /** Whether the file itself has something at `path`. */
  has(path: Path): boolean;
  /** The nearest part of the file that `path` leads to. */
  place(path: Path): Place;
  /** Where a key of the mapping at `path` is written. */
  keyPlace(path: Path, key: string): Place;
}

/**
 * Parses the YAML of a dossier: plain data in one document. Anchors, aliases, tags and directives are refused, as
 * nothing in a dossier needs them and bombs are made of them; so is nesting that the parser would not survive.
 */
export function readYaml(file: string, text: string): YamlFile | readonly Problem[] {
  const lines = new LineCounter();
  const tokens = tokensOf(text, lines);
  if ('refused' in tokens) return [{ file, field: '', ...tokens.refused }];
  const document = composed(tokens.all, text);
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return faults.map(({ message, pos }) => ({
      file,
      line: lines.linePos(pos[0]).line,
      field: '',
      message: `is not valid YAML: ${message}`,
    }));
  }
  return new ParsedYaml(file, document, lines);
}

class ParsedYaml implements YamlFile {
  readonly file: string;
  readonly value: unknown;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  constructor(file: string, document: Document.Parsed, lines: LineCounter) {
    this.file = file;
    this.value = document.toJS({ maxAliasCount: 0 });
    this.#document = document;
    this.#lines = lines;
  }

  has(path: Path): boolean {
    return this.#node(path) !== undefined;
  }

  place(path: Path): Place {
    let at = path;
    while (at.length > 0 && !this.has(at)) at = at.slice(0, -1);
    const node = this.#node(at);
    // A scalar has no parts: a plain text that stands for an object is the field, not what it was read as.
    const shown = isScalar(node) ? at : path;
    return this.#at(node?.range?.[0], fieldOf(shown));
  }

  keyPlace(path: Path, key: string): Place {
    const map = this.#node(path);
    const pair = isMap(map) ? map.items.find((item) => isScalar(item.key) && item.key.value === key) : null;
    const start = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
    return this.#at(start, fieldOf([...path, key]));
  }

  #at(offset: number | undefined, field: string): Place {
    const line = offset === undefined ? null : this.#lines.linePos(offset).line;
    return { file: this.file, line, field };
  }

  #node(path: Path): Node | undefined {
    if (path.length === 0) return this.#document.contents ?? undefined;
    return this.#document.getIn(path, true) as Node | undefined;
  }
}

const UNWANTED: Partial<Record<CST.TokenType, string>> = {
  'directive-line': 'directives',
  anchor: 'anchors',
  alias: 'aliases',
  tag: 'tags',
  'doc-end': 'document ends',
};

/** What must not be parsed, with its line. */
interface Refused {
  readonly line: number;
  readonly message: string;
}

/**
 * The tokens of a text, as the parser makes them of lexemes; or the first lexeme that is refused. The parser keeps a stack of
 * its own, so that it survives any nesting; who makes a document of its tokens would not.
 */
function tokensOf(
  text: string,
  lines: LineCounter,
): { readonly all: CST.Token[] } | { readonly refused: Refused } {
  const parser = new Parser(lines.addNewLine);
  // As its `parse` does, which takes a whole text.
  lines.addNewLine(0);
  const all: CST.Token[] = [];
  let line = 1;
  const nesting = new Nesting();
  let begun = false;
  const refuse = (message: string): { readonly refused: Refused } => ({ refused: { line, message } });
  for (const source of new Lexer().lex(text)) {
    const type = CST.tokenType(source);
    const unwanted = type === null ? undefined : UNWANTED[type];
    if (unwanted !== undefined) return refuse(`${unwanted} (${source}) are not allowed`);
    if (type === 'doc-start' && begun) return refuse('a second document is not allowed');
    if (type === 'doc-start' || type === 'scalar') begun = true;
    if (nesting.tooDeepAfter(type, source)) return refuse('is nested too deeply');
    line += countNewlines(source);
    all.push(...parser.next(source));
  }
  all.push(...parser.end());
  return { all };
}

/** The document that tokens make, as `parseDocument` of yaml makes it of a text. */
function composed(tokens: readonly CST.Token[], text: string): Document.Parsed {
  const composer = new Composer({ prettyErrors: false, stringKeys: true, logLevel: 'silent' });
  const [document] = composer.compose(tokens, true, text.length);
  assert(document !== undefined, 'a document is made even of nothing');
  return document;
}

class Nesting {
  #flow = 0;
  #inline = 0;
  #lineStart = true;

  tooDeepAfter(type: CST.TokenType | null, source: string): boolean {
    const indent = this.#lineStart && type === 'space' ? source.length : 0;
    this.#lineStart = type === 'newline';
    if (type === 'newline') this.#inline = 0;
    if (type === 'seq-item-ind' || type === 'explicit-key-ind') this.#inline += 1;
    if (type === 'flow-seq-start' || type === 'flow-map-start') this.#flow += 1;
    if (type === 'flow-seq-end' || type === 'flow-map-end') this.#flow -= 1;
    return indent > YAML_INDENT_CHARS_MAX || this.#flow + this.#inline > YAML_NESTING_MAX;
  }
}

function countNewlines(source: string): number {
  let count = 0;
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) count += 1;
  return count;
}

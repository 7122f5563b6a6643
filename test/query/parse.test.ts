import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Query, Range, Term, Word } from '../../src/query/ast.ts';
import { parseQuery, QUERY_CHARS_MAX, QUERY_DEPTH_MAX, QUERY_TERMS_MAX } from '../../src/query/parse.ts';
import { printQuery } from '../../src/query/print.ts';

const NOWHERE = { start: 0, end: 0 };

/** A tree without its places. */
function bare(query: Query): unknown {
  return JSON.parse(JSON.stringify(query, (key, value: unknown) => (/span$/i.test(key) ? undefined : value)));
}

function parsed(text: string): Query {
  const result = parseQuery(text);
  if ('problems' in result) throw new Error(`${text}: ${JSON.stringify(result.problems)}`);
  return result.query;
}

function problemOf(text: string): { message: string; at: string; start: number } {
  const result = parseQuery(text);
  const problem = 'problems' in result ? result.problems[0] : undefined;
  if (problem === undefined) throw new Error(`${text} has no problem`);
  const { start, end } = problem.span;
  return { message: problem.message, at: text.slice(start, end), start };
}

/** What a tree means, with every group in brackets. */
function grouped(query: Query): string {
  switch (query.kind) {
    case 'and':
    case 'or':
      return `(${query.parts.map(grouped).join(query.kind === 'and' ? ' & ' : ' | ')})`;
    case 'not':
      return `!${grouped(query.part)}`;
    case 'all':
    case 'term':
      return printQuery(query);
  }
}

describe('how a query is read', () => {
  test.each([
    ['a b', '(a & b)'],
    ['a AND b', '(a & b)'],
    ['a OR b c', '(a | (b & c))'],
    ['a b OR c AND d', '((a & b) | (c & d))'],
    ['(a OR b) c', '((a | b) & c)'],
    ['a or b and not c', '(a | (b & !c))'],
    ['-a -(b c)', '(!a & !(b & c))'],
    ['NOT NOT a', '!!a'],
    ['- a'.replace(' ', ''), '!a'],
    ['android orange notice total', '(android & orange & notice & total)'],
    ['topic:(cptpp OR marine-imports)', '(topic:cptpp | topic:marine-imports)'],
    ['-lang:(ko ja)', '!(lang:ko & lang:ja)'],
    ['topic:(a OR b)>=0.3', '(topic:a>=0.3 | topic:b>=0.3)'],
    ['topic:(a>=0.1 OR b)>=0.3', '(topic:a>=0.1 | topic:b>=0.3)'],
    ['entity:taiwan>0.5 x', '(entity:taiwan>0.5 & x)'],
    ['published:[2026-01-04 TO 2026-01-15]', 'published:[2026-01-04 TO 2026-01-15]'],
    ['published:{2026-01-04 to *]', 'published:>2026-01-04'],
    ['published:[* TO 2026-01-15}', 'published:<2026-01-15'],
    ['published:>= now-24h', 'published:>=now-24h'],
    ['published>=now-24h salience>0.3', '(published:>=now-24h & salience:>0.3)'],
    ['published:2026-01-13T09:00+09:00', 'published:2026-01-13T09:00+09:00'],
    ['url:https://a.example/x?id=1&b=2', 'url:https://a.example/x?id=1&b=2'],
    ['"shuttle diplomacy"', '"shuttle diplomacy"'],
    ['"shuttle dip"*', '"shuttle dip"*'],
    ['diplom*', 'diplom*'],
    ['entity:*', 'entity:*'],
    ['이재명　高市首相', '(이재명 & 高市首相)'],
    ['entity：taiwan （台湾 OR “臺灣 海峡”）', '(entity:taiwan & (台湾 | "臺灣 海峡"))'],
    ['속보:북한 12:30', '(속보:북한 & 12:30)'],
    ['"say \\"no\\""', '"say \\"no\\""'],
    ['"and" "-x" "a*"', '("and" & "-x" & "a*")'],
    ['', '*'],
    ['  ', '*'],
    ['*', '*'],
    ['* a', '(* & a)'],
  ])('%s', (text, meaning) => {
    expect(grouped(parsed(text))).toBe(meaning);
  });

  test('every node knows its place in what was written', () => {
    const text = 'topic:(cptpp OR x) -lang:ko published:>=2026';
    const query = parsed(text);
    const seen: string[] = [];
    const walk = (node: Query): void => {
      seen.push(text.slice(node.span.start, node.span.end));
      if (node.kind === 'and' || node.kind === 'or') node.parts.forEach(walk);
      if (node.kind === 'not') walk(node.part);
      if (node.kind === 'term') seen.push(text.slice(node.valueSpan.start, node.valueSpan.end));
    };
    walk(query);
    expect(seen).toEqual([
      text, 'topic:(cptpp OR x)', 'cptpp', 'cptpp', 'x', 'x', '-lang:ko', 'lang:ko', 'ko', 'published:>=2026', '>=2026',
    ]); // prettier-ignore
  });
});

describe('what cannot be read is a value that shows the place', () => {
  test.each([
    ['(a b', '(', 'this ( is not closed'],
    ['a (b', '(', 'this ( is not closed'],
    ['a)', ')', 'this ) closes nothing'],
    ['topic:', '', 'something is missing after topic:'],
    ['topic: OR a', 'O', 'something is missing after topic:'],
    ['a AND', '', 'something is missing'],
    ['OR a', 'O', 'something is missing'],
    ['a OR OR b', 'O', 'something is missing'],
    ['()', ')', 'something is missing'],
    ['-', '-', 'a - stands right before what is not wanted'],
    ['korea - japan', '-', 'a - stands right before what is not wanted'],
    ['"a b', '"', 'this quote is not closed'],
    ['"a\\', '"', 'this quote is not closed'],
    ['a*b', '*', 'a * stands at the end of a word only'],
    ['published:[2026 2027]', '2', 'a range is written [from TO to]'],
    ['published:[2026 TO 2027', '[', 'this range is not closed'],
    ['published:[2026 TO ', '', 'something is missing'],
    ['published:[* TO *]', '[* TO *]', 'both ends are open: a * alone says that'],
    ['published:>=', '', 'something is missing'],
    ['published:>=*', '>=*', '>= needs a value'],
    ['a \u0000b', '\u0000', 'the character NUL stands in no text'],
    [
      'title:-taiwan',
      '-taiwan',
      'what is not wanted has a - before all of it; as a word it goes into quotes',
    ],
    ['!trump', '!trump', 'what is not wanted has a - before all of it; as a word it goes into quotes'],
    ['trump –china', '–china', 'what is not wanted has a - before all of it; as a word it goes into quotes'],
    ['a && b', '&&', '&& is written AND'],
    ['a ] b', ']', 'a ] cannot stand here'],
    ['topic:(a lang:ko)', 'lang', 'lang: cannot stand in the group of topic:'],
  ])('%s', (text, at, message) => {
    expect(problemOf(text)).toMatchObject({ at, message });
  });

  test('and so is what is too long, too deep or too much', () => {
    expect(problemOf('x'.repeat(QUERY_CHARS_MAX + 1)).message).toContain(`more than ${QUERY_CHARS_MAX}`);
    expect(problemOf('('.repeat(QUERY_DEPTH_MAX + 1)).message).toContain(`more than ${QUERY_DEPTH_MAX}`);
    expect(problemOf('-'.repeat(3)).message).toContain('a - stands');
    expect(problemOf('not '.repeat(QUERY_DEPTH_MAX + 1)).message).toContain(`more than ${QUERY_DEPTH_MAX}`);
    expect(problemOf('a '.repeat(QUERY_TERMS_MAX + 1)).message).toContain(`more than ${QUERY_TERMS_MAX}`);
    expect(grouped(parsed(`${'('.repeat(QUERY_DEPTH_MAX)}a${')'.repeat(QUERY_DEPTH_MAX)}`))).toBe('a');
  });
});

const text = fc.oneof(
  fc.constantFrom('and', 'OR', 'not', 'to', '-x', 'a*', 'a b', 'x:y', '高市首相', '이재명', '"', '\\', '“a”', '', '[', '>=1', '*'),
  fc.string({ maxLength: 8, unit: 'grapheme' }),
); // prettier-ignore
const word: fc.Arbitrary<Word> = fc.record({ kind: fc.constant('word'), text, prefix: fc.boolean() });
const bound = fc.record({ text, inclusive: fc.boolean() });
const comparison: fc.Arbitrary<Range> = fc.oneof(
  bound.map((from) => ({ kind: 'range' as const, from, to: null })),
  bound.map((to) => ({ kind: 'range' as const, from: null, to })),
);
const range: fc.Arbitrary<Range> = fc.oneof(
  comparison,
  fc.record({ kind: fc.constant('range'), from: bound, to: bound }),
);
const fields = fc.constantFrom(null, 'entity', 'published', 'is', 'X-y.2');
const places = { span: NOWHERE, fieldSpan: NOWHERE, valueSpan: NOWHERE };
const term: fc.Arbitrary<Query> = fc.oneof(
  fc.record({ field: fields, value: word, salience: fc.option(comparison) }),
  fc.record({ field: fields, value: range, salience: fc.constant(null) }),
).map((said): Query => {
  const all = said.field === null && said.value.kind === 'word' && said.value.text === '' && said.value.prefix;
  if (all && said.salience === null) return { kind: 'all', span: NOWHERE };
  return { ...({ kind: 'term', ...said, ...places } satisfies Term) };
}); // prettier-ignore
const { tree } = fc.letrec<{ tree: Query; parts: Query[] }>((tie) => ({
  parts: fc.array(tie('tree'), { minLength: 2, maxLength: 4 }),
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    term,
    tie('tree').map((part) => ({ kind: 'not' as const, part, span: NOWHERE })),
    tie('parts').map((parts) => ({ kind: 'and' as const, parts, span: NOWHERE })),
    tie('parts').map((parts) => ({ kind: 'or' as const, parts, span: NOWHERE })),
  ),
}));

test('a printed query is read back as the same tree', () => {
  fc.assert(
    fc.property(tree, (query) => {
      const result = parseQuery(printQuery(query));
      // A tree of five levels may have more terms than a query may.
      if ('problems' in result) expect(result.problems[0]?.message).toMatch(/^(?:more than|the query has)/);
      else expect(bare(result.query)).toEqual(bare(query));
    }),
    { numRuns: 3_000 },
  );
});

const pieces = fc.constantFrom(
  '(', ')', '"', '[', ']', '{', '}', ':', '*', '-', '>', '<', '=', '\\', ' ', 'AND ', 'or ', 'NOT ', ' TO ', 'topic:',
  'a', '高市', '“', '（', '：', '\u0000', '\ud800', '한', '　',
); // prettier-ignore

/** Milliseconds an input takes, at its best of three where it seems slow: a machine that is busy says nothing of the parser. */
function timeOf(text: string): number {
  let best = Infinity;
  for (let attempt = 0; attempt < 3 && best > PARSE_MS_MAX; attempt++) {
    const started = performance.now();
    parseQuery(text);
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
const PARSE_MS_MAX = 50;

test('no input throws, and each is read within 50 ms or refused', () => {
  const input = fc.oneof(
    fc.array(pieces, { maxLength: 4_000 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 5_000 }),
    fc.tuple(pieces, fc.integer({ min: 1, max: 10_000 })).map(([piece, times]) => piece.repeat(times).slice(0, 10_240)),
  ); // prettier-ignore
  fc.assert(
    fc.property(input, (hostile) => {
      expect(timeOf(hostile)).toBeLessThan(PARSE_MS_MAX);
      const result = parseQuery(hostile);
      if ('problems' in result) {
        for (const { span } of result.problems) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeLessThanOrEqual(hostile.length);
          expect(span.start).toBeLessThanOrEqual(span.end);
        }
      } else expect(result.query.span.end).toBeLessThanOrEqual(hostile.length);
    }),
    { numRuns: 1_000 },
  );
});

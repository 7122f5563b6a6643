import { describe, expect, test } from 'vitest';
import { readYaml } from '../../src/dossier/yaml.ts';

function problemsIn(text: string): readonly { line: number | null; message: string }[] {
  const read = readYaml('a.yaml', text);
  return 'value' in read ? [] : read.map(({ line, message }) => ({ line, message }));
}

describe('plain YAML', () => {
  test('is read with the lines its parts stand on', () => {
    const read = readYaml('a.yaml', '# notes\n---\n- id: a\n  list: [1,\n    2]\n');
    if (!('value' in read)) throw new Error('expected a value');
    expect(read.value).toEqual([{ id: 'a', list: [1, 2] }]);
    expect(read.place([0, 'list', 1])).toEqual({ file: 'a.yaml', line: 5, field: '[0].list[1]' });
    expect(read.place([0, 'none', 'at', 'all'])).toMatchObject({ line: 3, field: '[0].none.at.all' });
    expect(read.keyPlace([0], 'list')).toMatchObject({ line: 4, field: '[0].list' });
  });

  test('may hold brackets and dashes in text', () => {
    const text = `a: "${'['.repeat(500)}"\nb: |\n  ${'- '.repeat(500)}\n`;
    expect(problemsIn(text)).toEqual([]);
  });

  test('keeps days and ids as text', () => {
    const read = readYaml('a.yaml', 'day: 2026-01-13\nyes: yes\n');
    expect('value' in read && read.value).toEqual({ day: '2026-01-13', yes: 'yes' });
  });
});

describe('what is refused, with its line', () => {
  test.each([
    ['an anchor', 'a: 1\nb: &x 2\n', 2, 'anchors (&x) are not allowed'],
    ['an alias', 'a: 1\nb: *x\n', 2, 'aliases (*x) are not allowed'],
    ['a tag', 'a: !!js/function x\n', 1, 'tags (!!js/function) are not allowed'],
    ['a directive', '%YAML 1.1\n---\na: yes\n', 1, 'directives (%YAML 1.1) are not allowed'],
    ['a second document', 'a: 1\n---\nb: 2\n', 2, 'a second document is not allowed'],
    ['a document end', 'a: 1\n...\nb: 2\n', 2, 'document ends (...) are not allowed'],
    ['the same key twice', 'a: 1\na: 2\n', 2, 'is not valid YAML: Map keys must be unique'],
    ['an open bracket', 'a:\n  b: [1\n', 3, 'is not valid YAML'],
    ['a key that is a list', '[1, 2]: 3\n', 1, 'is not valid YAML'],
  ])('%s', (_name, text, line, message) => {
    const [first] = problemsIn(text);
    expect(first?.line).toBe(line);
    expect(first?.message).toContain(message);
  });

  test.each([
    ['brackets', '['],
    ['braces', '{ a: '],
    ['dashes', '- '],
    ['question marks', '? '],
    ['brackets over many lines', '[\n'],
  ])('%s without end, before the parser sees them', (_name, opening) => {
    expect(problemsIn(opening.repeat(500_000))[0]?.message).toBe('is nested too deeply');
  });

  test('steps that lead ever deeper', () => {
    const steps = Array.from({ length: 5_000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('');
    expect(problemsIn(steps)).toEqual([{ line: 66, message: 'is nested too deeply' }]);
  });
});

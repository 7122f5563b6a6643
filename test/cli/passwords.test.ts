import { expect, test, vi } from 'vitest';
import { jsonShown, processOutput } from '../../src/cli/output.ts';
import { withoutPasswords } from '../../src/log/without-passwords.ts';

test.each([
  ['http://user:pass@h.example/rss', 'http://…@h.example/rss'],
  ['HTTP://us%20er@h.example', 'HTTP://…@h.example'],
  ['https://a:p@ss@h.example:8080/x?y=z@w', 'https://…@h.example:8080/x?y=z@w'],
  [
    'known: feed+https://a:b@h.example, also postgres://c:d@db/n',
    'known: feed+https://…@h.example, also postgres://…@db/n',
  ],
  ['{"url":"https://a:b@h.example/"}', '{"url":"https://…@h.example/"}'],
])('%s is shown without its password', (text, shown) => {
  expect(withoutPasswords(text)).toBe(shown);
});

test.each([
  'https://h.example/@user',
  'https://h.example?mail=a@b',
  'see https://h.example or me@mail.example',
])('%s holds none and is left as it is', (text) => {
  expect(withoutPasswords(text)).toBe(text);
});

test('what is said on stderr, or printed as JSON of feeds, holds no password', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  processOutput().err('https://a:s3cret@h.example/rss is the feed quay already\n');
  const [[said] = []] = write.mock.calls;
  write.mockRestore();
  expect(said).toBe('https://…@h.example/rss is the feed quay already\n');
  expect(jsonShown({ url: 'https://a:s3cret@h.example/' })).not.toContain('s3cret');
});

import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { feedId } from '../../src/events/ids.ts';
import { troubleOf } from '../../src/ingest/feed.ts';
import { FeedParseError } from '../../src/ingest/parsed.ts';
import { tellParserFault } from '../../src/workers/parser-faults.ts';

const crashed = (stack: string): FeedParseError =>
  new FeedParseError('https://quay.example/rss', 'crashed', 'reading it failed: no', {
    cause: new Error(stack),
  });

test('a fault of the parser is logged once a kind, with the feed that met it and its stack, cut', () => {
  const lines: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(JSON.parse(line.toString()) as Record<string, unknown>);
      done();
    },
  });
  const log = pino({ base: null, timestamp: false }, sink);
  const tell = (feed: string, error: FeedParseError): void => {
    tellParserFault(log, feedId(feed), troubleOf(error, new Uint8Array(), 200));
  };
  tell(
    'quay',
    crashed('TypeError: no title in "a"\n    at titleOf (read.js:3:1)\n    at read (read.js:9:9)'),
  );
  tell(
    'pier',
    crashed('TypeError: no title in "b"\n    at titleOf (read.js:3:1)\n    at other (read.js:1:1)'),
  );
  tell('pier', crashed(`RangeError: long\n    at deep (read.js:5:5)\n${'x'.repeat(100_000)}`));
  tell('mole', new FeedParseError(null, 'html', 'a web page, not a feed'));
  expect(lines.map(({ feed }) => feed)).toEqual(['quay', 'pier']);
  expect(lines[0]).toMatchObject({
    msg: 'a fault in the parser, told once',
    reason: 'https://quay.example/rss: reading it failed: no',
    stack: expect.stringContaining('at read (read.js:9:9)') as unknown,
  });
  expect(String(lines[1]?.['stack'])).toHaveLength(4_000);
});

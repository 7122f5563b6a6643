import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { evidenceText } from '../../src/cli/evidence-text.ts';
import { feedTable } from '../../src/cli/feed-table.ts';
import type { FeedTable } from '../../src/cli/feed-table.ts';
import { wrapHanging } from '../../src/cli/wrap.ts';
import { feedId, publisherId } from '../../src/events/ids.ts';
import type { ListedFeed } from '../../src/query/lists.ts';
import { NOON } from '../support/events.ts';

const MINUTE_MS = 60_000;
const at = (minutes: number): Date => new Date(NOON.getTime() + minutes * MINUTE_MS);

function feed(id: string, more: Partial<ListedFeed> = {}): ListedFeed {
  return {
    ...{
      feed: feedId(id),
      title: id,
      url: `https://${id}.example/rss`,
      publisher: publisherId('quay'),
      lang: 'ko',
    },
    ...{ status: 'active', statusReason: null, failure: null, failingSince: null, items: 1234, revisions: 0 },
    options: { fullText: false, allowPrivate: false },
    ...{
      lastItemAt: at(-90),
      lastPolledAt: at(-5),
      lastGoodAt: at(-5),
      lastOutcome: '3 new',
      nextDueAt: at(4),
    },
    ...more,
  };
}

const failure = { kind: 'soft', reason: 'answered 503', status: 503, evidence: null } as const;
const busy = feedId('one-of-two-hundred-feeds-of-a-host');
const SHOWN: FeedTable = {
  feeds: [
    feed('harbour', {
      options: { fullText: true, allowPrivate: false },
      lastOutcome: '竹島の式典に政務官派遣へ、韓国外務省は抗議',
    }),
    feed('pushed', { nextDueAt: at(240) }),
    feed('failing', { failure, failingSince: at(-60), nextDueAt: at(120) }),
    feed('paused', { status: 'paused', statusReason: 'too loud', nextDueAt: null }),
    feed(busy, { nextDueAt: at(-3) }),
  ],
  expected: new Map(),
  waits: new Map([[busy, { host: 'h.example', feeds: 200, freeAt: at(0) }]]),
  pushed: new Set([feedId('pushed')]),
  now: NOON,
};

test('the table of feeds fits the terminal, and says when each is asked again and why', () => {
  for (const columns of [80, 120, 200]) {
    const lines = feedTable(SHOWN, columns).split('\n');
    for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
  }
  const narrow = feedTable(SHOWN, 80);
  for (const words of [
    'in 4 min',
    'in 4 h, pushed',
    'in 2 h, backing off',
    'paused',
    'now, host busy',
    '1 h 30 min ago',
  ])
    expect(narrow).toContain(words);
  const whole = feedTable(SHOWN, Infinity);
  for (const words of [
    busy,
    'full text',
    '竹島の式典に政務官派遣へ、韓国外務省は抗議',
    'now, host busy',
    '2026-01-',
  ])
    expect(whole).toContain(words);
  expect(feedTable({ ...SHOWN, now: null }, 200)).not.toContain('backing off');
});

test('lines below the table go on under themselves', () => {
  const text = 'in trouble:\n  quay: hard trouble since noon, its certificate has expired\n';
  expect(wrapHanging(text, 40)).toBe(
    'in trouble:\n  quay: hard trouble since noon, its\n    certificate has expired\n',
  );
  expect(wrapHanging(text, Infinity)).toBe(text);
});

test('evidence that is text is shown whole, what is none escaped and cut', () => {
  const page = '<html>나라 정상회담</html>\r\n'.repeat(200);
  expect(evidenceText(page, 80)).toEqual({
    shown: `${'<html>나라 정상회담</html>\n'.repeat(200)}\n`,
    left: 0,
  });
  const { shown, left } = evidenceText('\u0089PNG\u001b[31m\ufffd\ufffd'.repeat(400), 80);
  expect(shown).toMatch(/^\\u0089PNG\\u001b\[31m\\ufffd/);
  expect(shown).toMatch(/^[\n\u0020-\u007e]*$/);
  for (const line of shown.trimEnd().split('\n')) {
    expect(line.length).toBeLessThanOrEqual(80);
    expect(line).toMatch(/^(?:\\u[0-9a-f]{4}|[^\\])+$/);
  }
  expect(left).toBe(11 * 400 - 1_000);
});

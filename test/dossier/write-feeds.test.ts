import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FeedListing, Publisher } from '../../src/dossier/dossier.ts';
import { readFeeds } from '../../src/dossier/feeds.ts';
import { readFeedList } from '../../src/dossier/read-list.ts';
import { COUNTRY_UNKNOWN, LANG_UNKNOWN, writeFeeds } from '../../src/dossier/write-feeds.ts';
import { OPTIONS_OFF, sameOptions } from '../../src/events/feed.ts';
import { feedId, publisherId } from '../../src/events/ids.ts';

/** Text with everything in it that XML or a reader of attributes could take for its own. */
const text = fc
  .string({
    unit: fc.constantFrom(
      'a',
      'b',
      ' ',
      '<',
      '>',
      '&',
      '"',
      "'",
      '\t',
      '\n',
      ';',
      '#',
      '聯',
      '한',
      '🗾',
      '\u0000',
      '\u001b',
      '\ud800',
    ),
    minLength: 1,
    maxLength: 30,
  })
  // eslint-disable-next-line no-control-regex -- what XML cannot hold is left out
  .map((drawn) => drawn.replace(/[\u0000\u001b]|\p{Cs}/gu, '').trim())
  .filter((drawn) => drawn !== '');

const publishers: fc.Arbitrary<Publisher> = fc.record({
  id: fc.constantFrom('p-1', 'p-2', 'p-3').map(publisherId),
  name: text,
  family: fc.constantFrom('fam', 'other'),
  country: fc.constantFrom('KR', 'CN', COUNTRY_UNKNOWN),
  stateRun: fc.boolean(),
  hosts: fc.constantFrom([], ['a.example'], ['a.example', 'news.b.example']),
});
const feeds = fc
  .record({
    id: fc.constantFrom('one', 'two', 'three', 'four').map(feedId),
    title: text,
    url: fc.webUrl({ withQueryParameters: true }),
    site: fc.option(fc.webUrl()),
    lang: fc.constantFrom('ko', 'zh-Hant', 'en-US', LANG_UNKNOWN),
    seen: text,
    unverified: fc.boolean(),
    paused: fc.option(text),
    options: fc
      .record({ fullText: fc.boolean(), allowPrivate: fc.boolean() })
      .map((drawn) => (sameOptions(drawn, OPTIONS_OFF) ? null : drawn)),
  })
  .map(({ paused, options, ...rest }) => ({
    ...rest,
    ...(paused !== null && { paused }),
    ...(options !== null && { options }),
  }));

test('what is written is read back as it was, by the dossier and by import', () => {
  const lists = fc.uniqueArray(fc.tuple(publishers, fc.uniqueArray(feeds, { selector: (one) => one.id })), {
    selector: ([publisher]) => publisher.id,
    maxLength: 3,
  });
  fc.assert(
    fc.property(text, lists, (title, drawn) => {
      const listings = drawn.flatMap(([{ id: publisher }, own]) =>
        own.map((feed): FeedListing => ({ ...feed, publisher })),
      );
      const xml = writeFeeds(
        title,
        drawn.map(([publisher]) => publisher),
        listings,
      );
      const read = readFeeds(xml);
      expect(read.problems).toEqual([]);
      expect(read.feeds.map(({ entry }) => entry)).toEqual(listings);
      expect(read.publishers.map(({ entry }) => entry)).toEqual(
        drawn.filter(([, own]) => own.length > 0).map(([publisher]) => publisher),
      );
      expect(readFeedList(xml)).toMatchObject({
        faults: [],
        entries: listings.map(({ id, url, lang, publisher, paused, options }) => ({
          ...{ id, url, publisher, paused: paused ?? null },
          lang: lang === LANG_UNKNOWN ? null : lang,
          ...(options?.fullText && { options: { fullText: true } }),
        })),
      });
    }),
  );
});

test('a list of any other reader gives its feeds, whatever else stands in it', () => {
  const { entries, faults } = readFeedList(`<opml version="1.1"><head/><body>
    <outline text="Folder"><outline title="One" xmlURL=" https://one.example/rss " category="/x"/></outline>
    <outline text="No feed" htmlUrl="https://two.example/"/>
    <outline text="Bad" xmlUrl="https://three.example/" xmlns:sw="urn:shuttlewatch:opml:1" sw:feed="Not an id"/>
  </body></opml>`);
  expect(entries).toEqual([
    {
      ...{ line: 2, outline: 1, url: 'https://one.example/rss', title: 'One', id: null },
      ...{ publisher: null, lang: null, paused: null },
    },
  ]);
  expect(faults).toEqual([{ line: 4, message: '"Not an id" is no id' }]);
  expect(readFeedList('<html>').faults).not.toEqual([]);
});

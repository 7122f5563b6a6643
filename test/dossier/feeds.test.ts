import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readFeeds } from '../../src/dossier/feeds.ts';
import { OUTLINE_DEPTH_MAX, readOpml } from '../../src/dossier/opml.ts';
import { problemText } from '../../src/dossier/problem.ts';

const around = (body: string): string =>
  `<opml version="2.0" xmlns:x="urn:shuttlewatch:opml:1"><body>\n${body}\n</body></opml>`;
const publisher = (id: string, hosts: string, feeds = ''): string =>
  `<outline text="P" x:publisher="${id}" x:family="f" x:country="KR" x:stateRun="false" x:hosts="${hosts}">${feeds}</outline>`;

function problemsIn(xml: string): readonly string[] {
  return readFeeds(xml).problems.map(problemText);
}

describe('feeds.opml', () => {
  test('knows our attributes by their namespace, whatever the prefix', () => {
    const { publishers, problems } = readFeeds(around(publisher('p', 'p.example')));
    expect(problems).toEqual([]);
    expect(publishers[0]?.entry.id).toBe('p');
  });

  test('names the line of an attribute that is wrong', () => {
    const xml = around(
      `${publisher('p', 'www.p.example')}\n<outline text="Q" x:publisher="q" x:family="Q" x:country="XX" x:stateRun="no" x:hosts="q.example" colour="red"/>`,
    );
    expect(problemsIn(xml)).toEqual([
      'feeds.opml:2 sw:hosts: expected host names in lower case without www., with spaces between them',
      'feeds.opml:3 sw:family: expected an id of lower-case letters, digits and single hyphens',
      'feeds.opml:3 sw:country: expected a country as ISO 3166-1 alpha-2, such as KR',
      'feeds.opml:3 sw:stateRun: expected true | false',
      'feeds.opml:3 colour: unknown attribute',
    ]);
  });

  test.each([
    ['cut off', '<opml version="2.0"><body><outline text="a">', 'unclosed tag'],
    [
      'with an entity of its own',
      '<opml version="2.0"><body><outline text="&boom;"/></body></opml>',
      'entity',
    ],
    ['of another kind', '<rss><outline text="a"/></rss>', 'expected <opml>'],
    ['empty', '', 'well-formed'],
  ])('is refused when it is %s', (_name, xml, message) => {
    const problems = problemsIn(xml);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).toContain(message);
  });

  test.each([
    [
      '<opml>\n<body>\n<outline text="a">\n</body></opml>',
      '4: another tag is closed while <outline> is open: expected </outline> for the <outline> of line 3, or /> at its end, before',
    ],
    [
      '<opml>\n<body>\n<outline text="a"/>\n',
      '4: unclosed tag <body>: expected </body> for the <body> of line 2 before the file ends',
    ],
    [
      '<opml><body>\n<outline text=a/></body></opml>',
      '2: a value without quotation marks: expected name="value" (is a quotation mark missing before it?)',
    ],
    [
      '<opml><body>\n<outline sw:x="1"/></body></opml>',
      '2: the prefix sw: is not declared: expected xmlns:sw="…" in <opml>',
    ],
    ['{"feeds":[]}', '1: text outside of the tags: expected nothing but <opml>…</opml>'],
  ])(
    'that is broken tells the line of the first fault, what was found and what was expected: %j',
    (xml, words) => {
      const read = readOpml(xml);
      const told = 'faults' in read ? read.faults.map(({ line, message }) => `${line}: ${message}`) : [];
      expect(told).toEqual([words.replace(': ', ': is not well-formed XML: ')]);
    },
  );

  test('is refused when it nests without end, and without recursion', () => {
    const deep = '<outline text="a">'.repeat(100_000);
    const read = readOpml(`<opml version="2.0"><body>${deep}`);
    expect('faults' in read && read.faults[0]?.message).toBe('is nested too deeply');
    const allowed = `${'<outline text="a">'.repeat(OUTLINE_DEPTH_MAX - 2)}${'</outline>'.repeat(OUTLINE_DEPTH_MAX - 2)}`;
    expect(readOpml(around(allowed))).toHaveProperty('outlines');
  });
});

describe('the feeds of the shuttle diplomacy', () => {
  const xml = readFileSync(new URL('../../dossiers/shuttle-diplomacy/feeds.opml', import.meta.url), 'utf8');
  const { publishers, feeds, problems } = readFeeds(xml);

  test('are in order, and many enough in each language', () => {
    expect(problems).toEqual([]);
    const langs = feeds.map(({ entry }) => entry.lang);
    expect(langs.length).toBeGreaterThanOrEqual(45);
    for (const lang of ['en', 'ko', 'ja', 'zh-Hans', 'zh-Hant']) {
      expect(langs.filter((each) => each === lang).length).toBeGreaterThanOrEqual(8);
    }
  });

  test('say where they were seen, and that nobody has fetched them yet', () => {
    for (const { entry } of feeds) expect(entry).toMatchObject({ unverified: true });
  });

  test('each have one publisher, and no host has two', () => {
    const hosts = publishers.flatMap(({ entry }) => entry.hosts);
    expect(new Set(hosts).size).toBe(hosts.length);
    expect(new Set(feeds.map(({ entry }) => entry.url)).size).toBe(feeds.length);
  });
});

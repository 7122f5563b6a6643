import { readFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exportedLists } from '../../src/cli/feed-list.ts';
import { updateList } from '../../src/dossier/opml-list.ts';
import { readFeedList } from '../../src/dossier/read-list.ts';
import { readXmlTree, writeXmlTree } from '../../src/dossier/xml-tree.ts';
import type { XmlDocument, XmlNode } from '../../src/dossier/xml-tree.ts';
import { publisherId } from '../../src/events/ids.ts';
import type { FeedId } from '../../src/events/ids.ts';
import type { AddDecision } from '../../src/ingest/hand-feeds.ts';
import { decidePause, decideRemove } from '../../src/ingest/hand-feeds.ts';
import { opmlText } from '../../src/ingest/opml-text.ts';
import { listFeeds } from '../../src/query/lists.ts';
import { keepList, listHashOf } from '../../src/workers/feed-lists.ts';
import { addFeeds, changeFeeds } from '../../src/workers/hand-feeds.ts';
import { NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const NO_DOSSIER = { feeds: [], folder: '' };
const now = (): Date => NOON;

/** Imports a list as the command does. */
async function importList(text: string): Promise<readonly AddDecision[]> {
  const { entries, faults } = readFeedList(text);
  expect(faults).toEqual([]);
  await keepList(log.store, text);
  const wanted = entries.map(({ id, url, title, lang, paused, outline }) => {
    const list = listHashOf(text);
    return { id, url, title, lang, paused, publisher: publisherId('p'), outline: { list, outline } };
  });
  return await addFeeds({ store: log.store, now }, wanted, []);
}

async function exported(feeds: ReadonlySet<FeedId>): Promise<XmlDocument> {
  const there = (await listFeeds(log.store.db)).filter(
    ({ feed, status }) => feeds.has(feed) && status !== 'removed',
  );
  const { list, rest } = await exportedLists(log.store, NO_DOSSIER, there);
  expect(rest).toEqual([]);
  if (list === null) throw new Error('no list came out');
  return list;
}

function tree(text: string): XmlDocument {
  const read = readXmlTree(text);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

/** A document in its one written form: equal for equal trees. */
const formOf = (document: XmlDocument): string => writeXmlTree(document);

test("the dossier's list comes out of an empty product as it went in, and a second time byte for byte", async () => {
  const text = readFileSync('dossiers/shuttle-diplomacy/feeds.opml', 'utf8');
  const decisions = await importList(text);
  expect(decisions.length).toBeGreaterThanOrEqual(45);
  const first = formOf(await exported(new Set(decisions.map(({ feed }) => feed))));
  expect(first).toBe(formOf(tree(text)));
  const again = await importList(first);
  expect(new Set(again.map(({ kind }) => kind))).toEqual(new Set(['known']));
  expect(formOf(await exported(new Set(again.map(({ feed }) => feed))))).toBe(first);
});

const OTHERS = `<?xml version="1.0"?><!-- mine --><opml version="2.0" xmlns:fz="urn:fz" fz:quickMode="false"><head><title>목록 &amp; more</title>
  <ownerName>I</ownerName><fz:state>x</fz:state></head><body><!-- first -->
  <outline text="Folder" title="Folder" isOpen="true">
    <outline text="One" type="RSS" xmlURL="https://one.example/rss" category="/news,/kr" fz:update="60" description="&quot;d&quot;&#10;2"/>
    <outline text="Deep"><outline text="Two" type="atom" xmlUrl="https://two.example/atom" language="ko"/></outline>
  </outline>
  <outline text="Others" type="include" url="https://lists.example/more.opml"/><outline text="A page" type="link" url="https://page.example/"/>
  <outline text="Old" type="rss" url="https://old.example/rss"/><outline text="" created="x"/></body></opml>`;

test('a list of another reader keeps all that it says; what has become of a feed since is written into it', async () => {
  const added = await importList(OTHERS);
  expect(added.map(({ kind, feed }) => `${kind} ${feed}`)).toEqual([
    ...['added one-example', 'added two-example', 'added old-example'],
  ]);
  const [one, two, old] = added.map(({ feed }) => feed);
  if (one === undefined || two === undefined || old === undefined) throw new Error('three were added');
  expect(formOf(await exported(new Set([one, two, old])))).toBe(formOf(tree(OTHERS)));
  const deps = { store: log.store, now };
  await changeFeeds(deps, [one], decidePause, 'too loud');
  await changeFeeds(deps, [two], decideRemove, 'gone');
  const changed = formOf(await exported(new Set([one, two, old])));
  expect(changed).toContain('xmlns:sw="urn:shuttlewatch:opml:1"');
  expect(changed).toMatch(/<outline text="One"[^>]* sw:paused="too loud"\/>/);
  expect(changed).not.toMatch(/Two|Deep/);
  expect(changed).toContain('<outline text="A page" type="link" url="https://page.example/"/>');
});

const name = fc.constantFrom('text', 'title', 'category', 'x:y', 'created', 'xmlUrl', 'language');
const value = fc.string({
  unit: fc.constantFrom('a', ' ', '<', '&', '"', "'", '\t', '\n', '\r', ']', '聯', '🗾', '-'),
});
const words = value.map((text) => text.trim().replaceAll('\r', '')).filter((text) => text !== '');
const comment = value.map((text) => text.replace(/-+/g, '').replaceAll('\r', ''));
const { node } = fc.letrec<{ node: XmlNode }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('comment' as const), text: comment }),
    fc.record({
      kind: fc.constant('element' as const),
      name: fc.constantFrom('outline', 'x:other'),
      attributes: fc
        .uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 4 })
        .map((all) => new Map(all)),
      children: fc.oneof(
        fc.array(tie('node'), { maxLength: 4 }),
        words.map((text): XmlNode[] => [{ kind: 'text', text }]),
      ),
    }),
  ),
}));

test('any tree of outlines is read back as it was written, and untouched where no feed of it has changed', () => {
  fc.assert(
    fc.property(fc.array(node, { maxLength: 4 }), fc.array(comment, { maxLength: 2 }), (nodes, comments) => {
      const body: XmlNode = { kind: 'element', name: 'body', attributes: new Map(), children: nodes };
      const attributes = new Map([['xmlns:x', 'urn:x']]);
      const root = { kind: 'element' as const, name: 'opml', attributes, children: [body] };
      const document = { before: comments, root, after: comments };
      const form = formOf(document);
      expect(tree(form).root.attributes).toEqual(attributes);
      expect(formOf(tree(form))).toBe(form);
      expect(formOf(updateList(tree(form), new Map()))).toBe(form);
    }),
    { numRuns: 60 },
  );
});

test('a list is read in the charset it is in, with the slips that readers make; hostile ones are refused', () => {
  const korean = `<?xml version="1.0" encoding="euc-kr"?><opml version="1.1"><body>
    <outline text="연합뉴스 &nbsp;정치" xmlUrl="https://k.example/?a=1&b=2"/></body></opml>`;
  const [entry] = readFeedList(opmlText(iconv.encode(korean, 'euc-kr'))).entries;
  expect(entry).toMatchObject({ title: '연합뉴스 \u00a0정치', url: 'https://k.example/?a=1&b=2' });
  const bomb = `<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><body><outline text="&b;" xmlUrl="https://b.example/"/></body></opml>`;
  expect(readFeedList(opmlText(Buffer.from(bomb)))).toMatchObject({ entries: [], faults: [{}] });
  const many = `<opml version="2.0"><body>${'<outline text="a"/>'.repeat(100_001)}</body></opml>`;
  expect(readFeedList(many).faults[0]?.message).toBe('expected at most 10000 outlines');
  expect(readXmlTree(many)).toBe('has more than 100000 nodes');
  expect(readXmlTree('<a>'.repeat(50_000))).toBe('is nested too deeply');
});

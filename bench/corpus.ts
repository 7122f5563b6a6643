import type { Recorded } from '../src/events/event.ts';
import {
  contentHashOf,
  eventIdOf,
  feedId,
  itemIdOf,
  itemStream,
  position,
  publisherId,
  subjectId,
} from '../src/events/ids.ts';
import type { ContentHash, ItemId, PublisherId } from '../src/events/ids.ts';
import type { ItemIngested, ItemTagged, SubjectKind, Tag } from '../src/events/item.ts';
import type { ItemContent } from '../src/store/content.ts';
import { random } from './random.ts';
import type { Random } from './random.ts';

export const LANGS = ['en', 'ko', 'ja', 'zh-Hans', 'zh-Hant'] as const;
export type Lang = (typeof LANGS)[number];
/** Of twenty items, how many each language has. */
const LANG_SHARES = [8, 5, 4, 2, 1];

const WORDS = 20_000;
const YEARS_MS = 2 * 365 * 86_400_000;
export const FROM = new Date('2024-11-01T00:00:00Z');
export const UNTIL = new Date(FROM.getTime() + YEARS_MS);

export interface GeneratedSubject {
  readonly id: string;
  readonly kind: SubjectKind;
  /** The share of items that carry it. */
  readonly share: number;
}

const ENTITY_KINDS: readonly SubjectKind[] = ['person', 'place', 'organisation', 'country'];
const TOPIC_KINDS: readonly SubjectKind[] = ['agreement', 'measure', 'policy', 'topic'];

function subjects(
  prefix: string,
  count: number,
  most: number,
  kinds: readonly SubjectKind[],
): GeneratedSubject[] {
  return Array.from({ length: count }, (_, rank) => ({
    id: `${prefix}-${rank}`,
    kind: kinds[rank % kinds.length] ?? 'topic',
    share: most / (rank + 1) ** 0.9,
  }));
}

export const ENTITIES = subjects('entity', 80, 0.15, ENTITY_KINDS);
export const TOPICS = subjects('topic', 40, 0.1, TOPIC_KINDS);
const SUBJECTS = [...ENTITIES, ...TOPICS];
const PUBLISHERS = 60;
export const COUNTRIES: ReadonlyMap<PublisherId, string> = new Map(
  Array.from({ length: PUBLISHERS }, (_, rank) => [
    publisherId(`publisher-${rank}`),
    ['KR', 'JP', 'CN', 'TW', 'US'][rank % 5] ?? 'KR',
  ]),
);

const SYLLABLES = [
  'ba',
  'con',
  'der',
  'el',
  'fi',
  'gra',
  'hu',
  'in',
  'jo',
  'ker',
  'lan',
  'mi',
  'nor',
  'os',
  'pre',
  'qua',
  'ri',
  'sta',
  'tu',
  'ver',
  'wes',
  'yo',
  'zi',
  'tion',
];

function characters(random: Random, from: number, range: number, least: number, more: number): string {
  return Array.from({ length: least + random.below(more + 1) }, () =>
    String.fromCodePoint(from + random.below(range)),
  ).join('');
}

export type Vocabulary = Readonly<Record<'en' | 'ko' | 'ja' | 'zh', readonly string[]>>;

function makeVocabulary(): Vocabulary {
  const source = random(7);
  const make = (word: () => string): string[] => Array.from({ length: WORDS }, word);
  return {
    en: make(() => Array.from({ length: 1 + source.below(3) }, () => source.pick(SYLLABLES)).join('')),
    ko: make(() => characters(source, 0xac00 + 28 * source.below(30), 1_200, 2, 2)),
    ja: make(() =>
      source.below(3) === 0 ? characters(source, 0x3042, 80, 1, 2) : characters(source, 0x4e00, 1_500, 2, 1),
    ),
    zh: make(() => characters(source, 0x4e00, 1_800, 1, 2)),
  };
}

let made: Vocabulary | null = null;

/**
 * The words of each language, the most frequent first. CJK words draw on few characters, as they do. Made when they are first
 * asked for: programs that only may write items start in less than half of the time without them.
 */
export function vocabulary(): Vocabulary {
  return (made ??= makeVocabulary());
}

export function scriptOf(lang: Lang): 'en' | 'ko' | 'ja' | 'zh' {
  return lang === 'zh-Hans' || lang === 'zh-Hant' ? 'zh' : lang;
}

function sentence(source: Random, lang: Lang, words: number): string {
  const script = scriptOf(lang);
  const known = vocabulary()[script];
  const chosen = Array.from({ length: words }, () => known[source.rank(WORDS)] ?? '');
  if (script === 'en' || script === 'ko') return `${chosen.join(' ')}.`;
  // A comma now and then, as text without any would be one run.
  return `${chosen.map((word, index) => (index % 7 === 6 ? `${word}、` : word)).join('')}。`;
}

export interface GeneratedItem {
  readonly content: ItemContent;
  readonly hash: ContentHash;
  readonly ingested: Recorded<ItemIngested>;
  readonly tagged: Recorded<ItemTagged>;
}

function langAt(draw: number): Lang {
  let left = draw;
  for (const [index, share] of LANG_SHARES.entries()) {
    left -= share;
    if (left < 0) return LANGS[index] ?? 'en';
  }
  return 'en';
}

function tagsOf(source: Random): Tag[] {
  return SUBJECTS.filter(({ share }) => source.next() < share).map(({ id, kind }) => ({
    id: subjectId(id),
    kind,
    salience: Math.round(source.next() * 100) / 100,
    mentions: [{ start: 0, end: 4, surface: 'name', field: 'title', alias: 'name', rule: 'word' }],
  }));
}

function ingest(
  source: Random,
  index: number,
  count: number,
): Omit<GeneratedItem, 'tagged'> & { lang: Lang } {
  const lang = langAt(source.below(20));
  const script = scriptOf(lang);
  // Headline and lead of some 500 bytes, as feeds give them.
  const content = {
    title: sentence(source, lang, script === 'en' || script === 'ko' ? 9 : 10),
    summary: sentence(source, lang, script === 'en' ? 60 : 50),
  };
  const item: ItemId = itemIdOf(`bench ${index}`);
  const hash = contentHashOf(content.title, content.summary);
  const publisher = `publisher-${source.rank(PUBLISHERS)}`;
  const at = new Date(FROM.getTime() + Math.floor((YEARS_MS * (index + source.next())) / count));
  const data: ItemIngested['data'] = {
    item,
    feed: feedId(`${publisher}-${lang.toLowerCase()}`),
    publisher: publisherId(publisher),
    url: `https://news.${publisher}.example/${lang}/${index}`,
    guid: null,
    lang,
    published: at.toISOString(),
    content: hash,
    backfill: index % 10 === 0 ? 'archive' : null,
  };
  return {
    content,
    hash,
    lang,
    ingested: {
      type: 'ItemIngested',
      id: eventIdOf('ItemIngested', item, hash),
      decidedAt: at,
      data,
      position: position(2 * index + 1),
      stream: itemStream(item),
      version: 1,
      recordedAt: at,
    },
  };
}

/** Item number `index` of `count`: the same for the same numbers. */
export function generate(index: number, count: number): GeneratedItem {
  const source = random(index + 1);
  const { lang, ...item } = ingest(source, index, count);
  const { data, decidedAt, stream, recordedAt } = item.ingested;
  const tagged: Recorded<ItemTagged> = {
    type: 'ItemTagged',
    id: eventIdOf('ItemTagged', data.item, item.hash, 'd', 't', 'ingested'),
    decidedAt,
    data: {
      item: data.item,
      content: item.hash,
      text: null,
      cause: 'ingested',
      lang,
      backfill: data.backfill,
      copyKey: '',
      tags: tagsOf(source),
      relevance: 0.5,
      event: null,
      refused: [],
      dossier: 'bench',
      tagger: 'bench',
      model: '',
    },
    position: position(2 * index + 2),
    stream,
    version: 2,
    recordedAt,
  };
  return { ...item, tagged };
}

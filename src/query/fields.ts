import { sql } from 'kysely';
import { REPORTED_EVENT_TYPES } from '../events/event-type.ts';
import type { SubjectKind } from '../events/item.ts';
import { absoluteUrl, publicUrl } from '../ingest/url.ts';
import type { Range, Term, Word } from './ast.ts';
import { columnLeaf } from './column-leaf.ts';
import type { KnownPublisher, QueryContext } from './context.ts';
import {
  actorLexeme,
  eventLexeme,
  feedLexeme,
  hostLexeme,
  isLexeme,
  kindLexeme,
  langLexeme,
  publisherLexeme,
  targetLexeme,
} from './facet-lexemes.ts';
import { partyEvidence, typeEvidence } from './event-evidence.ts';
import { readWord, valueProblem } from './field.ts';
import type { Field, Read } from './field.ts';
import type { QueryItem } from './item.ts';
import type { Leaf, Stretch } from './leaf.ts';
import { constantLeaf, lexemeLeaf } from './lexeme-leaf.ts';
import { nearest } from './nearest.ts';
import { readRelevance, readSalience } from './number-fields.ts';
import { ENTITY_KINDS, entity, subject, topic, TOPIC_KINDS } from './subject-field.ts';
import { stretchOfRange, TIME_FORMS } from './time.ts';
import { body, text, title } from './words-field.ts';

export { FREE_WORDS } from './words-field.ts';

const candidates = (names: Iterable<string>): { name: string }[] =>
  [...new Set(names)].map((name) => ({ name }));

/** A field whose values are names of which the whole list is known. */
function choiceField<Name extends string>(
  field: Omit<Field, 'read'>,
  names: readonly Name[],
  lexeme: (name: Name) => string,
  more: Parameters<typeof lexemeLeaf>[1] = {},
): Field {
  const read = (term: Term, word: Word): Read => {
    const asked = word.text.toLowerCase();
    const chosen = names.filter((name) => (word.prefix ? name.startsWith(asked) : name === asked));
    if (chosen.length > 0)
      return {
        leaf: lexemeLeaf(
          chosen.map((name) => ({ lexeme: lexeme(name), prefix: false })),
          more,
        ),
      };
    return valueProblem(
      term,
      `${field.name}: is one of ${names.join(', ')}`,
      nearest(asked, candidates(names)),
    );
  };
  return { ...field, read: (term) => readWord(term, (word) => read(term, word)) };
}

/** Names that may be right though the dossier does not know them: archives bring publishers of their own. */
function nameField(
  field: Omit<Field, 'read'>,
  known: (context: QueryContext) => Iterable<string>,
  lexeme: (name: string) => string,
  moreOf: (name: string, prefix: boolean) => Parameters<typeof lexemeLeaf>[1] = () => ({}),
): Field {
  const read = (term: Term, { text: asked, prefix }: Word, context: QueryContext): Read => {
    const name = asked.toLowerCase();
    const leaf = lexemeLeaf([{ lexeme: lexeme(name), prefix }], moreOf(name, prefix));
    const names = [...known(context)];
    if (names.some((one) => (prefix ? one.startsWith(name) : one === name))) return { leaf };
    const message = `the dossier knows no ${field.name} ${name}${prefix ? '*' : ''}`;
    return { leaf, note: { message, span: term.valueSpan, suggestions: nearest(name, candidates(names)) } };
  };
  return { ...field, read: (term, context) => readWord(term, (word) => read(term, word, context)) };
}

/** A party of what an item reports: a subject that was asked for, unless any will do. */
function partyField(field: Omit<Field, 'read' | 'type'>, side: 'from' | 'to'): Field {
  const moreOf = (name: string, prefix: boolean): Parameters<typeof lexemeLeaf>[1] => ({
    telling: name !== '',
    evidence: ({ item }) => partyEvidence(item, side, (id) => (prefix ? id.startsWith(name) : id === name)),
  });
  const lexeme = side === 'from' ? actorLexeme : targetLexeme;
  return nameField({ ...field, type: 'id' }, ({ subjects }) => subjects.keys(), lexeme, moreOf);
}

/** What is known of publishers: the publishers that are so stand for it, since the log holds only their ids. */
function publisherFactField(field: Omit<Field, 'read'>, fact: (publisher: KnownPublisher) => string): Field {
  const read = (term: Term, { text: asked, prefix }: Word, context: QueryContext): Read => {
    const wanted = asked.toLowerCase();
    const ids = [...context.publishers]
      .filter(([, publisher]) => {
        const value = fact(publisher).toLowerCase();
        return prefix ? value.startsWith(wanted) : value === wanted;
      })
      .map(([id]) => id);
    const leaf = lexemeLeaf(
      ids.map((id) => ({ lexeme: publisherLexeme(id), prefix: false })),
      { meaning: `publisher:(${ids.join(' OR ')})` },
    );
    if (ids.length > 0) return { leaf };
    const near = nearest(asked, candidates([...context.publishers.values()].map(fact)));
    return valueProblem(term, `no publisher of the dossier has the ${field.name} ${asked}`, near);
  };
  return { ...field, read: (term, context) => readWord(term, (word) => read(term, word, context)) };
}

const YES_NO: Readonly<Record<string, string>> = { yes: 'yes', true: 'yes', no: 'no', false: 'no' };

const stateFact = publisherFactField(
  { name: 'state', type: 'yes or no', about: '', examples: [] },
  ({ stateRun }) => (stateRun ? 'yes' : 'no'),
);
const state: Field = {
  name: 'state',
  type: 'yes or no',
  about:
    'whether a government or ruling party directs the publisher, as the dossier says; of others neither is known',
  examples: ['state:yes', '-state:yes'],
  read: (term, context) =>
    readWord(term, (word) => {
      const said = word.prefix && word.text === '' ? '' : YES_NO[word.text.toLowerCase()];
      if (said === undefined) return valueProblem(term, 'state: is yes or no');
      const read = stateFact.read({ ...term, value: { ...word, text: said } }, context);
      // A dossier without such publishers: none is.
      return 'leaf' in read ? read : { leaf: constantLeaf(false) };
    }),
};

function timeField(
  field: Omit<Field, 'read' | 'type'>,
  column: string,
  timeOf: (item: QueryItem) => Date | null,
  published: (stretch: Stretch) => Stretch | null,
): Field {
  const leafOf = (stretch: Stretch): Leaf => {
    const { since, until } = stretch;
    const at = sql.ref(column);
    const parts = [
      sql<boolean>`${at} is not null`,
      ...(since === null ? [] : [sql<boolean>`${at} >= ${since.toISOString()}::timestamptz`]),
      ...(until === null ? [] : [sql<boolean>`${at} < ${until.toISOString()}::timestamptz`]),
    ];
    const condition = sql<boolean>`(${sql.join(parts, sql` and `)})`;
    const test = (item: QueryItem): boolean => {
      const time = timeOf(item);
      return time !== null && (since === null || time >= since) && (until === null || time < until);
    };
    const said = [
      since === null ? '' : `from ${since.toISOString()}`,
      until === null ? '' : `before ${until.toISOString()}`,
    ];
    const meaning = said.filter((part) => part !== '').join(' ');
    return columnLeaf(condition, test, {
      published: published(stretch),
      meaning: meaning === '' ? null : meaning,
    });
  };
  const read = (term: Term, context: QueryContext): Read => {
    const { value, salience } = term;
    if (salience !== null) return valueProblem(term, `${field.name}: has no salience`);
    if (value.kind === 'range') return readRange(term, value, context);
    if (value.text === '' && value.prefix) return { leaf: leafOf({ since: null, until: null }) };
    if (value.prefix) return valueProblem(term, `a time takes no *: ${TIME_FORMS}`);
    const bound = { text: value.text, inclusive: true };
    return readRange(term, { kind: 'range', from: bound, to: bound }, context);
  };
  const readRange = (term: Term, range: Range, context: QueryContext): Read => {
    const stretch = stretchOfRange(range, context);
    if ('unread' in stretch) return valueProblem(term, `${stretch.unread} is no time: write ${TIME_FORMS}`);
    const { since, until } = stretch;
    const leaf = leafOf(stretch);
    if (since === null || until === null || since < until) return { leaf };
    const message = 'the range ends before it begins, so that nothing is in it';
    return { leaf, note: { message, span: term.valueSpan, suggestions: [] } };
  };
  return { ...field, type: 'time', read };
}

const HOST = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+\.?$/u;

function readUrl(term: Term, { text: asked, prefix }: Word): Read {
  if (asked === '') return { leaf: columnLeaf(sql`i.url is not null`, ({ url }) => url !== null) };
  if (!prefix && HOST.test(asked)) {
    return { leaf: lexemeLeaf([{ lexeme: hostLexeme(asked), prefix: false }]) };
  }
  const rest = asked.replace(/^https?:\/\//i, '');
  const starts = [`https://${rest}`, `http://${rest}`];
  if (prefix) {
    // Stored URLs are as the URL standard writes them; where a host is cut short there is nothing to bring to that form.
    const whole = (start: string): string =>
      rest.includes('/') && URL.canParse(start) ? new URL(start).href : start;
    const [secure, plain] = starts.map(whole);
    const condition = sql<boolean>`(i.url is not null and (starts_with(i.url, ${secure}) or starts_with(i.url, ${plain})))`;
    return {
      leaf: columnLeaf(
        condition,
        ({ url }) => url !== null && starts.map(whole).some((start) => url.startsWith(start)),
      ),
    };
  }
  const urls = starts.flatMap((start) => {
    const absolute = absoluteUrl(start, null);
    return absolute === null ? [] : [publicUrl(absolute)];
  });
  if (urls.length === 0) return valueProblem(term, 'expected a host like yna.co.kr, or a URL');
  const condition = sql<boolean>`(i.url is not null and i.url = any(${urls}::text[]))`;
  return { leaf: columnLeaf(condition, ({ url }) => url !== null && urls.includes(url)) };
}

const LANG = /^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/i;

/** Countries that are taken for their languages, and places for the scripts that items are marked with. */
const LIKE_LANGS: ReadonlyMap<string, string> = new Map([
  ['kr', 'ko'],
  ['jp', 'ja'],
  ['cn', 'zh'],
  ['tw', 'zh-Hant'],
  ['zh-tw', 'zh-Hant'],
  ['zh-hk', 'zh-Hant'],
  ['zh-cn', 'zh-Hans'],
  ['zh-sg', 'zh-Hans'],
]);

function readLang(term: Term, { text: asked, prefix }: Word): Read {
  if (asked === '') {
    const { sql: part, test } = lexemeLeaf([{ lexeme: langLexeme(null), prefix: false }]);
    return {
      leaf: {
        ...constantLeaf(true),
        sql: { terms: `!(${part.terms ?? ''})`, words: null, condition: null },
        test: (readable) => !test(readable),
      },
    };
  }
  if (!LANG.test(asked)) return valueProblem(term, 'expected a language tag like ko, zh or zh-Hant');
  const leaf = lexemeLeaf([{ lexeme: langLexeme(asked), prefix }]);
  const meant = LIKE_LANGS.get(asked.toLowerCase());
  if (meant === undefined) return { leaf };
  const message = `${asked} is hardly the language that is meant`;
  return { leaf, note: { message, span: term.valueSpan, suggestions: [meant] } };
}

/** Everything that can be asked, in the order of the manual. Another field is another row. */
export const FIELDS: readonly Field[] = [
  entity,
  topic,
  subject,
  choiceField(
    {
      name: 'kind',
      type: 'kind',
      about: `carries a tag of this kind: ${[...ENTITY_KINDS, ...TOPIC_KINDS].join(', ')}`,
      examples: ['kind:person'],
    },
    [...ENTITY_KINDS, ...TOPIC_KINDS] satisfies readonly SubjectKind[],
    kindLexeme,
  ),
  choiceField(
    {
      name: 'event',
      type: 'event type',
      about: `reports this kind of act: ${REPORTED_EVENT_TYPES.join(', ')}; \`*\` for any of them (docs/tagging.md)`,
      examples: ['event:sanction', 'event:(meet OR agree)', '-event:*'],
    },
    REPORTED_EVENT_TYPES,
    eventLexeme,
    { evidence: typeEvidence },
  ),
  partyField(
    {
      name: 'actor',
      about: 'reports what this person, country or organisation of the dossier does',
      examples: ['actor:china event:sanction target:japan'],
    },
    'from',
  ),
  partyField(
    {
      name: 'target',
      about: 'reports what is done to it, with it or against it; those who meet or agree as one are both',
      examples: ['target:japan', 'target:taiwan event:mobilize'],
    },
    'to',
  ),
  {
    name: 'lang',
    type: 'language',
    about:
      'in this language (BCP 47): `zh` is any Chinese, `zh-Hant` the traditional script; `und` where none is known',
    examples: ['lang:ko', '-lang:(en OR ja)', 'lang:zh-Hant'],
    read: (term) => readWord(term, (word) => readLang(term, word)),
  },
  nameField(
    {
      name: 'publisher',
      type: 'id',
      about: 'from this publisher',
      examples: ['publisher:yonhap', 'publisher:nikkei*'],
    },
    ({ publishers }) => publishers.keys(),
    (name) => publisherLexeme(name),
  ),
  publisherFactField(
    {
      name: 'family',
      type: 'id',
      about: 'from a publisher of this family: one owner or newsroom',
      examples: ['family:yonhap'],
    },
    ({ family }) => family,
  ),
  publisherFactField(
    {
      name: 'country',
      type: 'country',
      about: 'from a publisher edited in this country (ISO 3166-1)',
      examples: ['country:KR', 'country:(CN OR JP)'],
    },
    ({ country }) => country,
  ),
  state,
  nameField(
    { name: 'feed', type: 'id', about: 'first seen in this feed', examples: ['feed:yonhap-ko'] },
    ({ feeds }) => feeds,
    (name) => feedLexeme(name),
  ),
  timeField(
    {
      name: 'published',
      about: 'published then, as the source says; `*` where it says anything',
      examples: ['published:[2026-01-04 TO 2026-01-15]', 'published:>=now-24h', 'published:2026-01'],
    },
    'i.published',
    (item) => item.published,
    (stretch) => stretch,
  ),
  timeField(
    {
      name: 'recorded',
      about: 'when the log first got it',
      examples: ['recorded:>=now-2h', 'recorded:today'],
    },
    'i.recorded_at',
    (item) => item.recordedAt,
    () => null,
  ),
  {
    name: 'salience',
    type: 'number, 0 to 1',
    about: 'how much it is about the subject it is most about',
    examples: ['salience:>=0.3'],
    read: readSalience,
  },
  {
    name: 'relevance',
    type: 'number, 0 to 1',
    about: 'how much it is of the dossier: a pair of its countries, one of its topics (docs/tagging.md)',
    examples: ['relevance:>=0.5'],
    read: readRelevance,
  },
  title,
  text,
  body,
  {
    name: 'url',
    type: 'host or URL',
    about: 'on this host or one below it; or at this URL, `*` for all that begin so',
    examples: ['url:yna.co.kr', 'url:"https://example.org/a"', 'url:example.org/politics*'],
    read: (term) => readWord(term, (word) => readUrl(term, word)),
  },
  choiceField(
    {
      name: 'is',
      type: 'property',
      about: '`revised`: its words have changed since; `backfill`: it came with an archive or a first poll',
      examples: ['is:revised', '-is:backfill'],
    },
    ['revised', 'backfill'] as const,
    isLexeme,
  ),
];

const BY_NAME: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.name, field]));

/** The field of that name, however it is spelt in case. */
export function fieldNamed(name: string): Field | undefined {
  return BY_NAME.get(name.toLowerCase());
}

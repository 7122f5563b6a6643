import { FIELDS } from '../src/query/fields.ts';
import { QUERY_CHARS_MAX, QUERY_DEPTH_MAX, QUERY_TERMS_MAX } from '../src/query/parse.ts';
import { QUERY_MS_MAX } from '../src/query/reading.ts';

/** What a question of the desk comes to, as far as today's data answer it. */
interface Question {
  readonly question: string;
  readonly queries: readonly string[];
  readonly about: string;
}

const QUESTIONS: readonly Question[] = [
  {
    question: 'What is new since I last looked?',
    queries: ['recorded:>=now-12h -is:backfill (entity:* OR topic:*)'],
    about: 'Items, not yet developments: copies of one report each count.',
  },
  {
    question: 'Is this new, or a rewrite?',
    queries: ['is:revised published:>=now-3d topic:shuttle-diplomacy'],
    about:
      'Revised items are told; whether two items report one thing is not, beyond copies (`why <item>` shows them).',
  },
  {
    question: 'Has anything followed up on a promise?',
    queries: ['entity:andong topic:shuttle-diplomacy', 'topic:remains-dna-tests published:>=2026-01-14'],
    about: 'One query a promise; `timeline` shows when it went quiet.',
  },
  {
    question: 'Who said it first, who merely copied?',
    queries: ['topic:dual-use-export-ban entity:south-korea published:2026-01'],
    about:
      'With `--facets`: by publisher and day. The first report is the last row; wire origins are not told yet.',
  },
  {
    question: 'How do Seoul, Beijing and Tokyo press word it?',
    queries: [
      'entity:takeshima-dokdo country:JP (竹島 OR takeshima) -独島',
      'entity:taiwan country:CN title:台湾問題',
      'entity:taiwan country:CN title:台海',
    ],
    about:
      'A subject is found under each of its names, a word only as it is written. 台湾問題 finds 臺灣問題 and 台湾问题 as well.',
  },
  {
    question: 'Tell me when export controls reach Korea.',
    queries: ['entity:south-korea topic:(rare-earths OR rare-earth-export-controls OR dual-use-export-ban)'],
    about: 'The same text as `query:` of a rule in `rules.yaml` alerts.',
  },
  {
    question: 'What did we know on the morning of the Nara summit?',
    queries: [
      'recorded:<2026-01-13T09:00+09:00',
      'published:<2026-01-13T09:00+09:00 topic:shuttle-diplomacy',
    ],
    about:
      'By our clock, and by the source’s. Items are found as they read today; with `--known-at 2026-01-13T09:00+09:00` as the log knew them then, and with `--published-before` as far as they had been published.',
  },
  {
    question: 'Why did, or didn’t, I get this alert?',
    queries: [],
    about: 'Not by a query: `why <item>` and `alerts --suppressed`.',
  },
  {
    question: 'Is it quiet, or are we blind?',
    queries: ['feed:yonhap-ko', 'country:CN state:yes published:>=now-7d'],
    about: 'With `timeline --by day`: days without a bar are silent, `feeds list` says which feeds are dead.',
  },
  {
    question: 'Three lines, each with its link, for the 08:00 brief.',
    queries: ['published:>=now-24h salience:>=0.3 lang:en'],
    about: 'With `--limit 3 --csv`. The newest, not yet the most telling.',
  },
];

const INTRO = `# Asking

<!-- Written by scripts/query-manual.ts from the table of fields: npm run docs -->

One language for \`search\`, \`timeline\` and the rules of a dossier. A query is words and conditions:

\`\`\`
entity:sanae-takaichi topic:(cptpp OR marine-imports) -lang:ko published:[2026-01-04 TO 2026-01-15] "shuttle diplomacy"
\`\`\`

| written                              | means                                                                        |
| ------------------------------------ | ---------------------------------------------------------------------------- |
| \`a b\`, \`a AND b\`                     | both                                                                         |
| \`a OR b\`                             | either; AND binds tighter: \`a OR b c\` is \`a OR (b c)\`                        |
| \`-a\`, \`NOT a\`                        | not that                                                                     |
| \`( )\`, \`topic:(a OR b)\`              | groups, of one field too                                                     |
| \`"a b"\`                              | a phrase: in this order, side by side                                        |
| \`diplom*\`, \`"shuttle dip"*\`          | what begins so                                                               |
| \`field:*\`                            | has any; \`*\` alone is everything                                             |
| \`[a TO b]\`, \`{a TO b}\`, \`>=a\`, \`<b\`  | ranges, with and without their ends; \`*\` is an open end                      |
| \`entity:taiwan>=0.2\`                 | tagged, and at least so salient                                              |

AND, OR and NOT may be written small; in quotes they are words. In a shell put the whole query in single quotes.

**Times**: \`2026\`, \`2026-01\`, \`2026-01-13\`, \`2026-01-13T09:00\` (with \`Z\` or \`+09:00\`, or else in the zone that
SHUTTLEWATCH_ZONE sets; rules mean UTC), \`today\`, \`yesterday\`, \`now\`, \`now-90m\`, \`now-24h\`, \`now-7d\`, \`now-2w\`. Each
names all of its stretch: \`published:[2026-01-04 TO 2026-01-15]\` has the whole of the 15th, \`published:>2026-01-13\` begins on
the 14th. In a rule \`now\` is when the item was tagged.

**Words in four scripts**: English by stems (summit finds summits); accents and case do not matter. Korean, Japanese and
Chinese by the characters themselves, so that no particle or ending is in the way: 이재명 finds 이재명은, 高市 finds 高市首相, and
traditional, simplified and Japanese forms are one (台湾 finds 臺灣). 셔틀외교 finds 셔틀 외교; 한중일 finds 한·중·일.

## Fields

`;

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function fieldTable(): string {
  const rows = FIELDS.map(
    ({ name, type, about, examples }) =>
      `| \`${name}:\` | ${cell(type)} | ${cell(about)} | ${examples.map((example) => `\`${cell(example)}\``).join('<br>')} |`,
  );
  return ['| field | value | finds what is | examples |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function questionText({ question, queries, about }: Question, index: number): string {
  const block = queries.length === 0 ? '' : `\n\`\`\`\n${queries.join('\n')}\n\`\`\`\n`;
  return `### ${index + 1}. ${question}\n${block}\n${about}\n`;
}

/** Every query that the manual shows, for a test that understands each. */
export const SHOWN_QUERIES: readonly string[] = QUESTIONS.flatMap(({ queries }) => queries);

/** The manual of the query language, as Markdown. */
export function queryManual(): string {
  const limits =
    `A query has at most ${QUERY_CHARS_MAX} characters, ${QUERY_TERMS_MAX} words and conditions, and ${QUERY_DEPTH_MAX} groups inside one another; ` +
    `it may take ${QUERY_MS_MAX / 1_000} seconds, and says so when it is stopped. What is wrong is shown where it stands, with what may have been meant.`;
  return [
    INTRO + fieldTable(),
    '\n## Ten questions\n',
    QUESTIONS.map(questionText).join('\n'),
    '## Limits\n',
    `${limits}\n`,
  ].join('\n');
}

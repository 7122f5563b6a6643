import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DOSSIER_FILE_BYTES_MAX } from '../../src/dossier/files.ts';
import { loadDossier, withFeeds } from '../../src/dossier/load.ts';
import { DossierError, PROBLEMS_LISTED_MAX } from '../../src/dossier/problem.ts';
import {
  COMMITMENT,
  loaded,
  OPML,
  problemsOf,
  queryProblemsOf,
  RULE,
  subjectYaml,
  WHOLE,
  withFolder,
} from './folder.ts';

describe('a dossier that is in order', () => {
  test('is loaded whole', async () => {
    const dossier = await loaded(WHOLE);
    expect(dossier.subjects.map(({ id, kind }) => [id, kind])).toEqual([
      ['taiwan', 'place'],
      ['nara', 'place'],
      ['strait', 'topic'],
    ]);
    expect(dossier.publishers).toEqual([
      {
        id: 'harbour',
        name: 'Harbour Daily',
        family: 'harbour',
        country: 'KR',
        stateRun: false,
        hosts: ['harbour.example', 'en.harbour.example'],
      },
    ]);
    expect(dossier.feeds).toMatchObject([
      { id: 'harbour-politics', publisher: 'harbour', lang: 'ko', unverified: true },
    ]);
    expect(dossier.rules).toMatchObject([
      {
        rule: 'strait',
        query: 'entity:(taiwan nara)>=0.3 publisher:harbour',
        channels: ['console'],
      },
    ]);
    expect(dossier.commitments).toMatchObject([{ id: 'visit', made: '2026-01-13', quietAfterDays: 30 }]);
  });

  test('gives each label as an alias, unless the subject says otherwise', async () => {
    const yaml = subjectYaml('taiwan') + subjectYaml('nara', '  labelIsAlias: false\n');
    const { subjects } = await loaded({ 'entities.yaml': yaml });
    expect(subjects.map(({ aliases }) => aliases.map(({ text }) => text))).toEqual([
      ['taiwan en', 'taiwan ko', 'taiwan ja', 'taiwan hans', 'taiwan hant'],
      [],
    ]);
  });

  test('reads an alias as a plain text or with its conditions', async () => {
    const aliases = `  labelIsAlias: false
  aliases:
    en: [Formosa, { text: ROC, exactCase: true, requires: ['@taiwan', strait], from: 2025-10-21 }]
`;
    const { subjects } = await loaded({ 'entities.yaml': subjectYaml('taiwan', aliases) });
    const plain = {
      exactCase: false,
      requires: [],
      excludes: [],
      notIn: [],
      unlessFollowedBy: [],
      weight: 1,
      from: null,
      until: null,
    };
    expect(subjects[0]?.aliases).toEqual([
      { ...plain, lang: 'en', text: 'Formosa' },
      {
        ...plain,
        lang: 'en',
        text: 'ROC',
        exactCase: true,
        requires: ['@taiwan', 'strait'],
        from: '2025-10-21',
      },
    ]);
  });

  test('needs no more than its entities', async () => {
    const dossier = await loaded({ 'entities.yaml': subjectYaml('nara'), 'README.md': 'Notes' });
    expect(dossier.subjects).toHaveLength(1);
    expect(dossier.feeds).toEqual([]);
  });

  test('may have a file with nothing in it but comments', async () => {
    const dossier = await loaded({ 'entities.yaml': subjectYaml('nara'), 'rules.yaml': '# none yet\n' });
    expect(dossier.rules).toEqual([]);
  });
});

describe('other feeds', () => {
  test('take the place of those of the dossier, and leave its version', async () => {
    const dossier = await loaded(WHOLE);
    const other = withFeeds(dossier, OPML.replaceAll('harbour', 'bridge'));
    expect(other.version).toBe(dossier.version);
    expect(other.publishers.map(({ id }) => id)).toEqual(['bridge']);
    expect(other.feeds.map(({ id, publisher }) => [id, publisher])).toEqual([['bridge-politics', 'bridge']]);
  });

  test('are refused when they have problems', async () => {
    const dossier = await loaded(WHOLE);
    const twice = OPML.replace(/(<outline text="Harbour[^]*?<\/outline>)/, '$1$1');
    expect(() => withFeeds(dossier, twice)).toThrow(/sw:publisher: harbour is there already/);
    expect(() => withFeeds(dossier, '<rss/>')).toThrow(DossierError);
  });
});

describe('the version', () => {
  test('is the same wherever the folder lies and however its lines end', async () => {
    const here = await loaded(WHOLE);
    const crlf = Object.entries(WHOLE).map(([name, text]) => [name, text.replaceAll('\n', '\r\n')]);
    const there = await loaded(Object.fromEntries(crlf) as typeof WHOLE);
    expect(there.folder).not.toBe(here.folder);
    expect(there.version).toBe(here.version);
  });

  test.each(Object.keys(WHOLE))('is another when %s changes', async (name) => {
    const changed = { ...WHOLE, [name]: `${WHOLE[name as keyof typeof WHOLE]}\n` };
    expect((await loaded(changed)).version).not.toBe((await loaded(WHOLE)).version);
  });

  test('knows which file a text is in', async () => {
    const one = await loaded({ 'entities.yaml': subjectYaml('nara'), 'rules.yaml': '#', 'topics.yaml': '' });
    const other = await loaded({
      'entities.yaml': subjectYaml('nara'),
      'rules.yaml': '',
      'topics.yaml': '#',
    });
    expect(one.version).not.toBe(other.version);
  });
});

describe('a problem names file, line and field', () => {
  test('where a value is of another kind', async () => {
    const yaml = subjectYaml('nara', '  aliases:\n    ko: [나라시,\n      7]\n');
    expect(await problemsOf({ 'entities.yaml': yaml })).toEqual([
      'entities.yaml:6 [0].aliases.ko[1]: expected text',
    ]);
  });

  test('all of them at once, in every file', async () => {
    const found = await problemsOf({
      'entities.yaml': '- id: Nara\n  kind: city\n  colour: red\n  labels: { en: Nara }\n',
      'rules.yaml': '- id: a\n  title: A\n  about: A\n  when: {}\n',
      'feeds.opml': '<opml version="2.0"><body><outline xmlUrl="ftp://x" text="X"/></body></opml>',
    });
    expect(found).toEqual([
      'entities.yaml:1 [0].id: expected an id of lower-case letters, digits and single hyphens',
      'entities.yaml:2 [0].kind: expected person | place | organisation | country | agreement | measure | policy | topic',
      'entities.yaml:4 [0].labels.ko: is missing: expected text',
      'entities.yaml:4 [0].labels.ja: is missing: expected text',
      'entities.yaml:4 [0].labels.zh-Hans: is missing: expected text',
      'entities.yaml:4 [0].labels.zh-Hant: is missing: expected text',
      'entities.yaml:3 [0].colour: unknown field',
      'rules.yaml:1 [0].query: is missing: expected text',
      'rules.yaml:4 [0].when: is now written as query: entity:taiwan topic:(cptpp OR marine-imports) -lang:ko',
      'feeds.opml:1 type: is missing: expected rss',
      'feeds.opml:1 xmlUrl: expected an http or https URL',
      'feeds.opml:1 language: is missing: expected text',
      'feeds.opml:1 sw:feed: is missing: expected text',
      'feeds.opml:1 sw:seen: is missing: expected text',
      'feeds.opml:1 sw:unverified: is missing: expected true | false',
      'feeds.opml:1: expected a publisher around the feed (sw:publisher)',
    ]);
  });

  test('where a day does not exist or a span runs backwards', async () => {
    const yaml = subjectYaml(
      'nara',
      `  aliases:
    en:
      - { text: a, from: 2025-02-30 }
      - { text: b, from: 2026-02-01, until: 2026-01-01 }
`,
    );
    expect(await problemsOf({ 'entities.yaml': yaml })).toEqual([
      'entities.yaml:6 [0].aliases.en[0].from: expected a day as YYYY-MM-DD',
      'entities.yaml:7 [0].aliases.en[1].until: expected from to be no later than until',
    ]);
  });

  test('where an id or an alias is there already', async () => {
    const yaml = `${subjectYaml('nara', '  aliases:\n    en:\n      - NARA EN\n      - x\n      - X\n')}${subjectYaml('nara')}`;
    expect(await problemsOf({ 'entities.yaml': yaml, 'topics.yaml': subjectYaml('nara') })).toEqual([
      'entities.yaml:9 [1].id: nara is there already',
      'topics.yaml:1 [0].id: nara is there already',
      'entities.yaml:6 [0].aliases.en[0]: NARA EN is an alias of nara already',
      'entities.yaml:8 [0].aliases.en[2]: X is an alias of nara already',
    ]);
  });

  test('where a reference leads nowhere', async () => {
    const patterns = `  aliases:
    en: [{ text: strait, requires: ['@tibet', word] }]
  patterns:
    - name: both
      allOf: [['@nara', word], ['@atlantis']]
      noneOf: ['@mu']
`;
    const found = await problemsOf({
      ...WHOLE,
      'entities.yaml': subjectYaml('nara') + subjectYaml('taiwan', patterns),
      'commitments.yaml': COMMITMENT.replace('by: [taiwan]', 'by: [atlantis]'),
    });
    expect(found).toEqual([
      'commitments.yaml:4 [0].by[0]: no entity or topic has the id "atlantis"',
      'entities.yaml:8 [1].aliases.en[0].requires[0]: no entity or topic has the id "tibet"',
      'entities.yaml:11 [1].patterns[0].allOf[1][0]: no entity or topic has the id "atlantis"',
      'entities.yaml:12 [1].patterns[0].noneOf[0]: no entity or topic has the id "mu"',
    ]);
  });

  test('where nobody could see a text, let alone find it', async () => {
    const hidden = (field: string): string => `      - { text: a ${field}, ${field}: ["\\u200B"] }\n`;
    const fields = ['requires', 'excludes', 'notIn', 'unlessFollowedBy'];
    const yaml = subjectYaml(
      'nara',
      `  aliases:\n    en:\n${fields.map(hidden).join('')}      - "\\u3164\\u2060"\n      - "+"\n`,
    );
    const problem = 'expected text with a letter, number or symbol in it';
    expect(await problemsOf({ 'entities.yaml': yaml })).toEqual([
      ...fields.map((field, n) => `entities.yaml:${6 + n} [0].aliases.en[${n}].${field}[0]: ${problem}`),
      `entities.yaml:10 [0].aliases.en[4]: ${problem}`,
    ]);
  });

  test('where a rival shares a name that is nobody’s', async () => {
    const rival = '- id: nara-smith\n  of: [nara, taiwan]\n  shares: [NARA en, taiwan ko, Nara Smith]\n';
    expect(await problemsOf({ ...WHOLE, 'rivals.yaml': rival })).toEqual([
      'rivals.yaml:3 [0].shares[2]: Nara Smith is no alias of nara or taiwan',
    ]);
  });

  test('where there is more than anyone needs', async () => {
    const long = 'x'.repeat(121);
    const many = Array.from({ length: 401 }, (_, n) => `a${n}`).join(', ');
    const yaml = subjectYaml('nara', `  aliases:\n    en: [${long}]\n    ko: [${many}]\n`);
    expect(await problemsOf({ 'entities.yaml': yaml })).toEqual([
      'entities.yaml:5 [0].aliases.en[0]: expected at most 120 characters',
      'entities.yaml:6 [0].aliases.ko: expected at most 400 entries',
    ]);
  });

  test.each([
    ['entity:taiwn', '       ^^^^^', 'taiwn is no entity of the dossier; did you mean taiwan?'],
    ['entity:strait', '       ^^^^^^', 'strait is a topic; did you mean topic:strait?'],
    [
      'entity:taiwan publisher:nobody',
      '                        ^^^^^^',
      'the dossier knows no publisher nobody',
    ],
    ['entity:(taiwan', '       ^', 'this ( is not closed'],
  ])('where the query of a rule makes no sense: %s', async (query, mark, message) => {
    const rule = RULE.replace(/query: .*/, `query: "${query}"`);
    const folder = { ...WHOLE, 'rules.yaml': rule };
    const [problem, ...others] = await queryProblemsOf(folder);
    expect(others).toEqual([]);
    expect(problem?.split('\n      ').slice(1)).toEqual([query, mark, message]);
    expect(problem).toMatch(/^rules\.yaml:4 \[0\]\.query: /);
  });

  test('where a query makes no sense beside whatever else is wrong', async () => {
    const found = await queryProblemsOf({
      ...WHOLE,
      'rules.yaml': RULE.replace(/query: .*/, 'query: "entity:taiwn"'),
      'commitments.yaml': COMMITMENT.replace('by: [taiwan]', 'by: [atlantis]'),
    });
    expect(found.map((problem) => problem.split(':', 1)[0])).toEqual(['commitments.yaml', 'rules.yaml']);
  });

  test('where an entry has faults of its own as well, and where others name it', async () => {
    const more = `  colour: red
  side: japn
  aliases:
    en: [Formosa, { text: strait, requires: ['@tibet'], from: soon }, { text: isle, weight: 0 }, FORMOSA]
  patterns:
    - { name: both, allOf: [['@mu']], withinChars: 0 }
`;
    const found = await queryProblemsOf({
      ...WHOLE,
      'entities.yaml': subjectYaml('taiwan', more) + subjectYaml('nara', '  importance: 2\n'),
      'rivals.yaml': '- id: taiwan\n  of: [taiwan]\n  shares: [Formosa, taiwan en, no name of it]\n',
      'rules.yaml': RULE.replace(/title: .*/, 'titel: X').replace('entity:(taiwan nara)', 'entity:(taiwan nara atlantis)'),
      'feeds.opml': OPML.replace('language="ko"', 'language="Korean"').replace('sw:country="KR"', 'sw:country="Korea"'),
      'commitments.yaml': COMMITMENT.replace('by: [taiwan]', 'by: [atlantis, 7]'),
    });
    expect(found.map((problem) => problem.split('\n')[0])).toEqual([
      'entities.yaml:7 [0].aliases.en[1].from: expected a day as YYYY-MM-DD',
      'entities.yaml:7 [0].aliases.en[2].weight: expected more than 0',
      'entities.yaml:9 [0].patterns[0].withinChars: expected at least 1',
      'entities.yaml:4 [0].colour: unknown field',
      'entities.yaml:13 [1].importance: expected at most 1',
      'rules.yaml:1 [0].title: is missing: expected text',
      'rules.yaml:2 [0].titel: unknown field',
      'commitments.yaml:4 [0].by[1]: expected text',
      'feeds.opml:6 sw:country: expected a country as ISO 3166-1 alpha-2, such as KR',
      'feeds.opml:7 language: expected a language such as ko or zh-Hant',
      'rivals.yaml:1 [0].id: taiwan is there already',
      'entities.yaml:7 [0].aliases.en[3]: FORMOSA is an alias of taiwan already',
      'commitments.yaml:4 [0].by[0]: no entity or topic has the id "atlantis"',
      'entities.yaml:5 [0].side: no entity or topic has the id "japn"',
      'entities.yaml:7 [0].aliases.en[1].requires[0]: no entity or topic has the id "tibet"',
      'entities.yaml:9 [0].patterns[0].allOf[0][0]: no entity or topic has the id "mu"',
      'rivals.yaml:3 [0].shares[2]: no name of it is no alias of taiwan',
      'rules.yaml:4 [0].query: makes no sense:',
    ]);
  }); // prettier-ignore

  test('but blames nobody for what stands in a file that cannot be read', async () => {
    expect(await queryProblemsOf({ ...WHOLE, 'entities.yaml': 'taiwan: {}\n' })).toEqual([
      'entities.yaml:1: expected a list',
    ]);
    expect(await queryProblemsOf({ ...WHOLE, 'feeds.opml': '<rss/>' })).toHaveLength(1);
  });

  test.each(['lang:ko', '-entity:taiwan', '*'])(
    'where a rule would alert on nearly everything: %s',
    async (query) => {
      const rule = RULE.replace(/query: .*/, `query: "${query}"`);
      expect(await queryProblemsOf({ ...WHOLE, 'rules.yaml': rule })).toEqual([
        'rules.yaml:4 [0].query: asks for no entity, topic or word that must be there, and would alert on nearly everything',
      ]);
    },
  );
});

describe('files from strangers', () => {
  test('that are no files of a dossier are not passed over', async () => {
    expect(await problemsOf({ ...WHOLE, 'rule.yaml': '' })).toEqual([
      'rule.yaml: not a file of a dossier; those are entities.yaml, topics.yaml, rivals.yaml, feeds.opml, rules.yaml, commitments.yaml',
    ]);
  });

  test('that are missing, too large or not UTF-8 are named', async () => {
    expect(await problemsOf({})).toEqual(['entities.yaml: is missing']);
    expect(
      await problemsOf({
        'entities.yaml': new Uint8Array(DOSSIER_FILE_BYTES_MAX + 1),
        'topics.yaml': Uint8Array.of(0xff, 0xfe, 0x41),
      }),
    ).toEqual([
      `entities.yaml: is not a file of at most ${DOSSIER_FILE_BYTES_MAX} bytes`,
      'topics.yaml: is not UTF-8 text',
    ]);
  });

  test.skipIf(process.platform === 'win32')('a pipe in the place of a file is not waited for', async () => {
    const found = await withFolder({ 'entities.yaml': subjectYaml('nara') }, async (folder) => {
      const [makePipe, ...path] = ['mkfifo', join(folder, 'rules.yaml')];
      execFileSync(makePipe, path);
      return loadDossier(folder).then(
        () => 'loaded',
        (error: unknown) => String(error),
      );
    });
    expect(found).toContain(`rules.yaml: is not a file of at most ${DOSSIER_FILE_BYTES_MAX} bytes`);
  });

  test('whatever is written over a good file, there is a dossier or a list of problems', async () => {
    const names = Object.keys(WHOLE) as (keyof typeof WHOLE)[];
    const scraps = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        '- ',
        '[',
        '{',
        ': ',
        '\n',
        '\t',
        '__proto__: 1',
        '&a',
        '*a',
        '!!x',
        '<',
        '&amp;',
        ']]>',
        '"',
        '@',
        '#',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.nat(),
        fc.nat(20),
        scraps,
        async (name, seed, cut, scrap) => {
          const text = WHOLE[name];
          const at = seed % text.length;
          const spoilt = text.slice(0, at) + scrap + text.slice(at + cut);
          for (const problem of await problemsOf({ ...WHOLE, [name]: spoilt }))
            expect(problem).toMatch(/^\S+: ?.|^\S+ \S/);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a folder that is not there is named', async () => {
    const missing = withFolder({}, (folder) => loadDossier(`${folder}/none`));
    await expect(missing).rejects.toThrow(/none has 1 problem:\n {2}\.: the folder cannot be read/);
  });

  test('an error lists so many problems and counts the rest', async () => {
    const yaml = '- 1\n'.repeat(PROBLEMS_LISTED_MAX + 5);
    const error: unknown = await loaded({ 'entities.yaml': yaml }).catch((reason: unknown) => reason);
    if (!(error instanceof DossierError)) throw new Error('expected a DossierError');
    expect(error.problems).toHaveLength(PROBLEMS_LISTED_MAX + 5);
    expect(error.message).toMatch(/entities\.yaml:200 \[199\]: expected a mapping\n {2}and 5 more$/);
  });
});

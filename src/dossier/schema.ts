import { z } from 'zod';
import { isSlug } from '../events/ids.ts';
import type { SubjectKind } from '../events/item.ts';

/** Characters in one alias, cue or name. */
const ALIAS_CHARS_MAX = 120;
/** Aliases of one subject in one language. */
const ALIASES_MAX = 400;
/** Subjects in one file. */
const SUBJECTS_MAX = 20_000;
/** Patterns of one subject. */
const PATTERNS_MAX = 100;
/** Groups of one pattern, and words in one group or list of words. */
const GROUPS_MAX = 12;
const WORDS_MAX = 200;
/** How far apart the groups of a pattern may be said to stand. */
const WITHIN_CHARS_MAX = 10_000;
const RULES_MAX = 500;
const COMMITMENTS_MAX = 1_000;
/** Characters in a rule's query. */
const QUERY_CHARS_MAX = 8_000;
/** Characters in a note, a title or a promise. */
const PROSE_CHARS_MAX = 2_000;
const QUIET_DAYS_MAX = 3_650;

const SUBJECT_KINDS = [
  'person',
  'place',
  'organisation',
  'country',
  'agreement',
  'measure',
  'policy',
  'topic',
] as const satisfies readonly SubjectKind[];

const slug = z
  .string()
  .refine(isSlug, { error: 'expected an id of lower-case letters, digits and single hyphens' });
const prose = z.string().trim().min(1).max(PROSE_CHARS_MAX);
const day = z.iso.date();
const optionalDay = day.nullish().transform((value) => value ?? null);
const wikidata = z
  .string()
  .regex(/^Q[1-9]\d*$/, { error: 'expected a Wikidata id such as Q865' })
  .nullish()
  .transform((value) => value ?? null);

/** Whether anything of it is left to be found once matching has dropped what nobody sees; blanks and controls are another fault. */
function isFindable(text: string): boolean {
  const visible = text.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}|\p{Cf}/gu, '');
  return /[\p{L}\p{N}\p{S}]/u.test(visible) || /^[\s\p{Cc}]*$/u.test(text);
}

/** Text to be matched: no space around it, no control characters in it, never empty, nor without a letter, number or symbol. */
const words = z
  .string()
  .min(1)
  .max(ALIAS_CHARS_MAX)
  .refine((text) => text === text.trim() && !/\p{Cc}/u.test(text), {
    error: 'expected text without space around it or control characters',
  })
  .refine(isFindable, { error: 'expected text with a letter, number or symbol in it' });
const plainWords = words.refine((text) => !text.startsWith('@'), {
  error: 'expected a word: subjects (@id) cannot stand here',
});

const inOrder = ({ from, until }: { from: string | null; until: string | null }): boolean =>
  from === null || until === null || from <= until;
const OUT_OF_ORDER = { error: 'expected from to be no later than until', path: ['until'] };

const aliasObject = z
  .strictObject({
    text: plainWords,
    exactCase: z.boolean().default(false),
    requires: z.array(words).max(WORDS_MAX).default([]),
    excludes: z.array(plainWords).max(WORDS_MAX).default([]),
    notIn: z.array(plainWords).max(WORDS_MAX).default([]),
    unlessFollowedBy: z.array(plainWords).max(WORDS_MAX).default([]),
    weight: z.number().gt(0).max(1).default(1),
    from: optionalDay,
    until: optionalDay,
  })
  .refine(inOrder, OUT_OF_ORDER);

const isMapping = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** An alias is a plain text, or a mapping that says when the text counts. */
const alias = z.preprocess((value) => (isMapping(value) ? value : { text: value }), aliasObject);
const aliases = z.array(alias).max(ALIASES_MAX).default([]);

const pattern = z
  .strictObject({
    name: words,
    allOf: z.array(z.array(words).min(1).max(WORDS_MAX)).min(1).max(GROUPS_MAX),
    noneOf: z.array(words).max(WORDS_MAX).default([]),
    withinChars: z
      .number()
      .int()
      .min(1)
      .max(WITHIN_CHARS_MAX)
      .nullish()
      .transform((value) => value ?? null),
    from: optionalDay,
    until: optionalDay,
  })
  .refine(inOrder, OUT_OF_ORDER);

const aliasesByLang = z
  .strictObject({ en: aliases, ko: aliases, ja: aliases, 'zh-Hans': aliases, 'zh-Hant': aliases })
  .prefault({});

const plainList = z.array(plainWords).max(WORDS_MAX).default([]);
const organs = z
  .strictObject({ en: plainList, ko: plainList, ja: plainList, 'zh-Hans': plainList, 'zh-Hant': plainList })
  .prefault({});

const rival = z.strictObject({
  id: slug,
  of: z.array(slug).min(1).max(WORDS_MAX),
  note: z.string().max(PROSE_CHARS_MAX).default(''),
  shares: z.array(plainWords).max(WORDS_MAX).default([]),
  aliases: aliasesByLang,
});

const subject = z.strictObject({
  id: slug,
  kind: z.enum(SUBJECT_KINDS),
  wikidata,
  note: z.string().max(PROSE_CHARS_MAX).default(''),
  /** For whom it stands: the country of a person or of a capital. */
  side: slug.nullish().transform((value) => value ?? null),
  /** How much an item about it is of the dossier. */
  importance: z.number().min(0).max(1).default(1),
  /** What makes it a party of an event without being its name. */
  organs,
  labels: z.strictObject({
    en: plainWords,
    ko: plainWords,
    ja: plainWords,
    'zh-Hans': plainWords,
    'zh-Hant': plainWords,
  }),
  /** False when the labels are for people only and must not match as they stand. */
  labelIsAlias: z.boolean().default(true),
  aliases: aliasesByLang,
  patterns: z.array(pattern).max(PATTERNS_MAX).default([]),
});

const rule = z.strictObject({
  id: slug,
  title: prose,
  about: prose,
  query: z.string().trim().min(1).max(QUERY_CHARS_MAX),
  /** As rules were written before there was a query language. */
  when: z
    .unknown()
    .refine((value) => value === undefined, {
      error: 'is now written as query: entity:taiwan topic:(cptpp OR marine-imports) -lang:ko',
    })
    .optional(),
  channels: z
    .array(z.enum(['console', 'webhook']))
    .min(1)
    .max(2)
    .default(['console']),
});

const commitment = z.strictObject({
  id: slug,
  title: prose,
  promise: prose,
  by: z.array(slug).min(1).max(WORDS_MAX),
  to: z.array(slug).min(1).max(WORDS_MAX),
  made: day,
  subjects: z.array(slug).min(1).max(WORDS_MAX),
  quietAfterDays: z.number().int().min(1).max(QUIET_DAYS_MAX),
});

/** What a list file is to hold, and what each entry of it. */
export interface ListSchema<Entry extends z.ZodType> {
  readonly list: z.ZodType<z.output<Entry>[]>;
  readonly entry: Entry;
}

/** A file with nothing but comments is an empty list. */
const listOf = <Entry extends z.ZodType>(entry: Entry, max: number): ListSchema<Entry> => ({
  list: z.preprocess((value) => value ?? [], z.array(entry).max(max)),
  entry,
});

export const SUBJECTS = listOf(subject, SUBJECTS_MAX);
export const RIVALS = listOf(rival, SUBJECTS_MAX);
export const RULES = listOf(rule, RULES_MAX);
export const COMMITMENTS = listOf(commitment, COMMITMENTS_MAX);
export const aliasSchema = alias;

export type WrittenSubject = z.output<typeof subject>;
export type WrittenRival = z.output<typeof rival>;
export type WrittenRule = z.output<typeof rule>;
export type WrittenCommitment = z.output<typeof commitment>;

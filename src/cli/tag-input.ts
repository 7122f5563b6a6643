import { z } from 'zod';
import { LINE_BYTES_MAX } from '../ingest/lines.ts';
import { messageOf } from './output.ts';

/** Characters of a language tag: what RFC 5646 §4.4.1 asks to hold. */
const LANG_CHARS_MAX = 35;
/** Characters shown of what cannot be used. */
const SHOWN_CHARS_MAX = 40;

const EXPECTED = 'expected an object with title and text';

const input = z
  .looseObject(
    {
      title: z.string().default(''),
      text: z.string().optional(),
      summary: z.string().optional(),
      lang: z.string().nullish(),
      date: z.string().nullish(),
    },
    { error: EXPECTED },
  )
  .refine(({ title, text, summary }) => `${title}${text ?? summary ?? ''}`.trim() !== '', {
    error: `neither a title nor a text: ${EXPECTED}`,
  });

/** What is to be tagged, and whatever else its line holds. */
export type TagInput = z.output<typeof input>;

/** The item on a line of JSONL, null for one too long to be kept. Throws what tagInputProblem puts into words. */
export function tagInputOn(line: string | null): TagInput {
  if (line === null) throw new Error(`longer than ${LINE_BYTES_MAX} bytes`);
  return input.parse(JSON.parse(line));
}

/** Why a line holds no item, in words. */
export function tagInputProblem(error: unknown): string {
  if (!(error instanceof z.ZodError)) return messageOf(error);
  return error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
}

const shown = (text: string): string =>
  JSON.stringify(text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text);

/** Why `date` is no day that an office has a holder on; null where it is one. A time behind it is not looked at. */
export function dateProblem(date: string): string | null {
  const day = /^(\d{4}-\d{2}-\d{2})(?:$|[T ])/.exec(date)?.[1];
  const at = new Date(`${day ?? ''}T00:00:00Z`);
  // JavaScript takes 30 February for a day of March.
  if (day !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)) return null;
  return `date ${shown(date)} is no day: write 2026-01-13`;
}

/** Why `lang` is no language as a feed would say it; null where it is one, with the underscore that many write. */
export function langProblem(lang: string): string | null {
  try {
    // Intl is slow to refuse prose.
    if (lang.length <= LANG_CHARS_MAX && Intl.getCanonicalLocales(lang.replaceAll('_', '-')).length > 0)
      return null;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return `lang ${shown(lang)} is no BCP 47 tag: write ko, ja, en or zh-Hant`;
}

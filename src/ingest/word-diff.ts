import { diffArrays } from 'diff';

/** A stretch of text that both versions have, or one of them. */
export interface DiffPart {
  readonly kind: 'kept' | 'deleted' | 'added';
  readonly text: string;
}

/**
 * Words that may differ for a comparison word by word. Past it the texts are others as a whole, and to look on would take the square
 * of it.
 */
export const DIFF_WORDS_MAX = 600;
/** Characters of each text that are compared: more than an item has. */
export const DIFF_CHARS_MAX = 4_000;
/** Characters that are cut into words at a time: what a segmenter takes grows with the square in some texts. */
const SEGMENT_CHARS_MAX = 64;

const SCRIPT_WITHOUT_BLANKS = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー`;
// Words, blanks, and every other character by itself: a comma that goes is no other word.
const TOKEN = /[\p{L}\p{M}\p{N}]+(?:['’.,][\p{L}\p{N}]+)*|\s+|[^]/gu;
const WITHOUT_BLANKS = new RegExp(`[${SCRIPT_WITHOUT_BLANKS}]{2,}`, 'u');

function segmenterOf(lang: string | null): Intl.Segmenter | null {
  const primary = lang?.split('-')[0] ?? '';
  return primary === 'ja' || primary === 'zh' ? new Intl.Segmenter(primary, { granularity: 'word' }) : null;
}

function* segments(text: string, segmenter: Intl.Segmenter): Generator<string> {
  const characters = Array.from(text);
  for (let start = 0; start < characters.length; start += SEGMENT_CHARS_MAX) {
    const chunk = characters.slice(start, start + SEGMENT_CHARS_MAX).join('');
    for (const { segment } of segmenter.segment(chunk)) yield segment;
  }
}

/** A text cut into what is compared: eojeol and words by their blanks, Japanese and Chinese into words. */
function tokensOf(text: string, segmenter: Intl.Segmenter | null): string[] {
  const tokens = text.match(TOKEN) ?? [];
  if (segmenter === null) return tokens;
  return tokens.flatMap((token) => (WITHOUT_BLANKS.test(token) ? [...segments(token, segmenter)] : [token]));
}

const isBlank = (text: string): boolean => text.trim() === '';

/** Parts of one kind together, and deletions before additions where blanks alone lie between changes. */
function joined(parts: readonly DiffPart[]): DiffPart[] {
  const out: DiffPart[] = [];
  let [deleted, added, blank] = ['', '', ''];
  const flush = (): void => {
    if (deleted !== '') out.push({ kind: 'deleted', text: deleted });
    if (added !== '') out.push({ kind: 'added', text: added });
    if (blank !== '') out.push({ kind: 'kept', text: blank });
    [deleted, added, blank] = ['', '', ''];
  };
  for (const { kind, text } of parts) {
    if (kind === 'kept') {
      // Blanks between two changes belong to both: "old words" became "new ones", not each word by itself.
      if (isBlank(text) && blank === '' && deleted !== '' && added !== '') blank = text;
      else {
        flush();
        out.push({ kind, text });
      }
      continue;
    }
    [deleted, added, blank] = [deleted + blank, added + blank, ''];
    if (kind === 'deleted') deleted += text;
    else added += text;
  }
  flush();
  return out;
}

const whole = (kind: DiffPart['kind'], text: string): DiffPart[] => (text === '' ? [] : [{ kind, text }]);

/**
 * What became of the words of `before` in `after`, by the shortest edit (Myers 1986, as jsdiff has it): Korean by eojeol, Japanese and
 * Chinese (`lang`, BCP 47) by dictionary words, all others by words. Kept and deleted parts together are `before`, kept and added ones
 * `after`. Where more than DIFF_WORDS_MAX words differ, or a text is longer than DIFF_CHARS_MAX, all of it was replaced.
 */
export function wordDiff(before: string, after: string, lang: string | null): readonly DiffPart[] {
  if (before === after) return whole('kept', after);
  const replaced = [...whole('deleted', before), ...whole('added', after)];
  if (Math.max(before.length, after.length) > DIFF_CHARS_MAX) return replaced;
  const segmenter = segmenterOf(lang);
  const changes = diffArrays(tokensOf(before, segmenter), tokensOf(after, segmenter), {
    maxEditLength: DIFF_WORDS_MAX,
  });
  if (changes === undefined) return replaced;
  return joined(
    changes.map(({ value, added, removed }) => ({
      kind: added ? 'added' : removed ? 'deleted' : 'kept',
      text: value.join(''),
    })),
  );
}

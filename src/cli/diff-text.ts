import { unsteered } from '../alerts/console-channel.ts';
import type { DiffPart } from '../ingest/word-diff.ts';
import type { RevisedWords } from '../query/revisions.ts';

const RED = '\u001b[31m';
const GREEN = '\u001b[32m';
const PLAIN = '\u001b[0m';
/** Characters of unchanged words that are shown on either side of a change. */
const AROUND_CHARS = 40;

/** Unchanged words, shortened where they are far from any change. */
function around(text: string, isFirst: boolean, isLast: boolean): string {
  const characters = Array.from(text);
  const room = AROUND_CHARS * (isFirst || isLast ? 1 : 2);
  if (characters.length <= room + 1) return text;
  const head = isFirst ? '' : characters.slice(0, AROUND_CHARS).join('');
  const tail = isLast ? '' : characters.slice(-AROUND_CHARS).join('');
  return `${head}…${tail}`;
}

/**
 * A difference on one line: `[-deleted-]` and `{+added+}`, as wdiff and `git diff --word-diff` write it, so that it can be read without
 * colour and by those who do not see it. What did not change is shown near changes only.
 */
export function diffText(parts: readonly DiffPart[], colour: boolean): string {
  const paint = (code: string, text: string): string => (colour ? `${code}${text}${PLAIN}` : text);
  return parts
    .map(({ kind, text }, index) => {
      const printed = unsteered(text);
      switch (kind) {
        case 'kept':
          return parts.length === 1 ? printed : around(printed, index === 0, index === parts.length - 1);
        case 'deleted':
          return paint(RED, `[-${printed}-]`);
        case 'added':
          return paint(GREEN, `{+${printed}+}`);
      }
    })
    .join('');
}

const isChanged = (parts: readonly DiffPart[]): boolean => parts.some(({ kind }) => kind !== 'kept');

/** What a revision changed, a line for each of headline and lead that it changed. */
export function revisedLines(words: RevisedWords | null, colour: boolean): string[] {
  if (words === null) return ['(the words were taken down)'];
  const { title, summary } = words;
  return [title, summary].filter(isChanged).map((parts) => diffText(parts, colour));
}

import type { AliasUse } from '../classify/alias-usage.ts';
import type { Finding } from '../classify/dossier-findings.ts';
import type { Dossier } from '../dossier/dossier.ts';
import { problemText } from '../dossier/problem.ts';
import type { Place } from '../dossier/problem.ts';
import type { CountedNames } from '../workers/count-names.ts';
import { printableEnd, table } from './output.ts';
import { counted } from './words.ts';
import { wrapHanging } from './wrap.ts';

/** Names told of that stand in longer words, and longer words told of each. */
const HIDDEN_SHOWN_MAX = 30;
const LONGER_SHOWN_MAX = 4;
const COLUMNS_DEFAULT = 80;

export interface PlacedFinding extends Finding {
  readonly place: Place;
}

/** What came of checking a dossier that can be used. */
export interface Checked {
  readonly dossier: Dossier;
  readonly warnings: readonly PlacedFinding[];
  readonly notes: readonly PlacedFinding[];
  /** Null where the log was not asked. */
  readonly names: CountedNames | null;
}

const inLongerWords = ({ longer }: AliasUse): number => [...longer.values()].reduce((sum, n) => sum + n, 0);

/** The longer words of a name, the most frequent first. */
function longest({ longer }: AliasUse): [string, number][] {
  return [...longer].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}

/** The names that stand in longer words, the most often first. */
function hidden(uses: readonly AliasUse[]): readonly AliasUse[] {
  return uses.filter(({ longer }) => longer.size > 0).sort((a, b) => inLongerWords(b) - inLongerWords(a));
}

const unseen = (uses: readonly AliasUse[]): readonly AliasUse[] => uses.filter(({ seen }) => seen === 0);

const findingLine = ({ place, message }: PlacedFinding): string => `  ${problemText({ ...place, message })}`;

function headLine({ dossier }: Checked): string {
  const { name, version, subjects, feeds, rules } = dossier;
  const names = subjects.reduce((sum, { aliases }) => sum + aliases.length, 0);
  return (
    `${name} ${version} can be used: ${subjects.length} entities and topics with ${counted(names, 'name')}, ` +
    `${counted(feeds.length, 'feed')}, ${counted(rules.length, 'rule')}`
  );
}

function noteLines({ notes }: Checked, all: boolean): string[] {
  if (notes.length === 0) return [];
  const head = `names that mean several entities, all of which are tagged: ${notes.length}`;
  return all ? ['', head, ...notes.map(findingLine)] : ['', `${head} (--notes lists them)`];
}

function unseenLines(uses: readonly AliasUse[], all: boolean): string[] {
  const never = unseen(uses);
  const head = `names that no text of the log has: ${never.length} of ${uses.length}`;
  if (!all || never.length === 0) return ['', `${head}${never.length === 0 ? '' : ' (--notes lists them)'}`];
  const bySubject = new Map<string, string[]>();
  for (const { subject, alias } of never) {
    const key = `${subject} ${alias.lang}`;
    bySubject.set(key, [...(bySubject.get(key) ?? []), alias.text]);
  }
  return ['', head, ...[...bySubject].map(([key, texts]) => `  ${key}: ${texts.join(', ')}`)];
}

function hiddenTable(uses: readonly AliasUse[], columns: number): string {
  const found = hidden(uses);
  if (found.length === 0) return '';
  const rows = found.slice(0, HIDDEN_SHOWN_MAX).map((use) => [
    use.alias.text,
    use.subject,
    `${use.seen}`,
    `${inLongerWords(use)}`,
    longest(use)
      .slice(0, LONGER_SHOWN_MAX)
      .map(([word, n]) => `${word} ${n}`)
      .join(', '),
  ]);
  const rest = found.length - rows.length;
  const more = rest > 0 ? `and ${rest} more, all with --json\n` : '';
  const head = ['name', 'of', 'seen', 'refused', 'inside of'];
  return `\nnames inside of longer words, where they are refused:\n${table(head, rows, columns, [1])}${more}`;
}

/** What came of a check, in words. */
export function checkedText(
  checked: Checked,
  { notes, columns }: { readonly notes: boolean; readonly columns: number },
): string {
  const { warnings, names } = checked;
  const lines = [
    headLine(checked),
    ...(warnings.length === 0
      ? []
      : ['', `${counted(warnings.length, 'warning')}:`, ...warnings.map(findingLine)]),
    ...noteLines(checked, notes),
    ...(names === null
      ? []
      : ['', `${counted(names.items, 'item')} of the log looked at`, ...unseenLines(names.uses, notes)]),
  ];
  const text = wrapHanging(lines.map(printableEnd).join('\n'), Math.min(columns, COLUMNS_DEFAULT));
  return `${text}\n${names === null ? '' : hiddenTable(names.uses, columns)}`;
}

const told = ({ kind, subject, alias, message, place }: PlacedFinding) => ({
  ...place,
  ...{ kind, subject, lang: alias.lang, alias: alias.text, message },
});

/** The same for a program. */
export function checkedJson({ dossier, warnings, notes, names }: Checked): object {
  const { folder, name, version } = dossier;
  const uses = names?.uses.map((use) => ({
    ...{
      subject: use.subject,
      lang: use.alias.lang,
      alias: use.alias.text,
      seen: use.seen,
      refused: use.refused,
    },
    longer: longest(use).map(([word, times]) => ({ word, times })),
  }));
  return {
    ...{ folder, name, version, errors: [] },
    warnings: warnings.map(told),
    notes: notes.map(told),
    names: names === null ? null : { items: names.items, uses },
  };
}

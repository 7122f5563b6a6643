import type { Counts, SetScore } from './quality-score.ts';
import { sharesOf } from './quality-score.ts';

/** What `npm run quality` last found: the page is made of it. */
export interface QualityFigures {
  readonly tagger: string;
  /** Of our own set, in fixtures/tagging. */
  readonly own: SetScore;
  /** Of a set from elsewhere, the last time one was given; null where none ever was. */
  readonly outside: { readonly tagger: string; readonly score: SetScore } | null;
}

const LANG_NAMES: Readonly<Record<string, string>> = {
  en: 'English',
  ko: 'Korean',
  ja: 'Japanese',
  zh: 'Chinese',
};

function cells(counts: Counts): string {
  const { precision, recall, f1 } = sharesOf(counts);
  const { right, wrong, missed } = counts;
  return `${[precision, recall, f1].map((share) => share.toFixed(3)).join(' | ')} | ${right} | ${wrong} | ${missed}`;
}

const HEADS = 'precision | recall | F1 | right | wrong | missed';
const RULE = '---: | ---: | ---: | ---: | ---: | ---:';

function tables(score: SetScore): string {
  const langs = Object.entries(score.byLang).map(
    ([lang, counts]) => `| ${LANG_NAMES[lang] ?? lang} | ${counts.items} | ${cells(counts)} |`,
  );
  const entities = Object.entries(score.byEntity)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, counts]) => `| \`${id}\` | ${cells(counts)} |`);
  return `| | items | ${HEADS} |
| --- | ---: | ${RULE} |
| **all** | ${score.items} | ${cells(score.all)} |
${langs.join('\n')}

${score.exact} of ${score.items} items are right in full.

| entity or topic | ${HEADS} |
| --- | ${RULE} |
${entities.join('\n')}
`;
}

function errorList(score: SetScore): string {
  if (score.errors.length === 0) return 'No item has an error.\n';
  const names = (ids: readonly string[]): string => ids.map((id) => `\`${id}\``).join(', ');
  const line = ({ item, wrong, missed }: SetScore['errors'][number]): string => {
    const parts = [
      wrong.length > 0 ? `wrong ${names(wrong)}` : '',
      missed.length > 0 ? `missed ${names(missed)}` : '',
    ];
    return `- ${item}: ${parts.filter((part) => part !== '').join('; ')}`;
  };
  return `Items with errors, by id:\n\n${score.errors.map(line).join('\n')}\n`;
}

/** docs/quality.md. */
export function qualityPage({ tagger, own, outside }: QualityFigures): string {
  const elsewhere =
    outside === null
      ? 'No other set has been measured with this version of the page.\n'
      : `Real headlines and leads that somebody else chose and labelled (tagger ${outside.tagger}). Their texts are their publishers' and not
part of this project, so errors stand here by id only. A set that was at hand while the tagger was made, as that of the figures we keep
here was, shows what was reached; news that nobody has looked at will come out lower.

${tables(outside.score)}
${errorList(outside.score)}`;
  return `<!-- Written by npm run quality. -->

# How right the tagger is

Precision is the share of its tags that are right, recall the share of what there was to tag that it found, F1 their harmonic mean; counted
are pairs of an item and an entity or topic, over all items. What a set calls optional (the Korean Peninsula, say, which names both Koreas or
neither) counts nowhere. An error in either direction counts once.

## Our own set

${own.items} items that we wrote ourselves, in [fixtures/tagging](../fixtures/tagging): every entity in all four languages, ${own.traps.items} of them
traps that are made to fool a tagger (syllables inside other words, namesakes, characters that meet across words); ${own.traps.exact} of these are right
in full. We wrote them knowing the tagger, and mended it where they found it wrong: take these figures for what it holds on to, not for
what it will do on tomorrow's news. \`npm test\` fails when they fall (tagger ${tagger}).

${tables(own)}
${errorList(own)}
## A set from elsewhere

${elsewhere}
## Measuring again

\`\`\`sh
npm run quality                                  # our own set
QUALITY_SET=path/to/set.jsonl npm run quality    # and another: a file, or a folder of .jsonl files
\`\`\`

An item of a set is one line of JSON: \`{"id", "lang", "date", "title", "text", "gold": [ids], "optional": [ids], "trap": "what it tries"}\`;
the last two may be missing. Scored are the ids of [fixtures/tagging/scored.json](../fixtures/tagging/scored.json).
`;
}

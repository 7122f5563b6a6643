import { ruleText } from '../classify/rules.ts';
import type { Forecast, SubjectForecast, TagExample } from '../workers/retag-forecast.ts';
import type { Retagged } from '../workers/retag.ts';
import { ID_CHARS_SHOWN } from './alert-text.ts';
import { markedLine } from './marked-line.ts';
import { fit, table } from './output.ts';
import { counted } from './words.ts';

function oddities({ left, gone, failed }: { left: number; gone: number; failed: number }): string[] {
  return [
    ...(left === 0 ? [] : [`left to the workers, as their words are new: ${counted(left, 'item')}`]),
    ...(gone === 0 ? [] : [`left as they are, as their words were taken down: ${counted(gone, 'item')}`]),
    ...(failed === 0 ? [] : [`could not be tagged, see above: ${counted(failed, 'item')}`]),
  ];
}

/** What a retagging did, in words. */
export function retaggedText({ counts, goneOnFrom }: Retagged): string {
  const { changed, unchanged, current } = counts;
  const goneOn =
    goneOnFrom === null
      ? []
      : [
          `went on where an earlier run stopped: ${goneOnFrom.changed} of ${counted(goneOnFrom.items, 'item')} tagged anew there`,
        ];
  return [
    ...goneOn,
    `${counted(changed, 'item')} tagged anew, ${unchanged} tagged alike, ${current} tagged by these versions before`,
    ...oddities(counts),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function exampleLines(sign: '+' | '-', examples: readonly TagExample[], columns: number): string[] {
  return examples.flatMap(({ item, lang, title, surface, rule, field, before, after, refused }) => {
    const head = `  ${sign} ${item.slice(0, ID_CHARS_SHOWN)} ${lang ?? '?'}  `;
    const place = `      ${field}: `;
    const words = `${before}${surface}${after}`;
    const marked = ({ length }: string): string =>
      markedLine(words, before.length, before.length + surface.length, columns - length);
    const lost = refused === null ? '; nothing of it is found any more' : `; now: ${ruleText(refused)}`;
    return [
      ...(field === 'title'
        ? [`${head}${marked(head)}`]
        : [`${head}${fit(title, columns - head.length)}`, `${place}${marked(place)}`]),
      `      ${fit(`“${surface}” (${ruleText(rule)})${sign === '-' ? lost : ''}`, columns - 6)}`,
    ];
  });
}

function subjectLines({ subject, gained, lost, gains, losses }: SubjectForecast, columns: number): string[] {
  return [
    '',
    `${subject}: ${gained} gained, ${lost} lost`,
    ...exampleLines('+', gains, columns),
    ...exampleLines('-', losses, columns),
  ];
}

/** What a retagging would do, in words. */
export function forecastText(forecast: Forecast, columns: number): string {
  const { items, changed, otherSubjects, subjects } = forecast;
  const rows = subjects.map(({ subject, gained, lost }) => [subject, `+${gained}`, `-${lost}`]);
  return [
    `${counted(items, 'item')} looked at: ${changed} would be tagged anew, ${otherSubjects} of them with other subjects`,
    ...oddities(forecast),
    ...(rows.length === 0 ? [] : ['', table(['subject', 'gained', 'lost'], rows, columns).trimEnd()]),
    ...subjects.flatMap((subject) => subjectLines(subject, columns)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

import type { CloseItem, CloseLook } from '../workers/look-closer.ts';
import { moment } from './output.ts';

/** Items that are shown by name; JSON has all of them. */
const ITEMS_SHOWN = 5;
const INDENT = '    ';

function dateText({ published, written }: CloseItem): string {
  if (published === null)
    return written === null ? 'no date' : `no date: ${JSON.stringify(written)} cannot be read`;
  const read = moment(new Date(published));
  return written === null ? read : `${read}, from ${JSON.stringify(written)}`;
}

/** The first items: headline, when and from what that was read, and what else tells them apart. */
export function itemLines({ items }: CloseLook): [string, string][] {
  const shown = items.slice(0, ITEMS_SHOWN).flatMap((item, index): [string, string][] => {
    const { title, link, id, lang } = item;
    const about = [dateText(item), ...(lang === undefined ? [] : [lang])].join('; ');
    return [
      [index === 0 ? 'first' : '', title || '(no headline)'],
      ['', `${INDENT}${about}`],
      ['', `${INDENT}${link ?? 'no link'}`],
      // Most feeds give the link once more.
      ...(id === null || id === link ? [] : [['', `${INDENT}guid ${id}`] as [string, string]]),
    ];
  });
  const more = items.length - ITEMS_SHOWN;
  return more > 0 ? [...shown, ['', `and ${more} more`]] : shown;
}

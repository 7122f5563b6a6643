import type { Party } from './event-actors.ts';
import type { Span } from './event-role.ts';

/** Units read before and after a name or an act. */
export const AROUND_UNITS = 24;

export function aheadOf(text: string, { start }: Pick<Span, 'start'>): string {
  return text.slice(Math.max(0, start - AROUND_UNITS), start);
}

export function behindOf(text: string, { end }: Pick<Span, 'end'>): string {
  return text.slice(end, end + AROUND_UNITS);
}

/** Someone unnamed comes first: `정부, 日 …에 항의`, `政府、中国の…`. What follows without a particle is done to. */
export const UNNAMED_FIRST = /^[^,、，“"「…]{1,12}(?:,|、)/u;

/** Units of a compound of a sign and a country: 방일, 訪韓, 対中. */
const COMPOUND_UNITS_MAX = 2;

/** Names that begin like such a compound and are none: 대만, 대한민국. */
const NO_COMPOUND = /^대[만한]/u;

/** Whether one of the signs stands right before a country, in the name as the dossier has it or before it. */
export function isPrefixed(text: string, { start, end }: Party, signs: RegExp): boolean {
  if (NO_COMPOUND.test(text.slice(start, end))) return signs.test(text.charAt(start - 1));
  const isCompound = end - start <= COMPOUND_UNITS_MAX;
  const first = text.charAt(isCompound && end - start === COMPOUND_UNITS_MAX ? start : start - 1);
  if (!isCompound && end - start > 3)
    return signs.test(text.charAt(start - 1)) && /[訪對赴駐在対反]/u.test(first);
  return signs.test(first) || (isCompound && signs.test(text.charAt(start - 1)));
}

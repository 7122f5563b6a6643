declare const brand: unique symbol;

/** Where a page of items ended, as text to ask for the next one with. Nobody need know what is in it. */
export type Cursor = string & { readonly [brand]: 'Cursor' };

/** A place in the order of items: newest first, the latest in the log first among those of one moment. */
export interface Place {
  /** Microseconds since 1970: what the database tells moments apart by. */
  readonly micros: number;
  readonly position: number;
}

const CURSOR = /^(-?[0-9a-z]{1,11})\.([0-9a-z]{1,11})$/;
const BASE = 36;

/** A text that is no cursor of ours. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
  constructor(text: string) {
    super(`${JSON.stringify(text.slice(0, 40))} is no cursor: take the one that came with the page before`);
  }
}

/** The cursor of a place. */
export function cursorOf({ micros, position }: Place): Cursor {
  return `${micros.toString(BASE)}.${position.toString(BASE)}` as Cursor;
}

/** The place that a cursor names; throws InvalidCursor. */
export function placeOf(cursor: Cursor): Place {
  const [, micros = '', position = ''] = CURSOR.exec(cursor) ?? [];
  const place = { micros: parseInt(micros, BASE), position: parseInt(position, BASE) };
  if (!Number.isSafeInteger(place.micros) || !Number.isSafeInteger(place.position)) {
    throw new InvalidCursor(cursor);
  }
  return place;
}

/** Checks a text from outside to be a cursor; throws InvalidCursor. */
export function cursor(text: string): Cursor {
  return cursorOf(placeOf(text as Cursor));
}

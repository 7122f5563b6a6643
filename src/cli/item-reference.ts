import type { ItemId, Position } from '../events/ids.ts';
import { findAlerts } from '../query/lists.ts';
import { explain, findItems } from '../query/why.ts';
import type { Explanation } from '../query/why.ts';
import type { Db } from '../store/database.ts';

function notFound(reference: string): string {
  return /^(?:https?:|[0-9a-f]{4,32}$)/i.test(reference)
    ? `no item ${reference}`
    : `no item ${reference}: expected an item id, at least its first 4 hex digits, or the URL of the article`;
}

/** The item that the one alert which begins so is about; null where none does, or several do. */
async function ofAlert(
  db: Db,
  reference: string,
  at: Position | null,
): Promise<{ readonly item: ItemId } | null> {
  const [only, other] = await findAlerts(db, reference, 2, at);
  return only === undefined || other !== undefined ? null : only;
}

/** What the commands that take an item say of how it can be named. */
export const ITEM_ARGUMENT = 'an item id, its first characters, the URL of the article, or an alert about it';

/** Everything the log says of the one item that `reference` means, up to position `at`; throws where there is none, or several. */
export async function explainMeant(db: Db, reference: string, at: Position | null): Promise<Explanation> {
  const found = await findItems(db, reference, at);
  const first = found[0] ?? (await ofAlert(db, reference, at));
  if (first === null) throw new Error(notFound(reference));
  if (found.length > 1) {
    const candidates = found.map(({ item, title }) => `  ${item}  ${title}`);
    throw new Error(`${reference} could be any of:\n${candidates.join('\n')}`);
  }
  const explanation = await explain(db, first.item, at);
  if (explanation === null) throw new Error(`no item ${first.item} in the log`);
  return explanation;
}

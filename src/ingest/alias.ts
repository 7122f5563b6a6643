import { eventIdOf } from '../events/ids.ts';
import type { FeedId } from '../events/ids.ts';
import type { ItemAliased, ItemState } from '../events/item.ts';
import { isGoogleNews } from './google-news.ts';
import { identify } from './identity.ts';
import type { Identified } from './identity.ts';

/** Further links kept of one item: a link that carries a session would otherwise fill the log. */
export const ALIAS_LINKS_MAX = 10;
/** Further guids kept of one item: some feeds make up another at every poll. */
export const ALIAS_GUIDS_MAX = 2;

/** What of a sighting's keys is not among those its item is known by. */
export interface Unfamiliar {
  readonly link: boolean;
  readonly guid: boolean;
}

function isFamiliar({ url, guid, publisher }: ItemState, sighting: Identified): boolean {
  const { item } = sighting;
  return item.url === url && item.guid === guid && sighting.publisher === publisher;
}

/**
 * Which keys of a sighting are new for its item and are to be kept, by what the log says of it: so the same sighting gives the
 * same answer after a crash. A guid of Google News says no more than its link.
 */
export function unfamiliar(state: ItemState, sighting: Identified): Unfamiliar {
  const { keys, item } = sighting;
  const { publisher, aliases } = state;
  if (publisher === null || isFamiliar(state, sighting)) return { link: false, guid: false };
  const names = [{ publisher, url: state.url, guid: state.guid }, ...aliases].map((name) =>
    identify({ ...item, url: name.url, guid: name.guid }, name.publisher),
  );
  const hasRoom = (kept: number, max: number): boolean => kept < max;
  const links = aliases.filter(({ url }) => url !== null).length;
  const guids = aliases.filter(({ guid }) => guid !== null).length;
  return {
    link:
      keys.link !== null &&
      hasRoom(links, ALIAS_LINKS_MAX) &&
      names.every((name) => name.keys.link !== keys.link),
    guid:
      keys.guid !== null &&
      !isGoogleNews(item.url) &&
      hasRoom(guids, ALIAS_GUIDS_MAX) &&
      names.every((name) => name.keys.guid !== keys.guid),
  };
}

/** That an item is seen under other names. */
export function aliased(
  state: ItemState & { readonly item: NonNullable<ItemState['item']> },
  { keys, item, publisher }: Identified,
  feed: FeedId,
  { link, guid }: Unfamiliar,
  now: Date,
): ItemAliased {
  return {
    type: 'ItemAliased',
    id: eventIdOf('ItemAliased', state.item, (link && keys.link) || '', (guid && keys.guid) || ''),
    decidedAt: now,
    data: {
      item: state.item,
      feed,
      publisher,
      url: link ? item.url : null,
      guid: guid ? item.guid : null,
    },
  };
}

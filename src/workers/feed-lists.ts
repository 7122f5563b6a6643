import { contentHashOf } from '../events/ids.ts';
import type { ContentHash } from '../events/ids.ts';
import { getResponse, putContent } from '../store/content.ts';
import { MissingContent } from '../store/errors.ts';
import type { Store } from '../store/store.ts';

/** The hash under which a list of feeds is kept. */
export const listHashOf = (text: string): ContentHash => contentHashOf(text);

/** Keeps a list of feeds beside the log; call it before the events that name it. */
export async function keepList({ db }: Store, text: string): Promise<void> {
  await putContent(db, new Map([[listHashOf(text), { kind: 'response', body: { text } }]]));
}

/** The list under `hash`; null where it is gone. */
export async function readList({ db }: Store, hash: ContentHash): Promise<string | null> {
  try {
    return (await getResponse(db, hash)).text;
  } catch (error) {
    if (error instanceof MissingContent) return null;
    throw error;
  }
}

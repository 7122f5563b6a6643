import { AliasUsage } from '../classify/alias-usage.ts';
import type { AliasUse } from '../classify/alias-usage.ts';
import { createTagger } from '../classify/tagger.ts';
import type { Dossier } from '../dossier/dossier.ts';
import { position } from '../events/ids.ts';
import { head } from '../store/read.ts';
import type { Store } from '../store/store.ts';
import { ahead, inTurns } from './ahead.ts';
import type { RetagProgress } from './retag.ts';
import { inputOf } from './tag-items.ts';
import { taggedItems } from './tagged-items.ts';

export interface CountedNames {
  /** Items looked at. */
  readonly items: number;
  readonly uses: readonly AliasUse[];
}

/** Counts where in the words of the log the names of `dossier` stand, and where they are taken; oldest items first, at most `limit`. */
export async function countNames(
  { db }: Store,
  dossier: Dossier,
  {
    limit,
    onProgress,
  }: { readonly limit: number | null; readonly onProgress: (progress: RetagProgress) => void },
): Promise<CountedNames> {
  const [tagger, usage] = [createTagger(dossier), new AliasUsage(dossier)];
  const total = await head(db);
  let items = 0;
  const from = position(0);
  onProgress({ items, position: from, total });
  for await (const { tagged, until } of ahead(taggedItems(db, { from, to: total }, () => true))) {
    const inputs = tagged.flatMap(({ known, words }) => (words === null ? [] : [inputOf(known, words)]));
    const wanted = limit === null ? inputs : inputs.slice(0, limit - items);
    for await (const some of inTurns(wanted)) {
      for (const input of some) usage.look(input, tagger.tag(input));
    }
    items += wanted.length;
    onProgress({ items, position: until, total });
    if (items === limit) break;
  }
  return { items, uses: usage.uses };
}

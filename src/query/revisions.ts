import type { ContentHash, FeedId, ItemId, Position } from '../events/ids.ts';
import { wordDiff } from '../ingest/word-diff.ts';
import type { DiffPart } from '../ingest/word-diff.ts';
import type { ItemContent } from '../store/content.ts';
import type { Explanation } from './why.ts';

/** What a revision made of the words before it. */
export interface RevisedWords {
  readonly title: readonly DiffPart[];
  readonly summary: readonly DiffPart[];
}

/** One revision of an item. */
export interface Revision {
  readonly item: ItemId;
  /** 1 for the first. */
  readonly revision: number;
  readonly position: Position;
  readonly recordedAt: Date;
  readonly feed: FeedId;
  /** Null where the words before or after were taken down. */
  readonly words: RevisedWords | null;
}

function revised(
  contents: ReadonlyMap<ContentHash, ItemContent>,
  previous: ContentHash,
  content: ContentHash,
  lang: string | null,
): RevisedWords | null {
  const [before, after] = [contents.get(previous), contents.get(content)];
  if (before === undefined || after === undefined) return null;
  return {
    title: wordDiff(before.title, after.title, lang),
    summary: wordDiff(before.summary, after.summary, lang),
  };
}

/** The revisions of an item, oldest first, with what each changed word by word: computed anew each time, since words can be taken down. */
export function revisionsOf({ item, events, contents }: Explanation): Revision[] {
  const ingested = events.find((event) => event.type === 'ItemIngested');
  const lang = ingested?.data.lang ?? null;
  return events.flatMap((event) => {
    if (event.type !== 'ItemRevised') return [];
    const { revision, feed, previous, content } = event.data;
    const { position, recordedAt } = event;
    const words = revised(contents, previous, content, lang);
    return [{ item, revision, position, recordedAt, feed, words }];
  });
}

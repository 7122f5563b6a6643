import type { FeedId } from '../events/ids.ts';
import type { PollTrouble } from '../ingest/feed.ts';
import { cut } from '../ingest/text.ts';
import type { Log } from '../log.ts';

/** Characters of a stack that are logged; it may quote the document. */
const STACK_CHARS_MAX = 4_000;
/** Kinds of faults that are remembered as told: more would be a document's doing, whose words are in them. */
const KINDS_MAX = 100;

/** What each log was told of. */
const told = new WeakMap<Log, Set<string>>();

/** What tells one fault from another: the class of the error and the first place in its stack, as its message may quote the document. */
function kindOf(stack: string): string {
  const place = /^ +at .*$/m.exec(stack)?.[0]?.trim() ?? '';
  return `${/^[\w$.]+/.exec(stack)?.[0] ?? ''} ${place}`;
}

/** Logs where a fault of the parser lies that `feed` has met, each kind of fault once for as long as the process runs. */
export function tellParserFault(log: Log, feed: FeedId, { reason, stack }: PollTrouble): void {
  if (stack === undefined) return;
  const kinds = told.get(log) ?? new Set();
  told.set(log, kinds);
  const kind = kindOf(stack);
  if (kinds.has(kind) || kinds.size >= KINDS_MAX) return;
  kinds.add(kind);
  log.error({ feed, reason, stack: cut(stack, STACK_CHARS_MAX) }, 'a fault in the parser, told once');
}

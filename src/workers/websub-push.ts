import assert from 'node:assert/strict';
import type { Dossier } from '../dossier/dossier.ts';
import { attributed } from '../ingest/identity.ts';
import { FEED_BYTES_MAX } from '../ingest/parsed.ts';
import { publisherResolver } from '../ingest/publisher.ts';
import type { Log } from '../log.ts';
import { BodyTooLarge, BodyUnreadable, unpack } from '../net/body.ts';
import { readPlan } from '../store/feed-schedule.ts';
import { noteArrival, noteRecorded, pollSoon } from '../store/pushes.ts';
import type { Store } from '../store/store.ts';
import type { Subscription } from '../store/subscriptions.ts';
import { readFeedDocument } from './feed-document.ts';
import { readFeed } from './feeds.ts';
import { recordNew } from './record-items.ts';

export interface PushDeps {
  readonly store: Store;
  readonly dossier: Dossier;
  readonly now: () => Date;
  readonly log: Log;
}

/** What came, signed by the hub. */
export interface Push {
  /** As sent, maybe packed. */
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The body unpacked, or what is wrong with it. */
async function unpacked({ body, headers }: Push): Promise<Uint8Array | string> {
  try {
    return await unpack(body, headers['content-encoding'] ?? '', FEED_BYTES_MAX);
  } catch (error) {
    if (error instanceof BodyTooLarge || error instanceof BodyUnreadable) return error.message;
    throw error;
  }
}

/**
 * Takes a push whose signature was found right: records what is new in it, before it is acknowledged. False when the feed is not
 * watched any more. A push only ever adds: it may come late, twice, or from somebody who kept it, so that other words of an
 * item that is known are left to a poll, which is made due. So is everything where a push says nothing: it cannot be read, or
 * the feed was never polled, so that nobody knows what in it is old.
 */
export async function receivePush(
  deps: PushDeps,
  { feed, hub, digest }: Subscription,
  push: Push,
): Promise<boolean> {
  const { store, now, log } = deps;
  const plan = await readPlan(store.db, feed);
  // The schedule follows the log and may be a moment behind it.
  const { state } = await readFeed(store.db, feed);
  if (plan?.enabled !== true || state.status !== 'active') return false;
  await noteArrival(store.db, digest, now());
  const leave = async (error: string | null): Promise<boolean> => {
    await pollSoon(store.db, feed, now());
    await noteRecorded(store.db, digest, error);
    return true;
  };
  if (plan.firstPolledAt === null) return await leave(null);
  // The feed is known (it has a plan), so its stream names its publisher.
  assert(state.publisher !== null, `feed ${feed} has no publisher`);
  const { publisher, lang } = state;
  const body = await unpacked(push);
  const document =
    typeof body === 'string'
      ? body
      : await readFeedDocument(
          deps,
          { publisher, lang },
          {
            body,
            url: plan.url,
            contentType: push.headers['content-type'] ?? null,
          },
        );
  if (typeof document === 'string' || document.kind === 'unreadable') {
    const reason = typeof document === 'string' ? document : document.trouble.reason;
    log.warn({ feed, hub, reason }, 'push cannot be read, polling instead');
    return await leave(`${hub}: a push could not be read: ${reason}`);
  }
  const resolve = publisherResolver(deps.dossier.publishers);
  const seen = document.items.map((item) => ({ ...attributed(item, resolve), feed, backfill: null }));
  const { ingested, changed } = await recordNew(store, seen, now);
  log.info({ feed, hub, ingested, changed }, 'pushed');
  if (changed > 0) return await leave(null);
  await noteRecorded(store.db, digest, null);
  return true;
}

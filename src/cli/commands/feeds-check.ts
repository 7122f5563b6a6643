import type { Command } from 'commander';
import type { Config } from '../../config.ts';
import { settings } from '../settings.ts';
import type { Dossier } from '../../dossier/dossier.ts';
import { feedId, isSlug } from '../../events/ids.ts';
import type { FeedId } from '../../events/ids.ts';
import { isArchiveUrl } from '../../ingest/archive-feed.ts';
import { feedKeyOf } from '../../ingest/feed-name.ts';
import { openDossier } from '../../query/dossier.ts';
import { readPlan } from '../../store/feed-schedule.ts';
import { readFeeds } from '../../workers/feeds.ts';
import { foreseeItems, lookAtFeed } from '../../workers/look-at-feed.ts';
import { readEvidence, readLastTrouble } from '../../workers/feed-trouble.ts';
import { pauseAfterFailureMs } from '../../workers/poll-again.ts';
import { lookCloser } from '../../workers/look-closer.ts';
import type { Looked, Unseen } from '../../workers/look-at-feed.ts';
import { reportJson, reportText } from '../feed-report.ts';
import type { FeedReport } from '../feed-report.ts';
import { httpClientOf } from '../http.ts';
import { paceOf } from '../poll-pace.ts';
import { unknownText } from '../meant.ts';
import { printable } from '../../alerts/console-channel.ts';
import { evidenceText } from '../evidence-text.ts';
import { jsonShown, moment } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage.ts';
import { publisherOf } from './feeds-add.ts';

interface Flags {
  readonly evidence?: true;
  readonly allowPrivate?: true;
  readonly json?: true;
}

async function look(dossier: Dossier, unseen: Unseen, allowPrivate: boolean): Promise<Looked> {
  const http = httpClientOf(settings());
  try {
    return await lookAtFeed({ http, dossier, allowPrivate, now: () => new Date() }, unseen);
  } finally {
    await http.close();
  }
}

/** When a poll that met this trouble would try again, after `failures` that failed before it. */
function retryOf(
  { trouble, retryAfterMs }: Looked,
  failures: number,
  config: Config,
): Pick<FeedReport, 'retryMs'> {
  if (trouble === null) return {};
  const asked = { failures: failures + 1, retryAfterMs, random: 0 };
  return { retryMs: pauseAfterFailureMs(paceOf(config).pollIntervalMs, trouble, asked) };
}

/** A URL is judged by itself: no database is needed. */
async function checkUrl(dossier: Dossier, url: string, flags: Flags): Promise<FeedReport> {
  const listed = dossier.feeds.find((listing) => feedKeyOf(listing.url) === feedKeyOf(url));
  const publisher = listed?.publisher ?? publisherOf(dossier, url, '');
  const looked = await look(
    dossier,
    { url, publisher, lang: listed?.lang ?? null },
    flags.allowPrivate === true,
  );
  const unseen = { url, publisher, lang: listed?.lang ?? null };
  const close = await lookCloser(looked, unseen, dossier, new Date(), paceOf(settings()));
  const known = { feed: listed?.id ?? null, lastTrouble: null, foreseen: null, backfill: true };
  return { url, ...known, looked, close, ...retryOf(looked, 0, settings()) };
}

/** What the log, or else the dossier, says of a feed; throws for one that neither knows. */
async function unseenOf({ store }: Session, dossier: Dossier, feed: FeedId): Promise<Unseen> {
  const known = await readFeeds(store.db);
  const state = known.get(feed)?.state;
  if (state !== undefined && state.url !== null && state.publisher !== null) {
    if (isArchiveUrl(state.url)) throw new Error(`${feed} stands for an import: there is nothing to fetch`);
    return { url: state.url, publisher: state.publisher, lang: state.lang };
  }
  const listed = dossier.feeds.find(({ id }) => id === feed);
  if (listed !== undefined) return listed;
  throw new Error(unknownText('feed', feed, [...known.keys(), ...dossier.feeds.map(({ id }) => id)]));
}

/** A feed that is known is judged by what the log knows of its items. */
async function checkKnown(
  session: Session,
  dossier: Dossier,
  feed: FeedId,
  flags: Flags,
): Promise<FeedReport> {
  const { store, now } = session;
  const unseen = await unseenOf(session, dossier, feed);
  const { url, publisher } = unseen;
  const plan = await readPlan(store.db, feed);
  // As a poll would: with what the feed is allowed.
  const allowPrivate = flags.allowPrivate === true || plan?.options.allowPrivate === true;
  const looked = await look(dossier, unseen, allowPrivate);
  const items = looked.read?.items ?? null;
  const foreseen = items === null ? null : await foreseeItems(store, items, { feed, publisher }, now());
  const backfill = (plan?.firstPolledAt ?? null) === null;
  const close = await lookCloser(looked, unseen, dossier, now(), paceOf(session.config));
  const lastTrouble = await readLastTrouble(store, feed);
  const retry = retryOf(looked, plan?.failures ?? 0, session.config);
  return { url, feed, looked, close, lastTrouble, foreseen, backfill, ...retry };
}

/** Prints what came when the feed was last in trouble, as it was kept. */
async function printEvidence({ store }: Session, feed: FeedId, flags: Flags, output: Output): Promise<void> {
  const trouble = await readLastTrouble(store, feed);
  if (trouble === null) throw new Error(`${feed}: the log knows of no trouble`);
  const { at, failure } = trouble;
  const text = await readEvidence(store, failure);
  if (flags.json) {
    output.out(jsonShown({ feed, at, failure, text }));
    return;
  }
  output.err(`${feed}: ${moment(at)} ${failure.kind} trouble: ${printable(failure.reason)}\n`);
  if (text === null) throw new Error(`${feed}: nothing came that could be kept`);
  const { shown, left } = evidenceText(text, output.columns);
  output.out(shown);
  if (left > 0) output.err(`no text, so escaped and cut: ${left} characters more; --json has them all\n`);
}

async function check(reference: string, flags: Flags, output: Output): Promise<void> {
  const isUrl = /^[a-z][a-z0-9+.-]*:/i.test(reference);
  if (!isUrl && !isSlug(reference)) {
    throw new UsageError(`${reference} is neither a URL (https://…) nor the id of a feed`);
  }
  if (flags.evidence) {
    if (isUrl) throw new UsageError('--evidence is of a feed that the log knows: give its id');
    await withSession((session) => printEvidence(session, feedId(reference), flags, output));
    return;
  }
  const dossier = await openDossier(settings().SHUTTLEWATCH_DOSSIER);
  const report = isUrl
    ? await checkUrl(dossier, reference, flags)
    : await withSession((session) => checkKnown(session, dossier, feedId(reference), flags));
  output.out(flags.json ? jsonShown(reportJson(report)) : reportText(report, output.columns));
  if (report.looked.trouble !== null) throw new Error(`${reference} cannot be read`);
}

/** `feeds check`: what a poll would see, without one. */
export function feedsCheckCommand(feeds: Command, output: Output): void {
  feeds
    .command('check')
    .description('fetch a feed once and tell all that was seen; writes nothing, fails where a poll would')
    .argument('<url-or-id>', 'a URL (needs no database), or the id of a feed (tells what would be new)')
    .option('--evidence', 'print what came when the feed was last in trouble instead, as far as it was kept')
    .option('--allow-private', 'fetch from addresses of this machine and network too')
    .option('--json', 'print JSON')
    .action((reference: string, flags: Flags) => check(reference, flags, output));
}

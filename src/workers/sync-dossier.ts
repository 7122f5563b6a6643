import { decideRuleList } from '../alerts/rule-list.ts';
import type { Dossier } from '../dossier/dossier.ts';
import { feedStream, ruleStream } from '../events/ids.ts';
import { decideFeedList } from '../ingest/feeds.ts';
import type { Command } from '../store/append.ts';
import type { Store } from '../store/store.ts';
import { readFeeds } from './feeds.ts';
import { readRules } from './rules.ts';

/** What bringing the log to a dossier changed. */
export interface SyncCounts {
  readonly feeds: number;
  readonly rules: number;
}

/**
 * Brings the feeds and rules of the log to what `dossier` lists. Any number of processes may do it at once: the ids of
 * the events follow from what was known, so each change is made once.
 */
export async function syncDossier(store: Store, dossier: Dossier, now: Date): Promise<SyncCounts> {
  const knownFeeds = await readFeeds(store.db);
  const feeds = decideFeedList(knownFeeds, dossier.feeds, dossier.version, now);
  const knownRules = await readRules(store.db);
  const rules = decideRuleList(knownRules, dossier.rules, dossier.version, now);
  const commands: Command[] = [
    ...feeds.map((event) => ({
      stream: feedStream(event.data.feed),
      expected: knownFeeds.get(event.data.feed)?.version ?? 0,
      events: [event],
    })),
    ...rules.map((event) => ({
      stream: ruleStream(event.data.rule),
      expected: knownRules.get(event.data.rule)?.version ?? 0,
      events: [event],
    })),
  ];
  await store.append(commands, now);
  return { feeds: feeds.length, rules: rules.length };
}

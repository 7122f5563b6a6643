import { decideAlert } from '../alerts/decide.ts';
import type { Decision } from '../alerts/decide.ts';
import type { EventOf, Recorded } from '../events/event.ts';
import { alertIdOf, alertStream } from '../events/ids.ts';
import type { ContentHash, StreamId } from '../events/ids.ts';
import type { ItemTagged } from '../events/item.ts';
import type { Command } from '../store/append.ts';
import type { Tx } from '../store/database.ts';
import type { Consumer } from '../store/follow.ts';
import { readStreams } from '../store/read.ts';
import { readRuleBook, readSpokenAbout, updateRuleBook, writeSpokenAbout } from '../store/rule-book.ts';
import type { RuleEntry, SpokenAbout } from '../store/rule-book.ts';
import type { Store } from '../store/store.ts';
import { readItems, UNKNOWN_ITEM } from './items.ts';

type RuleBook = Map<string, RuleEntry>;

/** What rules have spoken about, with what this batch adds. */
class Memory {
  readonly #spoken = new Map<string, SpokenAbout>();
  readonly #added: SpokenAbout[] = [];

  constructor(earlier: readonly SpokenAbout[]) {
    for (const spoken of earlier) this.#spoken.set(Memory.#key(spoken), spoken);
  }

  static #key({ rule, copyKey }: { rule: string; copyKey: string }): string {
    return JSON.stringify([rule, copyKey]);
  }

  find(rule: string, copyKey: string): SpokenAbout | undefined {
    return this.#spoken.get(Memory.#key({ rule, copyKey }));
  }

  remember(spoken: SpokenAbout): void {
    this.#spoken.set(Memory.#key(spoken), spoken);
    this.#added.push(spoken);
  }

  get added(): readonly SpokenAbout[] {
    return this.#added;
  }
}

function commandOf({ event }: Decision): Command {
  // An empty stream is expected: a rule decides about an item once.
  return { stream: alertStream(event.data.alert), expected: 0, events: [event] };
}

/**
 * The alerts that were decided on other words of these items than they have now. A rule decides about an item once, so
 * for these it keeps its word. Only items tagged before can have any; a decision on the very same words is this batch's
 * own, made before a crash, and comes out the same.
 */
async function decidedBefore(
  tx: Tx,
  events: readonly Recorded<ItemTagged>[],
  book: RuleBook,
): Promise<ReadonlySet<StreamId>> {
  const again = events.filter(({ data }) => data.cause !== 'ingested');
  const contents = new Map<StreamId, ContentHash>();
  for (const { data } of again) {
    for (const { definition } of book.values()) {
      contents.set(alertStream(alertIdOf(definition.rule, data.item)), data.content);
    }
  }
  const streams = await readStreams(tx, [...contents.keys()]);
  const decided = [...streams].filter(([stream, [first]]) => {
    const ours = first?.type === 'AlertRaised' || first?.type === 'AlertSuppressed';
    return ours && first.data.content !== contents.get(stream);
  });
  return new Set(decided.map(([stream]) => stream));
}

async function decideAll(
  tx: Tx,
  events: readonly Recorded<ItemTagged>[],
  book: RuleBook,
  memory: Memory,
  now: Date,
): Promise<Command[]> {
  const known = await readItems(tx, [...new Set(events.map((event) => event.data.item))]);
  const decided = await decidedBefore(tx, events, book);
  const commands: Command[] = [];
  for (const { data, recordedAt } of events) {
    const { publisher, published } = known.get(data.item)?.state ?? UNKNOWN_ITEM.state;
    for (const rule of book.values()) {
      if (decided.has(alertStream(alertIdOf(rule.definition.rule, data.item)))) continue;
      const earlier = memory.find(rule.definition.rule, data.copyKey);
      const decision = decideAlert(rule, { tagged: data, publisher, published, recordedAt }, earlier, now);
      if (decision === null) continue;
      commands.push(commandOf(decision));
      if (decision.spoken !== null) memory.remember(decision.spoken);
    }
  }
  return commands;
}

/** Cuts a batch at the rule events in it, since tags are judged by the rules in force when they were made. */
function* runs(
  events: readonly Recorded[],
): Generator<Recorded<ItemTagged>[] | Recorded<EventOf<'RuleDefined' | 'RuleRetired'>>> {
  let tagged: Recorded<ItemTagged>[] = [];
  for (const event of events) {
    if (event.type === 'ItemTagged') {
      if (event.data.tags.length > 0) tagged.push(event);
    } else if (event.type === 'RuleDefined' || event.type === 'RuleRetired') {
      if (tagged.length > 0) yield tagged;
      tagged = [];
      yield event;
    }
  }
  if (tagged.length > 0) yield tagged;
}

/**
 * The consumer that turns tags into alerts. The rules it judges by and what it has spoken about are kept in its own
 * tables, moved in one transaction with its checkpoint. The append commits first and by itself: after a crash
 * between the two the batch is decided again, from the same state, into the same events.
 */
export function raiseAlerts(store: Store, now: () => Date): Consumer {
  return {
    name: 'rules',
    handles: ['RuleDefined', 'RuleRetired', 'ItemTagged'],
    async handle(tx, events) {
      const book: RuleBook = new Map((await readRuleBook(tx)).map((entry) => [entry.definition.rule, entry]));
      const copyKeys = events.flatMap((event) => (event.type === 'ItemTagged' ? [event.data.copyKey] : []));
      const memory = new Memory(await readSpokenAbout(tx, copyKeys));
      for (const run of runs(events)) {
        if (Array.isArray(run)) {
          await store.append(await decideAll(tx, run, book, memory, now()), now());
        } else {
          await updateRuleBook(tx, run);
          if (run.type === 'RuleDefined') book.set(run.data.rule, run.data);
          else book.delete(run.data.rule);
        }
      }
      await writeSpokenAbout(tx, memory.added);
    },
  };
}

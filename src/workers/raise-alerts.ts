import { decideAlert } from '../alerts/decide.ts';
import type { Decision, Spoken } from '../alerts/decide.ts';
import type { EventOf, Recorded } from '../events/event.ts';
import { alertStream } from '../events/ids.ts';
import type { ItemTagged } from '../events/item.ts';
import type { Command } from '../store/append.ts';
import type { Tx } from '../store/database.ts';
import type { Consumer } from '../store/follow.ts';
import { readRuleBook, readSpokenAbout, updateRuleBook, writeSpokenAbout } from '../store/rule-book.ts';
import type { RuleEntry } from '../store/rule-book.ts';
import type { Store } from '../store/store.ts';
import { readItems } from './items.ts';

type RuleBook = Map<string, RuleEntry>;

/** What rules have spoken about, with what this batch adds. */
class Memory {
  readonly #spoken = new Map<string, Spoken>();
  readonly #added: Spoken[] = [];

  constructor(earlier: readonly Spoken[]) {
    for (const spoken of earlier) this.#spoken.set(Memory.#key(spoken), spoken);
  }

  static #key({ rule, copyKey }: { rule: string; copyKey: string }): string {
    return JSON.stringify([rule, copyKey]);
  }

  find(rule: string, copyKey: string): Spoken | undefined {
    return this.#spoken.get(Memory.#key({ rule, copyKey }));
  }

  remember(spoken: Spoken): void {
    this.#spoken.set(Memory.#key(spoken), spoken);
    this.#added.push(spoken);
  }

  get added(): readonly Spoken[] {
    return this.#added;
  }
}

function commandOf({ event }: Decision): Command {
  // An empty stream is expected: a rule decides about an item once.
  return { stream: alertStream(event.data.alert), expected: 0, events: [event] };
}

async function decideAll(
  tx: Tx,
  events: readonly Recorded<ItemTagged>[],
  book: RuleBook,
  memory: Memory,
): Promise<Command[]> {
  const known = await readItems(tx, [...new Set(events.map((event) => event.data.item))]);
  const commands: Command[] = [];
  for (const { data, recordedAt } of events) {
    const publisher = known.get(data.item)?.state.publisher ?? null;
    for (const rule of book.values()) {
      const earlier = memory.find(rule.definition.rule, data.copyKey);
      const decision = decideAlert(rule, { tagged: data, publisher, recordedAt }, earlier);
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
          const commands = await decideAll(tx, run, book, memory);
          await store.append(commands, now());
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

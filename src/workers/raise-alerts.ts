import { COPY_WINDOW_HOURS, decideAlert } from '../alerts/decide.ts';
import type { Decision } from '../alerts/decide.ts';
import { compileRule, UnreadableRule } from '../alerts/match.ts';
import type { CompiledRule } from '../alerts/match.ts';
import type { Dossier } from '../dossier/dossier.ts';
import type { EventOf, Recorded } from '../events/event.ts';
import { alertIdOf, alertStream, itemStream } from '../events/ids.ts';
import type { ContentHash, EventId, Position, StreamId } from '../events/ids.ts';
import type { ItemTagged } from '../events/item.ts';
import type { Log } from '../log.ts';
import { contextOf } from '../query/context.ts';
import { RULE_ZONE } from '../query/dossier.ts';
import type { QueryItem } from '../query/item.ts';
import type { Command } from '../store/append.ts';
import { getItemContents } from '../store/content.ts';
import type { ItemContent } from '../store/content.ts';
import type { Tx } from '../store/database.ts';
import type { Consumer } from '../store/follow.ts';
import { readIdentity } from '../store/identity.ts';
import { readStreams } from '../store/read.ts';
import {
  forgetSpokenAbout,
  readRuleBook,
  readSpokenAbout,
  updateRuleBook,
  writeSpokenAbout,
} from '../store/rule-book.ts';
import type { RuleEntry, SpokenAbout } from '../store/rule-book.ts';
import type { Store } from '../store/store.ts';
import { fold } from './items.ts';

const HOUR_MS = 3_600_000;
/** What of an item's stream a rule may ask about; its tags come with the event that is judged. */
const WORDS = ['ItemIngested', 'ItemRevised'] as const;
const NO_CONTENTS: ReadonlyMap<ContentHash, ItemContent> = new Map();
/** The words of an item that was taken down. */
const GONE: ItemContent = { title: '', summary: '' };

type RuleBook = Map<string, RuleEntry>;

export interface RaiseDeps {
  readonly store: Store;
  /** Whose names the rules speak of. */
  readonly dossier: Pick<Dossier, 'subjects' | 'publishers' | 'feeds'>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Compiles each rule once a version. */
class Matchers {
  readonly #context;
  readonly #log: Log;
  readonly #known = new Map<string, CompiledRule | null>();

  constructor({ dossier, log }: RaiseDeps) {
    this.#context = contextOf(dossier, { now: new Date(0), zone: RULE_ZONE });
    this.#log = log;
  }

  /** Null for a rule that cannot be understood any more: it stays silent, the others go on, and the log says so. */
  of({ version, definition }: RuleEntry): CompiledRule | null {
    const key = `${definition.rule} ${version}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const compiled = this.#compile(definition);
    this.#known.set(key, compiled);
    return compiled;
  }

  #compile(definition: RuleEntry['definition']): CompiledRule | null {
    try {
      return compileRule(definition, this.#context);
    } catch (error) {
      if (!(error instanceof UnreadableRule)) throw error;
      this.#log.warn(
        { rule: definition.rule, problem: error.message },
        'a rule cannot be understood and is silent',
      );
      return null;
    }
  }
}

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

/** Which tagging each alert was decided on: a rule decides about an item once and keeps its word. */
type FirstWords = Map<StreamId, EventId>;

/** What the log holds already of alerts that these events may lead to; only items tagged before can have any. */
async function readFirstWords(
  tx: Tx,
  events: readonly Recorded<ItemTagged>[],
  book: RuleBook,
): Promise<FirstWords> {
  const again = events.filter(({ data }) => data.cause !== 'ingested');
  const streams = again.flatMap(({ data }) =>
    [...book.values()].map(({ definition }) => alertStream(alertIdOf(definition.rule, data.item))),
  );
  const words: FirstWords = new Map();
  for (const [stream, [first]] of await readStreams(tx, streams)) {
    if (first?.type === 'AlertRaised' || first?.type === 'AlertSuppressed')
      words.set(stream, first.data.tagged);
  }
  return words;
}

/** What rules judge: the tags, and the item as a query sees it. */
interface Judged {
  readonly tagged: ItemTagged['data'];
  readonly item: QueryItem;
}

/** Words that came with an imported log, and were still untagged there, are an archive's: this copy alerts nobody to them. */
function asHere(
  tagged: ItemTagged['data'],
  words: Recorded | undefined,
  importedTo: Position,
): Judged['tagged'] {
  const isImported = words !== undefined && words.position <= importedTo;
  return isImported && tagged.backfill === null ? { ...tagged, backfill: 'archive' } : tagged;
}

/** Each tagged item as its stream told it at the tagging, with the words it was tagged by where they are asked for. */
async function readJudged(
  tx: Tx,
  events: readonly Recorded<ItemTagged>[],
  withWords: boolean,
): Promise<Map<EventId, Judged>> {
  const { importedTo } = await readIdentity(tx);
  const streams = await readStreams(
    tx,
    events.map(({ data }) => itemStream(data.item)),
    WORDS,
  );
  const contents = withWords
    ? await getItemContents(
        tx,
        events.map(({ data }) => data.text ?? data.content),
      )
    : NO_CONTENTS;
  const items = new Map<EventId, Judged>();
  for (const { id, data, position } of events) {
    const told = (streams.get(itemStream(data.item)) ?? []).filter((event) => event.position <= position);
    const { state, recordedAt } = fold(told);
    const { feed, publisher, url, published, revision } = state;
    if (feed === null || publisher === null || recordedAt === null) continue;
    const { title, summary: text, text: body } = contents.get(data.text ?? data.content) ?? GONE;
    const tagged = asHere(data, told.at(-1), importedTo);
    const item = {
      feed,
      publisher,
      url,
      lang: data.lang ?? state.lang,
      published: published === null ? null : new Date(published),
      recordedAt,
      revision,
      backfill: tagged.backfill,
      title,
      text,
      ...(body !== undefined && { body }),
      tags: data.tags.map((tag) => ({ ...tag, surface: tag.mentions[0]?.surface ?? '' })),
      relevance: data.relevance,
      event: data.event,
    };
    items.set(id, { tagged, item });
  }
  return items;
}

interface Judging {
  readonly book: RuleBook;
  readonly memory: Memory;
  readonly matchers: Matchers;
  readonly now: Date;
}

async function decideAll(
  tx: Tx,
  events: readonly Recorded<ItemTagged>[],
  { book, memory, matchers, now }: Judging,
): Promise<Command[]> {
  const rules = [...book.values()].flatMap((entry) => {
    const compiled = matchers.of(entry);
    return compiled === null ? [] : [{ ...entry, ...compiled }];
  });
  const withWords = rules.some(({ asksForWords }) => asksForWords);
  const items = await readJudged(tx, events, withWords);
  const words = await readFirstWords(tx, events, book);
  const commands: Command[] = [];
  for (const { id, data, recordedAt } of events) {
    const judged = items.get(id);
    if (judged === undefined) continue;
    for (const rule of rules) {
      const earlier = memory.find(rule.definition.rule, data.copyKey);
      const decision = decideAlert(rule, { id, ...judged, recordedAt }, earlier, now);
      if (decision === null) continue;
      const stream = alertStream(alertIdOf(rule.definition.rule, data.item));
      // Decided on this very tagging: by this batch, before a crash. It is decided again, and comes out the same.
      if ((words.get(stream) ?? id) !== id) continue;
      words.set(stream, id);
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
      tagged.push(event);
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
export function raiseAlerts(deps: RaiseDeps): Consumer {
  const { store, now } = deps;
  const matchers = new Matchers(deps);
  return {
    name: 'rules',
    handles: ['RuleDefined', 'RuleRetired', 'ItemTagged'],
    async handle(tx, events) {
      const book: RuleBook = new Map((await readRuleBook(tx)).map((entry) => [entry.definition.rule, entry]));
      const copyKeys = events.flatMap((event) => (event.type === 'ItemTagged' ? [event.data.copyKey] : []));
      const memory = new Memory(await readSpokenAbout(tx, copyKeys));
      for (const run of runs(events)) {
        if (Array.isArray(run)) {
          const judging = { book, memory, matchers, now: now() };
          await store.append(await decideAll(tx, run, judging), now());
        } else {
          await updateRuleBook(tx, run);
          if (run.type === 'RuleDefined') book.set(run.data.rule, run.data);
          else book.delete(run.data.rule);
        }
      }
      await writeSpokenAbout(tx, memory.added);
      // By the log's own clock, since that is what judges copies: a consumer that is behind still needs what a wall
      // clock would call old.
      const last = events.at(-1)?.recordedAt ?? now();
      await forgetSpokenAbout(tx, new Date(last.getTime() - COPY_WINDOW_HOURS * HOUR_MS));
    },
  };
}

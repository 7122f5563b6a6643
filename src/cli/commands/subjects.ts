import type { Command } from 'commander';
import type { Subject } from '../../dossier/dossier.ts';
import { loadDossier } from '../../dossier/load.ts';
import { countSubjects } from '../../query/lists.ts';
import { ANY_ITEM } from '../../query/sql-filter.ts';
import { json, table } from '../output.ts';
import type { Output } from '../output.ts';
import { asOf, pastAsked, pastOptions } from '../past.ts';
import type { PastFlags } from '../past.ts';
import { withSession } from '../session.ts';
import { settings } from '../settings.ts';

interface Flags extends PastFlags {
  readonly items?: true;
  readonly json?: true;
}

/** How many items carry each subject, by language. */
type Counted = ReadonlyMap<string, Readonly<Record<string, number>>>;

function names({ id, labels, aliases }: Subject): string[] {
  return [id, ...Object.values(labels), ...aliases.map((alias) => alias.text)];
}

function isCalled(subject: Subject, text: string): boolean {
  return names(subject).some((name) => name.toLowerCase().includes(text.toLowerCase()));
}

/** Counted now, or as the flags ask for the past; null when nothing asks for it, which needs no database. */
async function countedFor(flags: Flags, output: Output): Promise<Counted | null> {
  const { items, knownAt, publishedBefore } = flags;
  if (items === undefined && knownAt === undefined && publishedBefore === undefined) return null;
  return await withSession(async ({ store: { db } }) => {
    const past = await pastAsked(db, flags, output);
    const counts = await countSubjects(db, past === null ? ANY_ITEM : asOf(ANY_ITEM, past));
    const found = new Map<string, Record<string, number>>();
    for (const count of counts) {
      found.set(count.subject, { ...found.get(count.subject), [count.lang]: count.items });
    }
    return found;
  });
}

function asTable(subjects: readonly Subject[], counted: Counted | null, columns: number): string {
  const rows = subjects.map(({ id, kind, labels }) => {
    const items = Object.values(counted?.get(id) ?? {}).reduce((sum, some) => sum + some, 0);
    const called = `${labels.en} · ${labels.ko} · ${labels.ja} · ${labels['zh-Hans']}`;
    return [id, kind, ...(counted === null ? [] : [items.toString()]), called];
  });
  return table(['id', 'kind', ...(counted === null ? [] : ['items']), 'names'], rows, columns);
}

async function list(text: string, flags: Flags, output: Output): Promise<void> {
  const { subjects } = await loadDossier(settings().SHUTTLEWATCH_DOSSIER);
  const found = subjects.filter((subject) => isCalled(subject, text));
  const counted = await countedFor(flags, output);
  if (flags.json) {
    const told = found.map(({ id, kind, wikidata, labels, note }) => ({
      ...{ id, kind, wikidata, labels, note },
      ...(counted !== null && { items: counted.get(id) ?? {} }),
    }));
    output.out(json(told));
    return;
  }
  if (found.length === 0) {
    output.err(`nothing in the dossier is called ${text}\n`);
    return;
  }
  output.out(asTable(found, counted, output.columns));
}

/** `subjects`: the entities and topics that --entity and --topic take. */
export function subjectsCommand(program: Command, output: Output): void {
  pastOptions(
    program
      .command('subjects')
      .description('list the entities and topics of the dossier; needs no database unless items are counted')
      .argument('[text]', 'only those with this in their id or one of their names', '')
      .option('--items', 'count the items that carry each; so do the two flags about the past'),
  )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ shuttlewatch subjects 台湾')
    .action((text: string, flags: Flags) => list(text, flags, output));
}

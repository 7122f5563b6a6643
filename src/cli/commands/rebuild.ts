import type { Command } from 'commander';
import { PROJECTIONS } from '../../projections/all.ts';
import { fillItemKeys, ITEM_KEYS_SERVED } from '../../projections/item-keys.ts';
import type { Projection } from '../../projections/projection.ts';
import { rebuildAll } from '../../projections/rebuild-all.ts';
import { rebuildWords, WORDS_SERVED } from '../../projections/words.ts';
import type { Db } from '../../store/database.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { withSession } from '../session.ts';
import { UsageError } from '../usage.ts';

type Rebuilt = Projection | typeof WORDS_SERVED | typeof ITEM_KEYS_SERVED;

/** Words first: items are found by them. */
const ALL: readonly Rebuilt[] = [WORDS_SERVED, ...PROJECTIONS];

/** Keys are made anew when they are named only: whoever brings items waits for it. */
const NAMED: readonly Rebuilt[] = [...ALL, ITEM_KEYS_SERVED];
const NAMES = NAMED.map(({ name }) => name).join(', ');

function named(names: readonly string[]): readonly Rebuilt[] {
  if (names.length === 0) return ALL;
  return [...new Set(names)].map((name) => {
    const found = NAMED.find((candidate) => candidate.name === name);
    if (found !== undefined) return found;
    throw new UsageError(`no projection ${name}; there are ${NAMES}`);
  });
}

type Done = Record<string, string | number>;

async function again(
  db: Db,
  projections: readonly Projection[],
  now: () => Date,
  output: Output,
): Promise<Done[]> {
  if (projections.length === 0) return [];
  const progress = new Progress(output, `rebuild ${projections.map(({ name }) => name).join(', ')}, events`);
  let read = 0;
  const at = await rebuildAll(db, projections, {
    now,
    onProgress: ({ done, total }) => {
      read = done;
      progress.update(done, total);
    },
  });
  progress.finish(read);
  return projections.map(({ name }) => ({ projection: name, events: at.get(name) ?? 0 }));
}

async function cutAgain(db: Db, now: () => Date, output: Output): Promise<Done> {
  const progress = new Progress(output, `rebuild ${WORDS_SERVED.name}, texts`);
  const texts = await rebuildWords(db, {
    now,
    onProgress: ({ done, total }) => {
      progress.update(done, total);
    },
  });
  progress.finish(texts);
  return { projection: WORDS_SERVED.name, texts };
}

async function keysAgain(db: Db, now: () => Date, output: Output): Promise<Done> {
  const progress = new Progress(output, `rebuild ${ITEM_KEYS_SERVED.name}, events`);
  const events = await fillItemKeys(db, {
    now,
    onProgress: ({ done, total }) => {
      progress.update(done, total);
    },
  });
  progress.finish(events);
  return { projection: ITEM_KEYS_SERVED.name, events };
}

async function rebuildChosen(
  chosen: readonly Rebuilt[],
  flags: { readonly json?: true },
  output: Output,
): Promise<void> {
  await withSession(async ({ store: { db }, now }) => {
    const projections = chosen.filter((one): one is Projection => 'apply' in one);
    const words = chosen.includes(WORDS_SERVED) ? [await cutAgain(db, now, output)] : [];
    const keys = chosen.includes(ITEM_KEYS_SERVED) ? [await keysAgain(db, now, output)] : [];
    const done = [...words, ...keys, ...(await again(db, projections, now, output))];
    if (flags.json) output.out(json(done));
  });
}

/** `rebuild`: read tables anew from the log. */
export function rebuildCommand(program: Command, output: Output): void {
  program
    .command('rebuild')
    .description('make read tables anew from the log; nothing is ever sent by it')
    .argument(
      '[projection...]',
      `which ones of ${NAMES}; all but ${ITEM_KEYS_SERVED.name}, which whoever brings items waits for, when none is named`,
    )
    .option('--json', 'print JSON')
    .action((names: string[], flags: { readonly json?: true }) =>
      // Named before the database is opened: a slip shall not have to wait for it.
      rebuildChosen(named(names), flags, output),
    );
}

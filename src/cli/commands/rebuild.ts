import type { Command } from 'commander';
import { PROJECTIONS } from '../../projections/all.ts';
import { rebuild } from '../../projections/rebuild.ts';
import type { Projection } from '../../projections/projection.ts';
import { rebuildWords, WORDS_SERVED } from '../../projections/words.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { withSession } from '../session.ts';
import { UsageError } from '../usage.ts';

type Rebuilt = Projection | typeof WORDS_SERVED;

/** Words first: items are found by them. */
const ALL: readonly Rebuilt[] = [WORDS_SERVED, ...PROJECTIONS];

function named(names: readonly string[]): readonly Rebuilt[] {
  if (names.length === 0) return ALL;
  return [...new Set(names)].map((name) => {
    const found = ALL.find((candidate) => candidate.name === name);
    if (found !== undefined) return found;
    throw new UsageError(`no projection ${name}; there are ${ALL.map((one) => one.name).join(', ')}`);
  });
}

async function rebuildAll(
  chosen: readonly Rebuilt[],
  flags: { readonly json?: true },
  output: Output,
): Promise<void> {
  await withSession(async ({ store: { db }, now }) => {
    const done: Record<string, string | number>[] = [];
    for (const one of chosen) {
      const what = 'apply' in one ? 'events' : 'texts';
      const progress = new Progress(output, `rebuild ${one.name}, ${what}`);
      const onProgress = (state: { readonly done: number; readonly total: number }): void => {
        progress.update(state.done, state.total);
      };
      const count =
        'apply' in one
          ? await rebuild(db, one, { now, onProgress })
          : await rebuildWords(db, { now, onProgress });
      progress.finish(count);
      done.push({ projection: one.name, [what]: count });
    }
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
      `which ones of ${ALL.map((one) => one.name).join(', ')}; all when none is named`,
    )
    .option('--json', 'print JSON')
    .action((names: string[], flags: { readonly json?: true }) =>
      // Named before the database is opened: a slip shall not have to wait for it.
      rebuildAll(named(names), flags, output),
    );
}

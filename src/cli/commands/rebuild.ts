import type { Command } from 'commander';
import { PROJECTIONS } from '../../projections/all.ts';
import { rebuild } from '../../projections/rebuild.ts';
import type { Projection } from '../../projections/projection.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { withSession } from '../session.ts';
import { UsageError } from '../usage.ts';

function named(names: readonly string[]): readonly Projection[] {
  if (names.length === 0) return PROJECTIONS;
  return names.map((name) => {
    const projection = PROJECTIONS.find((candidate) => candidate.name === name);
    if (projection !== undefined) return projection;
    const known = PROJECTIONS.map((candidate) => candidate.name).join(', ');
    throw new UsageError(`no projection ${name}; there are ${known}`);
  });
}

async function rebuildAll(
  projections: readonly Projection[],
  flags: { readonly json?: true },
  output: Output,
): Promise<void> {
  await withSession(async ({ store, now }) => {
    const done: { projection: string; events: number }[] = [];
    for (const projection of projections) {
      const progress = new Progress(output, `rebuild ${projection.name}, events`);
      const events = await rebuild(store.db, projection, now, (state) => {
        progress.update(state.done, state.total);
      });
      progress.finish(events);
      done.push({ projection: projection.name, events });
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
      `which ones of ${PROJECTIONS.map((projection) => projection.name).join(', ')}; all when none is named`,
    )
    .option('--json', 'print JSON')
    .action((names: string[], flags: { readonly json?: true }) =>
      // Named before the database is opened: a slip shall not have to wait for it.
      rebuildAll(named(names), flags, output),
    );
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArchive } from './archive.ts';
import { Children, CLI } from './children.ts';
import type { Figures } from './pipeline-figures.ts';
import { costsOf, figuresOf, settingsOf } from './pipeline-run.ts';
import type { RunOptions } from './pipeline-run.ts';

/** An item of nobody's: what taking it in costs is what a start costs. */
const ONE_LINE = `${JSON.stringify({ title: 'Nothing has happened', url: 'https://start.example/1' })}\n`;

/** Worker number `n` from 1: the first takes a share of the consumers too, of which each runs in one process at a time. */
function rolesOf(n: number): string {
  return n === 1 ? 'classify,follow' : 'classify';
}

/**
 * An archive through the whole pipeline: one `ingest` with `processes` - 1 workers beside it, from its start until it
 * ends, when all is tagged and all consumers have caught up. What a start costs is taken off the CPU, not off the time.
 */
export async function runArchive(options: RunOptions): Promise<Figures> {
  const { folder, write, items, processes } = options;
  const file = join(folder, 'archive.jsonl');
  const line = join(folder, 'one-line.jsonl');
  await writeFile(line, ONE_LINE);
  await writeArchive(file, write, items);
  const children = new Children(settingsOf(options));
  const ingest = async (path: string): Promise<void> => {
    await children.ended(children.start('ingest', [CLI, 'ingest', path, '--json']));
  };
  try {
    // The first brings the schema and the dossier in.
    await ingest(line);
    const start = await costsOf(children, options, () => ingest(line));
    children.forget();
    for (let n = 1; n < processes; n++) {
      const worker = children.start(`work ${n}`, [CLI, 'work', '--roles', rolesOf(n)]);
      await children.speaks(worker, /this process: /);
    }
    const { seconds, costs } = await costsOf(children, options, () => ingest(file));
    await children.stop();
    const net = {
      node: costs.node - start.costs.node,
      postgres: costs.postgres - start.costs.postgres,
      redis: costs.redis - start.costs.redis,
    };
    return await figuresOf('archive', options, children, { seconds, costs: net });
  } finally {
    await children.stop();
  }
}

import { setTimeout } from 'node:timers/promises';
import { generate } from '../../bench/corpus.ts';
import { isPassing } from '../../src/store/errors.ts';
import { Importer } from '../../src/workers/import-items.ts';
import type { ImportDeps } from '../../src/workers/import-items.ts';
import type { Archive } from './process.ts';

/** Items between two words about how far it got. */
const CHUNK_ITEMS = 500;
const RETRY_MS = 100;

/** The URL of generated item `index`. */
export function archiveUrl(index: number): string {
  return `https://archive.example/${index}`;
}

/** Whether generated item `index` speaks of what the rule of the dossier asks for. */
export const isWanted = (index: number): boolean => index % 10 === 0;

async function importItems(
  deps: ImportDeps,
  { from, to, of }: Archive,
  done: (until: number) => void,
): Promise<void> {
  const importer = new Importer(deps);
  for (let index = from; index < to; index++) {
    const { content, ingested } = generate(index, of);
    const title = isWanted(index) ? `Nara: ${content.title}` : content.title;
    const { published, lang } = ingested.data;
    const item = { guid: null, url: archiveUrl(index), title, summary: content.summary, published, lang };
    await importer.add({ item, source: 'archive' });
    if ((index + 1) % CHUNK_ITEMS !== 0) continue;
    await importer.flush();
    done(index + 1);
  }
  await importer.flush();
  done(to);
}

/**
 * Imports generated items, again and again the same under the same numbers; `done` hears how far it is in the log. Where the
 * database goes away meanwhile, goes on from there.
 */
export async function archive(
  deps: ImportDeps,
  { from, to, of }: Archive,
  done: (until: number) => void,
): Promise<void> {
  let reached = from;
  while (reached < to) {
    try {
      await importItems(deps, { from: reached, to, of }, (until) => {
        reached = until;
        done(until);
      });
    } catch (error) {
      if (!isPassing(error)) throw error;
      await setTimeout(RETRY_MS);
    }
  }
}

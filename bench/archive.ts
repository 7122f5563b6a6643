import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { NewsWriter } from './news.ts';

/** Items joined into one chunk, since a write a line is dear. */
const CHUNK_ITEMS = 500;

/** The lines of an archive of `count` items, a chunk at a time. */
export function* archiveChunks(write: NewsWriter, count: number): Generator<string, void> {
  for (let start = 0; start < count; start += CHUNK_ITEMS) {
    const length = Math.min(CHUNK_ITEMS, count - start);
    const lines = Array.from({ length }, (_, n) => `${JSON.stringify(write(start + n))}\n`);
    yield lines.join('');
  }
}

/** Writes an archive of `count` items as JSONL, never holding more than a chunk. */
export async function writeArchive(file: string, write: NewsWriter, count: number): Promise<void> {
  await pipeline(Readable.from(archiveChunks(write, count)), createWriteStream(file));
}

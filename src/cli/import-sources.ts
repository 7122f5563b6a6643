import { printable } from '../alerts/console-channel.ts';
import { lookAtFile } from '../ingest/archive-file.ts';
import { identityOf } from '../ingest/archive-identity.ts';
import type { Store } from '../store/store.ts';
import type { Importer } from '../workers/import-items.ts';
import { ImportPlace } from '../workers/import-place.ts';
import { systemTrouble } from './files.ts';
import type { Output } from './output.ts';
import { Progress } from './progress.ts';
import { readSource } from './read-source.ts';
import type { ReadHow, SourceEntry } from './read-source.ts';
import { Remarks } from './remarks.ts';
import type { Source } from './sources.ts';
import { counted } from './words.ts';

/** What came of reading sources. */
export interface ImportedSources {
  readonly items: number;
  /** Lines, records, files and URLs that could not be read. */
  readonly bad: number;
  /** How many of those are lines of archives. */
  readonly badLines: number;
  /** Records that were wrong and could be mended. */
  readonly mended: number;
  /** Items that were left out of documents. */
  readonly leftOut: number;
  /** Items whose date cannot be read. */
  readonly undated: number;
  /** To be forgotten when all that follows from the import is done. */
  readonly places: readonly ImportPlace[];
}

export interface Importing {
  readonly store: Store;
  readonly importer: Importer;
  readonly how: Omit<ReadHow, 'onRead'>;
  /** Whether files that an earlier import did not finish are read from their beginning. */
  readonly anew: boolean;
  readonly output: Pick<Output, 'err' | 'interactive'>;
}

/** Gives an entry to the importer; how many items it held. */
async function take(importer: Importer, entry: SourceEntry): Promise<number> {
  switch (entry.kind) {
    case 'item':
      await importer.add(entry);
      return 1;
    case 'document':
      await importer.addDocument(entry.items, entry.source, entry.capturedAt);
      return entry.items.length;
    case 'captured':
      await importer.addCaptured(entry);
      return entry.items.length;
    case 'other':
    case 'remark':
      return 0;
  }
}

/** What tells where to go on in a file; null where it cannot be read. */
async function lookAt(path: string): Promise<{ identity: string; isGzip: boolean } | null> {
  try {
    return { identity: await identityOf(path), isGzip: (await lookAtFile(path)).isGzip };
  } catch (error) {
    if (systemTrouble(error) === null) throw error;
    return null;
  }
}

/** Reads sources one after another, tells how far it is, and names what cannot be read. */
class SourceImport {
  readonly #importing: Importing;
  readonly #progress: Progress;
  readonly #bytes: number;
  readonly remarks: Remarks;
  readonly places: ImportPlace[] = [];
  items = 0;
  #read = 0;

  constructor(importing: Importing, sources: readonly Source[]) {
    this.#importing = importing;
    this.remarks = new Remarks((line) => {
      importing.output.err(`${printable(line)}\n`);
    });
    this.#progress = new Progress(importing.output, 'read, items');
    this.#bytes = sources.reduce((sum, source) => sum + ('bytes' in source ? source.bytes : 0), 0);
  }

  /** The place in a source that can be read in parts; null for one that is read whole. */
  async #placeIn(source: Source): Promise<ImportPlace | null> {
    if (source.kind !== 'archive' && source.kind !== 'warc') return null;
    const { store, importer, how, anew, output } = this.#importing;
    const looked = await lookAt(source.path);
    // Reading it says why.
    if (looked === null) return null;
    const { identity, isGzip } = looked;
    const place = await ImportPlace.find({ store, importer, now: how.now }, identity, anew);
    this.places.push(place);
    const { items, position } = place.from;
    // A plain WARC is not read up to there.
    if (source.kind === 'warc' && !isGzip) this.#read += position;
    if (position > 0) {
      const note = `goes on behind ${counted(items, 'item')}, where an import was ended (--anew reads it from the start)`;
      output.err(`${printable(`${source.path}: ${note}`)}\n`);
    }
    return place;
  }

  async import(source: Source): Promise<void> {
    const { importer, how } = this.#importing;
    const before = this.#read;
    const onRead = (more: number): void => {
      this.#read += more;
    };
    const place = await this.#placeIn(source);
    let end = place?.from.position ?? 0;
    for await (const entry of readSource(source, { ...how, onRead }, end)) {
      const items = await take(importer, entry);
      this.items += items;
      end = entry.end ?? end;
      await place?.passed(items, end);
      if (entry.kind === 'remark') this.remarks.add(entry);
      this.#progress.update(this.items, null, this.#bytes === 0 ? null : this.#read / this.#bytes);
    }
    await place?.finish(end);
    // What was passed over, or is no longer as long as it was, counts as read.
    if ('bytes' in source) this.#read = before + source.bytes;
  }

  finish(): void {
    this.#progress.finish(this.items);
    this.remarks.finish();
  }
}

/** Imports `sources` in their order, archives from where an earlier import of them was ended. */
export async function importSources(
  importing: Importing,
  sources: readonly Source[],
): Promise<ImportedSources> {
  const all = new SourceImport(importing, sources);
  for (const source of sources) await all.import(source);
  await importing.importer.flush();
  all.finish();
  const { items, remarks, places } = all;
  return { items, ...remarks.counts, badLines: remarks.badLines, places };
}

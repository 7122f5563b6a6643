import { forgetImport, noteImportPoint, readImportPoint } from '../store/imports.ts';
import type { ImportPoint } from '../store/imports.ts';
import type { Store } from '../store/store.ts';
import type { Importer } from './import-items.ts';

/** Bytes that are read without an item before it is noted how far that was. */
const UNNOTED_BYTES_MAX = 64 * 1024 * 1024;
const BEGINNING: ImportPoint = { position: 0, items: 0 };

/** The place in a file that is being imported: noted behind what is in the log, so that a killed import goes on there. */
export class ImportPlace {
  readonly #store: Store;
  readonly #importer: Importer;
  readonly #now: () => Date;
  readonly #file: string;
  /** Where this import begins. */
  readonly from: ImportPoint;
  #noted: number;
  #items: number;

  private constructor(
    {
      store,
      importer,
      now,
    }: { readonly store: Store; readonly importer: Importer; readonly now: () => Date },
    file: string,
    from: ImportPoint,
  ) {
    [this.#store, this.#importer, this.#now, this.#file] = [store, importer, now, file];
    [this.from, this.#noted, this.#items] = [from, from.position, from.items];
  }

  /** The place in the file of this identity (ingest/archive-identity.ts); its beginning where `anew` says so. */
  static async find(
    deps: { readonly store: Store; readonly importer: Importer; readonly now: () => Date },
    file: string,
    anew: boolean,
  ): Promise<ImportPlace> {
    const noted = anew ? null : await readImportPoint(deps.store.db, file);
    return new ImportPlace(deps, file, noted ?? BEGINNING);
  }

  /** `items` more were given to the importer; what is behind `end` is still to be read. */
  async passed(items: number, end: number): Promise<void> {
    this.#items += items;
    if (end - this.#noted >= UNNOTED_BYTES_MAX) await this.#importer.flush();
    const isRecorded = this.#importer.waiting === 0 && items > 0;
    if (isRecorded || end - this.#noted >= UNNOTED_BYTES_MAX) await this.#note(end);
  }

  /** The file was read to its `end`. */
  async finish(end: number): Promise<void> {
    await this.#importer.flush();
    await this.#note(end);
  }

  async #note(end: number): Promise<void> {
    const point = { position: end, items: this.#items };
    await noteImportPoint(this.#store.db, this.#file, point, this.#now());
    this.#noted = end;
  }

  /** The import that the file was part of is through: the next one reads it from its beginning. */
  async forget(): Promise<void> {
    await forgetImport(this.#store.db, this.#file);
  }
}

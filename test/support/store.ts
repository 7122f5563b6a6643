import { afterAll, beforeAll, inject } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { createDatabase } from './database.ts';
import { loseQueues } from './queue-place.ts';

/** A store on a database of its own for the tests of one file; errors of its connections fail the file. */
export function useStore(): { readonly store: Store; readonly url: string } {
  let store: Store | undefined;
  let url = '';
  let drop: () => Promise<void> = () => Promise.resolve();
  const errors: Error[] = [];
  beforeAll(async () => {
    await loseQueues(null);
    const database = await createDatabase(inject('postgresUrl'));
    ({ url, drop } = database);
    store = openStore(url, (error) => errors.push(error));
    await store.wakeup.listen();
  });
  afterAll(async () => {
    await store?.close();
    // Ending a pool does not wait for the server's side, so that dropping the database may still cut a connection.
    const failed = [...errors];
    await drop();
    if (failed.length > 0) throw new AggregateError(failed, 'background connections failed');
  });
  return {
    get store() {
      if (store === undefined) throw new Error('the store opens in beforeAll');
      return store;
    },
    get url() {
      return url;
    },
  };
}

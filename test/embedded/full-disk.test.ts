import { afterAll, describe, expect, test } from 'vitest';
import { inspectEmbedded } from '../../src/embedded/inspect.ts';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { createLog } from '../../src/log.ts';
import { smallDisk } from '../support/small-disk.ts';
import { ask } from './support.ts';

const log = createLog('silent');
const disk = await smallDisk(160);

describe.skipIf(disk === null)('a disk that is full (skipped: this user may not mount one)', () => {
  afterAll(() => disk?.remove());

  test('does not keep the server from being stopped, nor the lock from being let go', async () => {
    if (disk === null) return;
    const options = { dataDir: disk.folder, log, durable: false };
    const postgres = await startEmbeddedPostgres(options);
    await ask(postgres.url, 'create table kept as select 1 as one');
    await disk.fill();
    await postgres.stop();
    const facts = await inspectEmbedded(disk.folder);
    expect(facts).toMatchObject({ lockedBy: null, users: [], server: null });
    expect(facts.freeBytes).toBeLessThan(1024 * 1024);

    await disk.fill();
    await expect(startEmbeddedPostgres(options)).rejects.toThrow('The disk is full: free some space');
    expect(await inspectEmbedded(disk.folder)).toMatchObject({ lockedBy: null, users: [], server: null });

    await disk.free();
    const again = await startEmbeddedPostgres(options);
    expect(await ask(again.url, 'select one from kept')).toEqual([{ one: 1 }]);
    await again.stop();
  });
});

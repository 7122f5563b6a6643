import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ask, endAll, install, openFolder, startUser } from './support.ts';
import type { User } from './support.ts';

const NAMESPACES = spawnSync('unshare', ['--user', '--pid', '--fork', 'true']).status === 0;
const NOBODY = { uid: 65_534, gid: 65_534 };
const NAMELESS = { uid: 54_321, gid: 54_321 };

// An ordinary user runs all other tests of this folder as such. These need root, to play every part.
describe.skipIf(process.geteuid?.() !== 0)('an account that starts it', () => {
  let folder: string;
  let program: string;

  beforeAll(async () => {
    folder = await openFolder();
    program = await install(join(folder, 'program'), true);
  });

  afterEach(async () => {
    await endAll((await readdir(folder)).map((name) => join(folder, name)));
    await chmod(folder, 0o755);
  });

  afterAll(() => rm(folder, { recursive: true }));

  /** A data folder that belongs to `owner`. */
  async function homeOf(name: string, owner: { uid: number; gid: number }): Promise<string> {
    const path = join(folder, name);
    await mkdir(path);
    await chown(path, owner.uid, owner.gid);
    return path;
  }

  async function answers(user: User, sql = 'SELECT 7 AS n'): Promise<void> {
    expect(await ask(await user.url, sql)).toEqual([{ n: 7 }]);
  }

  test('may be root, with checkout and data in a folder only root may enter', async () => {
    const shelf = await openFolder(); // needed where user namespaces are barred
    await chmod(folder, 0o700);
    const root = startUser(program, { dataDir: join(folder, 'closed'), shelf });
    await answers(root);
    await root.leave();
    await rm(shelf, { recursive: true });
  });

  test('may be root where user namespaces are barred, now and the next time', async () => {
    const shelf = await openFolder();
    await chmod(folder, 0o700);
    const barred = { dataDir: join(folder, 'barred'), shelf, namespaces: false };
    const first = startUser(program, barred);
    await ask(await first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.leave();
    expect(await readdir(shelf)).toHaveLength(2); // the binaries, and the data
    // The way it was made is the way it goes on, even where a better one has become possible.
    const second = startUser(program, { ...barred, namespaces: true });
    await answers(second, 'SELECT n FROM kept');
    await second.leave();
    await rm(shelf, { recursive: true });
  });

  test('as root keeps the data where they belong when namespaces are barred but the folders are open', async () => {
    const dataDir = join(folder, 'open');
    const barred = { dataDir, shelf: join(folder, 'unused'), namespaces: false };
    const root = startUser(program, barred);
    await answers(root);
    await root.leave();
    const data = join(dataDir, 'postgres', 'cluster', 'data');
    expect((await stat(data)).uid).toBe(NOBODY.uid);
    expect(await readdir(folder)).not.toContain('unused');

    await chown(data, 0, 0); // as if made in a namespace
    const stuck = startUser(program, barred);
    await expect(stuck.url).rejects.toThrow(/chown -R 65534:65534/);
    await stuck.leave();
  });

  test('may be an ordinary user, and root beside and after it, and the user again', async () => {
    const options = { dataDir: await homeOf('shared', NOBODY) };
    const ordinary = startUser(program, options, NOBODY);
    await ask(await ordinary.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    const root = startUser(program, options);
    expect(await root.url).toBe(await ordinary.url);
    await ordinary.leave();
    await root.leave();
    const rootAlone = startUser(program, options);
    await answers(rootAlone, 'SELECT n FROM kept');
    await rootAlone.leave();
    const ordinaryAgain = startUser(program, options, NOBODY);
    await answers(ordinaryAgain, 'SELECT n FROM kept');
    await ordinaryAgain.leave();
  });

  test('may be root in the folder of an ordinary user, who then is not kept out', async () => {
    const options = { dataDir: await homeOf('first-root', NOBODY) };
    const root = startUser(program, options);
    await answers(root);
    await root.leave();
    const ordinary = startUser(program, options, NOBODY);
    await answers(ordinary);
    await ordinary.leave();
  });

  test.skipIf(!NAMESPACES)('may have no name in /etc/passwd', async () => {
    const options = { dataDir: await homeOf('nameless', NAMELESS) };
    for (let run = 0; run < 2; run++) {
      const nameless = startUser(program, options, NAMELESS);
      await answers(nameless);
      await nameless.leave();
    }
  });

  test('is told when the data are not its own', async () => {
    const options = { dataDir: await homeOf('nameless-too', NAMELESS) };
    await mkdir(join(options.dataDir, 'postgres'));
    const ordinary = startUser(program, options, NOBODY);
    await expect(ordinary.url).rejects.toThrow(/EmbeddedPostgresError.*check who owns the data folder/);
    await ordinary.leave();
  });

  test.skipIf(!NAMESPACES)(
    'never shares data with another container, whose server it could not see',
    async () => {
      const dataDir = join(folder, 'contained');
      const contained = startUser(program, { dataDir }, {}, ['unshare', '--pid', '--fork', '--mount-proc']);
      await answers(contained);
      const outside = startUser(program, { dataDir, startTimeoutMs: 0 });
      await expect(outside.url).rejects.toThrow(/in use in another container/);
      await outside.leave();
      await contained.leave();
      const later = startUser(program, { dataDir, startTimeoutMs: 5_000 });
      await answers(later);
      await later.leave();
    },
  );
});

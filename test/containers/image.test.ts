import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { useStore } from '../support/store.ts';
import { copies, readStages } from './dockerfile.ts';

vi.setConfig({ testTimeout: 60_000 });

const log = useStore();
const run = promisify(execFile);
interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly dev?: true; readonly optional?: true; readonly devOptional?: true }>
  >;
}

/** The folder that the last stage would hold: what it copies, and of the packages those that it installs. */
let app = '';

async function linkPackages(target: string): Promise<void> {
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as Lock;
  for (const [path, kind] of Object.entries(packages)) {
    const nested = path.lastIndexOf('node_modules/') !== 0;
    if (path === '' || nested || kind.dev || kind.optional || kind.devOptional) continue;
    const link = join(target, path.slice('node_modules/'.length));
    await mkdir(dirname(link), { recursive: true });
    await symlink(resolve(path), link);
  }
}

/** Copies what the stage before builds, as the tests begin with building it: without what is left of sources that are gone. */
async function copyBuilt(target: string): Promise<void> {
  for (const file of await readdir('src', { recursive: true })) {
    if (!file.endsWith('.ts') || file.endsWith('.d.ts')) continue;
    const built = file.replace(/ts$/, 'js');
    await cp(join('dist', built), join(target, built));
  }
}

/** Node in the folder, with nothing of ours in the environment, and packages looked for there alone. */
async function inImage(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const argv = ['--preserve-symlinks', '--preserve-symlinks-main', ...args];
  const { stdout } = await run(process.execPath, argv, { cwd: app, env: { PATH: '/usr/bin:/bin', ...env } });
  return stdout;
}

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'shuttlewatch-image-'));
  const final = readStages().at(-1);
  for (const { from, sources, target } of final === undefined ? [] : copies(final)) {
    if (from === 'packages') await linkPackages(join(app, target));
    else if (from === 'build') await copyBuilt(join(app, target));
    else {
      for (const source of sources) {
        await cp(source, target.endsWith('/') ? join(app, target, source) : join(app, target), {
          recursive: true,
        });
      }
    }
  }
});
afterAll(() => rm(app, { recursive: true, force: true }));

test('what the image holds is enough to tell its version, explain every command and read its dossier', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  expect(await inImage(['dist/cli/main.js', '--version'])).toBe(`${version}\n`);
  const help = await inImage(['dist/cli/main.js', '--help']);
  for (const command of ['up', 'work', 'migrate', 'search'])
    expect(help).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  expect(await inImage(['dist/cli/main.js', 'subjects', 'andong'])).toContain('andong');
});

test('and to bring a database up to date and answer from it', async () => {
  const settings = { DATABASE_URL: log.url };
  expect(await inImage(['dist/cli/main.js', 'migrate', '--json'], settings)).toContain('"applied": []');
  expect(await inImage(['dist/cli/main.js', 'search', '--json', 'taiwan'], settings)).toContain(
    '"items": []',
  );
});

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { copies, dockerfileText, readStages, words } from './dockerfile.ts';

const stages = readStages();
const final = stages.at(-1);

function only(keyword: string): string {
  const found = final?.instructions.filter((instruction) => instruction.keyword === keyword) ?? [];
  expect(found, keyword).toHaveLength(1);
  return found[0]?.text ?? '';
}

test('the Dockerfile is one that Docker takes, without a remark', () => {
  expect(validate(dockerfileText).map(({ message }) => message)).toEqual([]);
});

test('there is one base image, slim and of one version, which is no older than the package wants', async () => {
  const manifest = JSON.parse(await readFile('package.json', 'utf8')) as { engines: { node: string } };
  const [base, ...rest] = stages;
  const [, major] = /^node:(\d+)\.\d+\.\d+-[a-z]+-slim$/.exec(base?.from ?? '') ?? [];
  expect(Number(major)).toBeGreaterThanOrEqual(Number(/\d+/.exec(manifest.engines.node)?.[0]));
  for (const { from } of rest) expect(from).toBe(base?.name);
});

test('what is copied exists, and .dockerignore lets it through and nothing else', async () => {
  const ignore = (await readFile('.dockerignore', 'utf8')).split('\n').filter((line) => /^[^#]/.test(line));
  expect(ignore[0]).toBe('*');
  const allowed = ignore.slice(1).map((line) => line.replace(/^!/, ''));
  const copied = new Set<string>();
  for (const { from, sources } of stages.flatMap(copies)) {
    if (from !== null) {
      expect(stages.map(({ name }) => name)).toContain(from);
      continue;
    }
    for (const source of sources) {
      expect(existsSync(source), source).toBe(true);
      copied.add(source);
    }
  }
  expect([...copied].sort()).toEqual(allowed.sort());
});

test('packages are installed as the lock file says, without running what they bring', () => {
  const runs = stages.flatMap(({ instructions }) =>
    instructions.filter(({ keyword, text }) => keyword === 'RUN' && text.includes('npm ')),
  );
  const installs = runs.filter(({ text }) => !text.includes('npm run '));
  expect(installs).toHaveLength(2);
  for (const { text } of installs) expect(text).toMatch(/ npm ci .*--ignore-scripts$/);
  expect(dockerfileText).not.toMatch(/^(ARG|ADD|ENV .*(PASSWORD|SECRET|TOKEN|_URL))/m);
});

test('it runs as a user who is not root, by number, and stops by the signal that is listened to', () => {
  expect(only('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(only('STOPSIGNAL')).toBe('SIGTERM');
  // Nothing after USER could write as root.
  const after = final?.instructions.slice(
    final.instructions.findIndex(({ keyword }) => keyword === 'USER') + 1,
  );
  expect(after?.map(({ keyword }) => keyword)).toEqual(['STOPSIGNAL', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD']);
});

test('its entry and its health check run the program that was copied', () => {
  const entry = words(only('ENTRYPOINT'));
  expect(entry).toEqual(['node', 'dist/cli/main.js']);
  expect(words(only('HEALTHCHECK'))).toEqual([...entry, 'health']);
  expect(words(only('CMD'))).toEqual(['up']);
});

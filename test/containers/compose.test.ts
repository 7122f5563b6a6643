import { readFile } from 'node:fs/promises';
import * as dclint from 'dclint';
import { expect, test, vi } from 'vitest';
import { OPTIONS } from '../../src/config.ts';
import { fileName } from '../../src/config/names.ts';
import { ROLES } from '../../src/workers/roles.ts';
import { STOP_MS_MAX } from '../../src/workers/run.ts';
import { runCli } from '../support/cli.ts';
import { COMPOSE_FILE, composeText, readComposition, variables } from './compose-file.ts';
import type { Service } from './compose-file.ts';

// Some of these start processes, and a busy machine takes seconds for one.
vi.setConfig({ testTimeout: 60_000 });

/** What a worker takes at most to stop, in seconds: for its jobs, and as long again for the rest. */
const STOP_SECONDS = (2 * STOP_MS_MAX) / 1_000;

/** Matters of taste, which the order of telling decides here. */
const TASTE = {
  'no-build-and-image': 0,
  'no-quotes-in-volumes': 0,
  'service-dependencies-alphabetical-order': 0,
  'service-keys-order': 0,
  'services-alphabetical-order': 0,
  'top-level-properties-order': 0,
} as const;

const { services, networks, volumes } = readComposition();
const all = Object.entries(services);
const ours = all.filter(([, { build }]) => build !== undefined);
const workers = ours.filter(([, { command }]) => command[0] === 'work');

// dclint's types name their files without endings, so that TypeScript does not find them.
const { DCLinter } = dclint as unknown as { readonly DCLinter: new (config: object) => Linter };
interface Linter {
  lintFiles(
    paths: readonly string[],
    deep: boolean,
  ): readonly { readonly messages: readonly { readonly rule: string; readonly message: string }[] }[];
}

function lint(rules: Readonly<Record<string, 0>>): string[] {
  const linter = new DCLinter({ rules, quiet: true, debug: false, exclude: [] });
  return linter
    .lintFiles([COMPOSE_FILE], false)
    .flatMap(({ messages }) => messages.map(({ rule, message }) => `${rule}: ${message}`));
}

function seconds(duration = ''): number {
  const [, number, unit] = /^(\d+)(s|m)$/.exec(duration) ?? [];
  return Number(number) * (unit === 'm' ? 60 : 1);
}

test('docker-compose.yml is what the Compose specification allows, and its linter finds nothing', () => {
  expect(lint(TASTE)).toEqual([]);
});

test('every variable is explained in .env.example, and every one there is used', async () => {
  const lines = (await readFile('.env.example', 'utf8')).split('\n');
  const written = lines.filter((line) => line !== '' && !line.startsWith('#'));
  // No value of ours: what is secret or somebody's own has to be filled in.
  for (const line of written) expect(line).toMatch(/^[A-Z_]+=$/);
  const explained = written.map((line) => line.slice(0, -1));
  expect(new Set(explained).size).toBe(explained.length);
  expect(new Set(variables().map(({ name }) => name))).toEqual(new Set(explained));
  for (const [index, line] of lines.entries()) {
    if (/^[A-Z_]+=$/.test(line)) expect(lines[index - 1], line).toMatch(/^(#|[A-Z_]+=$)/);
  }
});

test('nothing starts without a password, and none is written down', () => {
  const passwords = variables().filter(({ name }) => name.includes('PASSWORD'));
  expect(new Set(passwords.map(({ name }) => name))).toEqual(
    new Set(['POSTGRES_PASSWORD', 'VALKEY_PASSWORD']),
  );
  for (const { operator } of passwords) expect(operator).toBe(':?set it in .env');
  for (const [, { environment }] of all) {
    for (const [name, value] of Object.entries(environment)) {
      if (/PASSWORD|SECRET|AUTH|TOKEN/.test(name)) expect(value, name).toMatch(/^\$\{[A-Z_]+:[-?][^}]*\}$/);
      if (value.includes('://')) expect(value, name).toMatch(/:\$\{[A-Z_]+:\?[^}]*\}@/);
    }
  }
});

test('every setting that is passed on is one, and only those that deliver are given the webhook', () => {
  const known = Object.entries(OPTIONS).flatMap(([name, { secret }]) =>
    secret ? [name, fileName(name)] : [name],
  );
  for (const [name, { environment }] of ours) {
    expect(known, name).toEqual(expect.arrayContaining(Object.keys(environment)));
    const webhook = Object.keys(environment).some((setting) => setting.includes('WEBHOOK'));
    expect(webhook, name).toBe(name === 'deliver');
  }
});

test('every role has a service of its own, and runs nothing but that role', () => {
  expect(workers.map(([name]) => name).sort()).toEqual([...ROLES].sort());
  for (const [name, { command }] of workers) expect(command).toEqual(['work', '--roles', name]);
});

test('every command that is run exists', async () => {
  const commands = new Set(ours.map(([, { command }]) => command[0] ?? ''));
  for (const [, { healthcheck }] of ours) {
    if ('test' in healthcheck) {
      expect(healthcheck.test.slice(0, 3)).toEqual(['CMD', 'node', 'dist/cli/main.js']);
      commands.add(healthcheck.test[3] ?? '');
    }
  }
  expect([...commands].sort()).toEqual(['health', 'migrate', 'status', 'work']);
  for (const command of commands) {
    const { out } = await runCli([command, '--help'], {});
    expect(out.split('\n', 1)[0]).toMatch(`Usage: shuttlewatch ${command}`);
    if (command === 'work') expect(out).toContain('--roles');
  }
});

test('every image has a version, ours that of the package', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  for (const [name, { image, build }] of all) {
    if (build === undefined) expect(image, name).toMatch(/^[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
    else expect(image, name).toBe(`shuttlewatch:${version}`);
  }
});

test('what runs on is watched, started again and given the time to stop; what ends is not', () => {
  const ending = all.filter(([, { restart }]) => restart === 'no').map(([name]) => name);
  expect(ending.sort()).toEqual(['cli', 'migrate']);
  for (const [name, { healthcheck, restart, stop_grace_period: grace }] of all) {
    expect('test' in healthcheck, name).toBe(restart === 'unless-stopped');
    if (restart === 'unless-stopped') expect(seconds(grace), name).toBeGreaterThan(STOP_SECONDS);
  }
  expect(services['cli']?.profiles).toEqual(['cli']);
});

test('work begins when the schema is there and the servers answer', () => {
  const starts = (service: Service | undefined): Record<string, string> =>
    Object.fromEntries(
      Object.entries(service?.depends_on ?? {}).map(([name, { condition }]) => [name, condition]),
    );
  expect(starts(services['migrate'])).toEqual({ postgres: 'service_healthy' });
  for (const [name, service] of workers) {
    expect(starts(service), name).toEqual({
      postgres: 'service_healthy',
      valkey: 'service_healthy',
      migrate: 'service_completed_successfully',
    });
  }
});

test('volumes and networks are declared, each of them used, and data lie on volumes', () => {
  const named = all.flatMap(([, service]) =>
    service.volumes.flatMap((volume) => (typeof volume === 'string' ? [volume.split(':')] : [])),
  );
  expect(named.sort()).toEqual([
    ['postgres-data', '/var/lib/postgresql'],
    ['valkey-data', '/data'],
  ]);
  expect(Object.keys(volumes).sort()).toEqual(named.map(([name]) => name));
  expect(new Set(all.flatMap(([, service]) => service.networks))).toEqual(new Set(Object.keys(networks)));
});

test('only what fetches and what posts can leave, and the servers are reached from inside alone', () => {
  expect(networks['inside']?.internal).toBe(true);
  const outgoing = all.filter(([, service]) => service.networks.includes('outside')).map(([name]) => name);
  expect(outgoing.sort()).toEqual(['cli', 'deliver', 'ingest']);
  expect(composeText).not.toMatch(/^\s+ports:/m);
});

test('the queues are kept as BullMQ needs them: on disk, and never thrown away for want of memory', () => {
  const command = services['valkey']?.command.join(' ') ?? '';
  expect(command).toContain('--appendonly yes');
  expect(command).toContain('--maxmemory-policy noeviction');
  expect(command).toContain('exec valkey-server');
});

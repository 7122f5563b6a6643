import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCli } from '../support/cli.ts';

vi.setConfig({ testTimeout: 60_000 });

let folder = '';
let script = '';
let hasBash = true;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'completion-'));
  script = join(folder, 'shuttlewatch.bash');
  const ran = await runCli(['completion', 'bash'], {});
  expect(ran).toMatchObject({ code: 0, err: '' });
  await writeFile(script, ran.out);
  try {
    execFileSync('bash', ['--version']);
  } catch {
    hasBash = false;
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** What bash offers for the last of `words`. */
function complete(...words: readonly string[]): string[] {
  const program = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _shuttlewatch; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['-c', program, 'bash', script, 'shuttlewatch', ...words], {
    encoding: 'utf8',
  });
  return out.split('\n').filter((word) => word !== '');
}

describe('the script for bash', () => {
  test('offers commands, subcommands, options and their values', (context) => {
    if (!hasBash) context.skip();
    expect(complete('')).toEqual(expect.arrayContaining(['up', 'search', 'doctor', 'completion', 'help']));
    expect(complete('sta')).toEqual(['status']);
    expect(complete('queues', '')).toEqual(['list', 'failed', 'retry', 'help']);
    expect(complete('queues', 'failed', 'in')).toEqual(['ingest']);
    expect(complete('queues', 'failed', '--')).toEqual(['--limit', '--json', '--help']);
    expect(complete('timeline', '--by', '')).toEqual(['day', 'week']);
    expect(complete('work', '--roles', 'cl')).toEqual(['classify']);
    expect(complete('work', '--roles', 'ingest,fo')).toEqual(['ingest,follow']);
    expect(complete('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(complete('--zo')).toEqual(['--zone']);
    expect(complete('--log', 'w')).toEqual(['warn']);
    expect(complete('--zone', 'Asia/Seoul', 'time')).toEqual(['timeline']);
  });

  test('takes a word of a query for no command, and leaves what it does not know to bash', (context) => {
    if (!hasBash) context.skip();
    expect(complete('search', 'queues', '--js')).toEqual(['--json', '--jsonl']);
    expect(complete('search', '--limit', '')).toEqual([]);
    expect(complete('ingest', '')).toEqual([]);
  });
});

test('the scripts for zsh and fish name every command and option', async () => {
  const [zsh, fish, nothing] = await Promise.all([
    runCli(['completion', 'zsh'], {}),
    runCli(['completion', 'fish'], {}),
    runCli(['completion', 'tcsh'], {}),
  ]);
  expect(zsh.out).toMatch(/^#compdef shuttlewatch\n/);
  expect(zsh.out).toContain('"/ work --roles") _values -s , value ingest classify deliver follow');
  expect(fish.out).toContain("-n '__fish_use_subcommand' -a 'doctor' -d");
  expect(fish.out).toMatch(/__fish_seen_subcommand_from queues; and .*-a 'failed'/);
  expect(nothing).toMatchObject({ code: 2, out: '' });
});

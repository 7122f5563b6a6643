import type { RedisFacts, RedisNode, RedisRefusal } from '../../workers/inspect-redis.ts';
import { bytesText, counted } from '../words.ts';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';

const NAME = 'redis';
const VERSION_MIN = [6, 2] as const;
/** Of maxmemory: above this, writes are soon refused. */
const MEMORY_RATIO_HIGH = 0.8;

const ADVICE: Readonly<Record<RedisRefusal, { readonly seen: string; readonly todo: string }>> = {
  down: {
    seen: 'nothing answers',
    todo: 'Start Redis there, or mend host and port in REDIS_URL; unset it to keep the queues in PostgreSQL.',
  },
  'unknown-host': {
    seen: 'its address is not known',
    todo: 'Mend the host in REDIS_URL, or the name service of this machine.',
  },
  silent: {
    seen: 'it does not answer in time',
    todo: 'Look whether a firewall is between, and whether TLS (rediss://) is meant.',
  },
  password: {
    seen: 'it refuses user or password',
    todo: 'Mend user and password in REDIS_URL (redis://user:password@host; write %40 for @ and the like).',
  },
  'no-cluster': {
    seen: 'it is no Cluster',
    todo: 'Write redis:// instead of redis-cluster:// in REDIS_URL.',
  },
  other: { seen: 'it cannot be used', todo: 'The message is the server’s own: its documentation says more.' },
};

function isOld({ speaks }: RedisNode): boolean {
  const [major = 0, minor = 0] = speaks.split('.').map(Number);
  const [majorMin, minorMin] = VERSION_MIN;
  return major < majorMin || (major === majorMin && minor < minorMin);
}

function nameOf({ server, version }: RedisNode): string {
  return `${server} ${version}`;
}

/** What keeps the queues from working there; null when nothing does. */
function fault(node: RedisNode): Finding | null {
  if (isOld(node)) {
    return fail(
      NAME,
      `${nameOf(node)} is too old`,
      `Use Redis ${VERSION_MIN.join('.')} or newer, or Valkey; or unset REDIS_URL to keep the queues in PostgreSQL.`,
    );
  }
  if (node.isReplica) {
    return fail(
      NAME,
      `${nameOf(node)} is a replica and takes no writes`,
      'Set REDIS_URL to the primary, or to its Sentinels (redis-sentinel://host:port/master).',
    );
  }
  return null;
}

function evicting({ policy, evictedKeys, maxBytes }: RedisNode): Finding[] {
  if (policy === null || policy === 'noeviction') return [];
  const lost = evictedKeys > 0 ? `; ${counted(evictedKeys, 'key')} gone so far` : '';
  const when = maxBytes === null ? 'as soon as a maxmemory is set' : `at ${bytesText(maxBytes)}`;
  return [
    fail(
      'redis memory',
      `maxmemory-policy is ${policy}: ${when} jobs are thrown away without a word${lost}`,
      'Set "maxmemory-policy noeviction" in redis.conf, and now by: CONFIG SET maxmemory-policy noeviction',
    ),
  ];
}

function memory({ policy, usedBytes, maxBytes }: RedisNode): Finding {
  const name = 'redis memory';
  const bound = maxBytes === null ? 'no maxmemory' : `of ${bytesText(maxBytes)}`;
  const seen = `${bytesText(usedBytes)} used, ${bound}${policy === null ? '' : `, ${policy}`}`;
  return maxBytes !== null && usedBytes > maxBytes * MEMORY_RATIO_HIGH
    ? warn(name, seen, 'Raise maxmemory: when it is used up, no job can be added.')
    : ok(name, seen);
}

function disk({ persistence, persists }: RedisNode): Finding {
  const name = 'redis disk';
  const lost = 'a restart loses queued jobs; they are queued again from the log, later';
  if (!persists)
    return warn(
      name,
      'the last write to disk failed',
      'Look at the log of Redis, and at its disk: it may be full.',
    );
  switch (persistence) {
    case 'aof':
      return ok(name, 'keeps an append-only file');
    case 'snapshots':
      return warn(name, `snapshots only: ${lost}`, 'Set "appendonly yes" in redis.conf.');
    case 'none':
      return warn(name, `keeps nothing on disk: ${lost}`, 'Set "appendonly yes" in redis.conf.');
    case 'unknown':
      return warn(
        name,
        'no append-only file, as far as it tells',
        'Look that the service persists, by AOF if it can.',
      );
  }
}

function ofCluster(state: string | null, nodes: readonly RedisNode[]): Finding[] {
  if (state === null) {
    return nodes.some((node) => node.isClusterNode)
      ? [
          fail(
            NAME,
            'this is one node of a Cluster',
            'Write redis-cluster:// instead of redis:// in REDIS_URL.',
          ),
        ]
      : [];
  }
  return state === 'ok'
    ? [ok('redis cluster', counted(nodes.length, 'master'))]
    : [
        fail(
          'redis cluster',
          `its state is ${state}: some slots have no master`,
          'Look at CLUSTER INFO and CLUSTER NODES; bring the missing master or its replica back.',
        ),
      ];
}

/** Findings that several nodes share are told once. */
function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

/** Whether queues can live in this Redis, and will not be lost there; `place` is its hosts. */
export function redisFindings(facts: RedisFacts, place: string): Finding[] {
  if (facts.kind === 'refused') {
    const { seen, todo } = ADVICE[facts.why];
    return [fail(NAME, `${place}: ${seen} (${facts.message.replace(`Redis at ${place}: `, '')})`, todo)];
  }
  const { nodes, clusterState } = facts;
  const faults = nodes.flatMap((node) => fault(node) ?? []);
  const [first] = nodes;
  const well = first === undefined || faults.length > 0 ? [] : [ok(NAME, `${nameOf(first)} at ${place}`)];
  const kept = nodes.flatMap((node) => {
    const lost = evicting(node);
    return [...(lost.length > 0 ? lost : [memory(node)]), disk(node)];
  });
  return distinct([...faults, ...well, ...ofCluster(clusterState, nodes), ...kept]);
}

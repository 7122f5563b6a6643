import { reasonOf } from '../store/errors.ts';
import { Cluster } from 'ioredis';
import type { Redis } from 'ioredis';
import { Away } from '../store/errors.ts';
import { probeRedis } from './redis.ts';

/** Why a Redis did not let us in. */
export type RedisRefusal = 'down' | 'unknown-host' | 'silent' | 'password' | 'no-cluster' | 'other';

/** A Redis as a first contact shows it; what was refused is said without the password. */
export type RedisFacts =
  | { readonly kind: 'refused'; readonly why: RedisRefusal; readonly message: string }
  | {
      readonly kind: 'open';
      /** One, or each master of a Cluster. */
      readonly nodes: readonly RedisNode[];
      /** `ok`, or what CLUSTER INFO says else; null where it is no Cluster. */
      readonly clusterState: string | null;
    };

/** What INFO tells of one server. */
export interface RedisNode {
  readonly server: 'Redis' | 'Valkey';
  readonly version: string;
  /** The version of Redis whose commands it speaks. */
  readonly speaks: string;
  /** What it does when its memory is full; null where it does not say. */
  readonly policy: string | null;
  /** Whether it keeps what it holds over a restart: by an append-only file, by snapshots now and then, or not at all. */
  readonly persistence: 'aof' | 'snapshots' | 'none' | 'unknown';
  /** Whether the last writing of that went well. */
  readonly persists: boolean;
  readonly usedBytes: number;
  /** Null for no bound. */
  readonly maxBytes: number | null;
  readonly isReplica: boolean;
  /** A node of a Cluster, however it was reached. */
  readonly isClusterNode: boolean;
  readonly evictedKeys: number;
}

const BY_MESSAGE: readonly (readonly [RegExp, RedisRefusal])[] = [
  [/WRONGPASS|NOAUTH|invalid password|NOPERM/i, 'password'],
  [/ENOTFOUND|EAI_AGAIN/, 'unknown-host'],
  [/ETIMEDOUT|timed out/i, 'silent'],
  [/cluster support disabled/i, 'no-cluster'],
  [/ECONN|EHOSTUNREACH|ENETUNREACH|connection is closed|unreachable/i, 'down'],
];

/** Everything that an error of ioredis has to say: the reason often lies below. */
function told(error: unknown): string {
  const words: string[] = [];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; depth += 1) {
    words.push(reasonOf(at));
    at = at.cause ?? ('lastNodeError' in at ? at.lastNodeError : undefined);
  }
  return words.join('\n');
}

function refusalOf(error: Error): RedisFacts {
  const message = told(error);
  const why = BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? 'other';
  return { kind: 'refused', why, message: reasonOf(error) };
}

/** `key:value` lines under `# Section` heads. */
function fieldsOf(info: string): ReadonlyMap<string, string> {
  const pairs = info.split('\r\n').flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon <= 0 || line.startsWith('#') ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
  });
  return new Map(pairs);
}

/** What INFO says; `save` is the setting of that name, null where it may not be asked for. */
export function nodeOf(info: string, save: string | null): RedisNode {
  const fields = fieldsOf(info);
  const number = (name: string): number => Number(fields.get(name) ?? 0);
  const valkey = fields.get('valkey_version');
  const speaks = fields.get('redis_version') ?? '?';
  const aof = number('aof_enabled') === 1;
  const snapshots = save === null ? 'unknown' : save === '' ? 'none' : 'snapshots';
  const lastWrite = fields.get(aof ? 'aof_last_write_status' : 'rdb_last_bgsave_status') ?? 'ok';
  return {
    server: valkey === undefined ? 'Redis' : 'Valkey',
    version: valkey ?? speaks,
    speaks,
    policy: fields.get('maxmemory_policy') ?? null,
    persistence: aof ? 'aof' : snapshots,
    persists: lastWrite === 'ok',
    usedBytes: number('used_memory'),
    maxBytes: number('maxmemory') || null,
    isReplica: fields.get('role') === 'slave',
    isClusterNode: number('cluster_enabled') === 1,
    evictedKeys: number('evicted_keys'),
  };
}

async function saveOf(node: Redis): Promise<string | null> {
  try {
    const answer = await node.config('GET', 'save');
    return answer[1] ?? null;
  } catch {
    return null; // hosted servers forbid CONFIG, and then it cannot be known
  }
}

async function look(client: Redis | Cluster): Promise<RedisFacts> {
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  const seen = await Promise.all(nodes.map(async (node) => nodeOf(await node.info(), await saveOf(node))));
  const cluster = client instanceof Cluster ? fieldsOf(await client.cluster('INFO')) : null;
  return {
    kind: 'open',
    nodes: seen,
    clusterState: cluster === null ? null : (cluster.get('cluster_state') ?? '?'),
  };
}

/** Looks at the Redis of `url` over a connection of its own; changes nothing, and never throws for what Redis refuses. */
export async function inspectRedis(url: string): Promise<RedisFacts> {
  try {
    return await probeRedis(url, look);
  } catch (error) {
    if (error instanceof Away || (error instanceof Error && error.name === 'ReplyError'))
      return refusalOf(error);
    if (error instanceof Error && /timed out|closed/i.test(error.message)) return refusalOf(error);
    throw error;
  }
}

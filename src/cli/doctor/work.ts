import type { Config } from '../../config.ts';
import { createLog } from '../../log.ts';
import { listFeeds } from '../../query/lists.ts';
import { readCheckpoints } from '../../store/checkpoints.ts';
import type { Db } from '../../store/database.ts';
import { deliveryBacklog } from '../../store/deliveries.ts';
import { hasTable } from '../../store/inspect.ts';
import { listProcesses } from '../../store/processes.ts';
import { holeBefore } from '../../store/hole.ts';
import { readImporting } from '../../store/importing.ts';
import { listArchived, listPartitions } from '../../store/partitions.ts';
import { head } from '../../store/read.ts';
import { listPushes } from '../../query/pushes.ts';
import { silentFeeds } from '../../query/silence.ts';
import { queuePlace } from '../../workers/queue-backend.ts';
import { httpClientOf } from '../http.ts';
import { readQueues } from '../queue-states.ts';
import { processClockFindings } from './clock.ts';
import { consumerFindings } from './consumers.ts';
import { deliveryFindings } from './deliveries.ts';
import { feedFindings } from './feeds.ts';
import type { Finding } from './finding.ts';
import { importFindings } from './imports.ts';
import { holeFindings } from './log.ts';
import { partitionFinding } from './partitions.ts';
import { liveRoles, processFindings } from './processes.ts';
import { queueFindings } from './queues.ts';
import { websubFindings } from './websub.ts';

export interface WorkPlace {
  readonly db: Db;
  readonly url: string;
  readonly config: Config;
  readonly now: () => Date;
  /** This build's. */
  readonly version: string;
  /** False where the queues are known to be away. */
  readonly queuesWork: boolean;
}

/** Made by BullMQ when the first job is added; to ask it before would make it. */
const QUEUE_TABLE = 'sw_queue.job';

/** How the work goes, on a database whose schema is up to date. */
export async function workFindings(place: WorkPlace): Promise<Finding[]> {
  const { db, now, version } = place;
  const processes = await listProcesses(db);
  const roles = liveRoles(processes);
  const [checkpoints, last, feeds, silent, backlog, partitions, archived, importing] = await Promise.all([
    readCheckpoints(db),
    head(db),
    listFeeds(db),
    silentFeeds(db, now()),
    deliveryBacklog(db, now()),
    listPartitions(db),
    listArchived(db),
    readImporting(db),
  ]);
  return [
    ...processFindings(processes, version),
    ...processClockFindings(processes),
    ...(await queues(place, roles)),
    ...holeFindings(await holeBefore(db, last)),
    ...importFindings(importing),
    partitionFinding(partitions, archived, last),
    ...consumerFindings(checkpoints, last, now(), roles.has('follow')),
    ...feedFindings(feeds, silent, now(), roles.has('ingest')),
    ...deliveryFindings(backlog, now(), roles.has('deliver')),
    ...(await websub(place)),
  ];
}

async function websub({ db, config, now }: WorkPlace): Promise<Finding[]> {
  const http = httpClientOf(config);
  try {
    return await websubFindings(config, db, http, await listPushes(db), now());
  } finally {
    await http.close();
  }
}

async function queues(
  { db, url, config, now, queuesWork }: WorkPlace,
  roles: ReadonlySet<string>,
): Promise<Finding[]> {
  if (!queuesWork) return [];
  const place = queuePlace(config.REDIS_URL, url);
  if (place.kind === 'postgres' && !(await hasTable(db, QUEUE_TABLE))) return queueFindings([], now(), roles);
  return queueFindings(await readQueues(place, createLog('silent')), now(), roles);
}

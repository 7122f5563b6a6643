import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../config.ts';
import type { Config, Inspected } from '../../config.ts';
import { EmbeddedPostgresError } from '../../embedded/errors.ts';
import { inspectEmbedded, runningServer } from '../../embedded/inspect.ts';
import type { EmbeddedFacts, StatDisk } from '../../embedded/inspect.ts';
import { startEmbeddedPostgres } from '../../embedded/postgres.ts';
import { createLog } from '../../log.ts';
import { openDatabase } from '../../store/database.ts';
import type { Db } from '../../store/database.ts';
import { readVersions } from '../../projections/serve.ts';
import { inspectDatabase, inspectSchema } from '../../store/inspect.ts';
import { inspectRedis } from '../../workers/inspect-redis.ts';
import { redisName } from '../../workers/redis.ts';
import { messageOf } from '../output.ts';
import { clockFinding } from './clock.ts';
import { databaseFinding, databasePlace } from './database.ts';
import { channelFindings } from './deliveries.ts';
import { readDossier } from './dossier.ts';
import { diskFinding, folderFinding, portFindings, serverFinding } from './embedded.ts';
import { fail, hasFailed, ok } from './finding.ts';
import type { Finding } from './finding.ts';
import { redisFindings } from './redis.ts';
import { schemaFinding } from './schema.ts';
import { readSettings } from './settings.ts';
import { versionFindings } from './versions.ts';
import { workFindings } from './work.ts';

/** What doctor looks at; tests give other clocks and disks. */
export interface Patient {
  /** The settings as they were found, whatever is wrong with them. */
  readonly settings: Inspected;
  readonly node: string;
  readonly version: string;
  readonly now: () => Date;
  readonly statDisk?: StatDisk;
}

/** A database to look into, and what it takes to leave it as it was. */
interface Entrance {
  readonly url: string;
  leave(): Promise<void>;
}

/**
 * Looks at everything the product rests on, from the bottom up, and says what is wrong and what to do. Needs nothing of
 * it to work. Never throws for a fault that it can name, changes nothing, and stops what it had to start.
 */
export async function examine(patient: Patient): Promise<Finding[]> {
  const { node, version } = patient;
  const settings = readSettings(patient.settings);
  const { config, bad } = settings;
  const { findings: ofDossier, dossier } = await readDossier(config.SHUTTLEWATCH_DOSSIER);
  const channels = bad.has('SHUTTLEWATCH_WEBHOOK_URL') ? [] : channelFindings(config, dossier);
  const ofRedis = bad.has('REDIS_URL') ? [] : await redis(config);
  const queuesWork = !bad.has('REDIS_URL') && !hasFailed(ofRedis);
  const ofDatabase = bad.has('DATABASE_URL') ? [] : await database(patient, config, queuesWork);
  return [
    ...versionFindings(node, version),
    ...settings.findings,
    ...ofDossier,
    ...channels,
    ...ofRedis,
    ...ofDatabase,
  ];
}

/** What could not be looked at is a finding, too. */
async function attempt(name: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [unseen(name, error)];
  }
}

function unseen(name: string, error: unknown): Finding {
  if (error instanceof EmbeddedPostgresError) return fail(name, error.message, error.remedy);
  return fail(
    name,
    `cannot be looked at: ${messageOf(error)}`,
    'If all above is well, this is a mistake of ours: report it.',
  );
}

async function redis({ REDIS_URL: url }: Config): Promise<Finding[]> {
  if (url === null) return [ok('redis', 'not used: the queues are in PostgreSQL')];
  return await attempt('redis', async () => redisFindings(await inspectRedis(url), redisName(url)));
}

async function database(patient: Patient, config: Config, queuesWork: boolean): Promise<Finding[]> {
  const { DATABASE_URL: url } = config;
  if (url !== null) {
    const entrance = { url, leave: () => Promise.resolve() };
    return await attempt('database', () => inside(patient, config, entrance, queuesWork));
  }
  const { facts, findings } = await embedded(patient, config);
  // What runs can be looked into all the same; what would have to be started is better left.
  const isOpen = facts?.server?.serves === true && facts.server.url !== null;
  if (facts === null || (hasFailed(findings) && !isOpen)) return findings;
  const below = await attempt('database', () => insideEmbedded(patient, config, facts, queuesWork));
  return [...findings, ...below];
}

/** The embedded Postgres from outside; facts are null when it could not even be looked at. */
async function embedded(
  { statDisk }: Patient,
  config: Config,
): Promise<{ readonly facts: EmbeddedFacts | null; readonly findings: Finding[] }> {
  try {
    const facts = await inspectEmbedded(config.SHUTTLEWATCH_DATA, statDisk);
    const findings = [
      folderFinding(facts, process.geteuid?.() ?? null),
      diskFinding(facts),
      serverFinding(facts),
      ...(await portFindings(facts, config.SHUTTLEWATCH_POSTGRES_PORT)),
    ];
    return { facts, findings };
  } catch (error) {
    return { facts: null, findings: [unseen('data folder', error)] };
  }
}

async function insideEmbedded(
  patient: Patient,
  config: Config,
  facts: EmbeddedFacts,
  queuesWork: boolean,
): Promise<Finding[]> {
  if (facts.dataMajor === null && facts.server === null)
    return [ok('database', 'none yet: the first command that needs it makes it')];
  // Another process starts or stops it: it has its own say.
  if (facts.lockedBy !== null || facts.server?.serves === false) return [];
  const entrance = await enterEmbedded(config);
  try {
    return await inside(patient, config, entrance, queuesWork);
  } finally {
    await entrance.leave();
  }
}

/** The server that runs, or one started for as long as it takes to look. */
async function enterEmbedded(config: Config): Promise<Entrance> {
  const { SHUTTLEWATCH_DATA: dataDir, SHUTTLEWATCH_POSTGRES_PORT: port } = config;
  const url = await runningServer(dataDir);
  if (url !== null) return { url, leave: () => Promise.resolve() };
  const started = await startEmbeddedPostgres({ dataDir, port, log: createLog('silent') });
  return { url: started.url, leave: () => started.stop() };
}

async function inside(
  { now, version }: Patient,
  config: Config,
  { url }: Entrance,
  queuesWork: boolean,
): Promise<Finding[]> {
  const facts = await inspectDatabase(url, now);
  const findings = [databaseFinding(facts, databasePlace(url))];
  if (facts.kind === 'refused' || hasFailed(findings)) return findings;
  findings.push(clockFinding(facts));
  // Lost connections make the question fail that is asked over them, which tells.
  const db = openDatabase(url, () => undefined);
  try {
    findings.push(...(await attempt('schema', () => schema(db, version))));
    if (!hasFailed(findings.filter(({ name }) => name === 'schema')))
      findings.push(
        ...(await attempt('work', () => workFindings({ db, url, config, now, version, queuesWork }))),
      );
  } finally {
    await db.destroy();
  }
  return findings;
}

async function schema(db: Db, version: string): Promise<Finding[]> {
  return [schemaFinding(await inspectSchema(db, join(PACKAGE_ROOT, 'migrations'), readVersions()), version)];
}

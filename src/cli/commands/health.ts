import { hostname } from 'node:os';
import type { Command } from 'commander';
import { settings } from '../settings.ts';
import { runningServer } from '../../embedded/inspect.ts';
import { openDatabase } from '../../store/database.ts';
import { silentFeeds } from '../../query/silence.ts';
import { listProcesses } from '../../store/processes.ts';
import type { WorkingProcess } from '../../store/processes.ts';
import { SILENT_MS_MAX } from '../../workers/heartbeat.ts';
import { ROLES } from '../../workers/roles.ts';
import { within } from '../../workers/within.ts';
import { leave } from '../leaving.ts';
import { json, messageOf } from '../output.ts';
import type { Output } from '../output.ts';
import { rolesOption } from '../roles-option.ts';
import { counted, durationText } from '../words.ts';

const EXIT_FAILED = 1;
/** What asks for health has little patience. */
const ANSWER_MS_MAX = 3_000;

export interface Health {
  readonly well: boolean;
  /** Why, in one line. */
  readonly because: string;
}

/** Whether processes of this host do `roles` (anything, where none is named) and none of them has a halted consumer. */
export function judgeHealth(here: readonly WorkingProcess[], roles: readonly string[]): Health {
  const asked = here.filter((one) => roles.length === 0 || one.roles.some((role) => roles.includes(role)));
  const live = asked.filter(({ silentMs }) => silentMs <= SILENT_MS_MAX);
  const missing = roles.filter((role) => !live.some((one) => one.roles.includes(role)));
  const [last] = [...asked].sort((a, b) => a.silentMs - b.silentMs);
  if (last === undefined || live.length === 0) {
    const heard = last === undefined ? 'none is known' : `last heard of ${durationText(last.silentMs)} ago`;
    return { well: false, because: `no process works on this host: ${heard}` };
  }
  if (missing.length > 0) return { well: false, because: `nobody does ${missing.join(', ')} on this host` };
  const halted = [...new Set(live.flatMap((one) => one.halted))];
  if (halted.length > 0) return { well: false, because: `halted: ${halted.join(', ')}` };
  const pids = live.map(({ pid }) => pid).join(', ');
  return { well: true, because: `process ${pids}, heard of ${durationText(last.silentMs)} ago` };
}

async function look(roles: readonly string[]): Promise<Health> {
  const { DATABASE_URL, SHUTTLEWATCH_DATA } = settings();
  const url = DATABASE_URL ?? (await runningServer(SHUTTLEWATCH_DATA));
  if (url === null) return { well: false, because: 'the embedded PostgreSQL does not run' };
  const db = openDatabase(url, () => undefined);
  let silent = 0;
  let health: Health = { well: false, because: 'the database does not answer' };
  const asking = listProcesses(db).then(async (processes) => {
    const here = processes.filter(({ host }) => host === hostname());
    health = judgeHealth(here, roles);
    // The read tables may be those of another build, which says nothing of whether the processes are well.
    silent = await silentFeeds(db, new Date()).then(
      (feeds) => feeds.size,
      () => 0,
    );
  });
  // A connection that is still being made ends with the process.
  if (await within(asking, ANSWER_MS_MAX)) await db.destroy();
  // Of the world and not of this host: worth a word, and no reason to start anything anew.
  if (silent > 0)
    return { ...health, because: `${health.because}; silent for too long: ${counted(silent, 'feed')}` };
  return health;
}

interface Flags {
  readonly roles?: readonly string[];
  readonly json?: true;
}

async function health(flags: Flags, output: Output): Promise<void> {
  let found: Health;
  try {
    found = await look(flags.roles ?? []);
  } catch (error) {
    found = { well: false, because: messageOf(error).split('\n')[0] ?? '' };
  }
  output.out(flags.json ? json(found) : `${found.well ? 'well' : 'not well'}: ${found.because}\n`);
  leave(found.well ? 0 : EXIT_FAILED);
}

/** `health`: for the health check of a container. */
export function healthCommand(program: Command, output: Output): void {
  program
    .command('health')
    .description('exit with 0 when a process of this host works and nothing in it has halted')
    .option('--roles <list>', `only those that do this, of ${ROLES.join(',')}`, rolesOption)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nIn a Dockerfile:\n  HEALTHCHECK CMD ["shuttlewatch", "health"]')
    .action((flags: Flags) => health(flags, output));
}

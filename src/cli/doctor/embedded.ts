import type { EmbeddedFacts } from '../../embedded/inspect.ts';
import { OR_BRING_YOUR_OWN } from '../../embedded/errors.ts';
import { isPortFree, portOwner } from '../../embedded/port-owner.ts';
import { PORT_REMEDY } from '../../embedded/server.ts';
import { bytesText, counted } from '../words.ts';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';

const MIB = 1024 * 1024;
const FREE_BYTES_MIN = 200 * MIB;
const FREE_BYTES_LOW = 1024 * MIB;

/** Whether the disk has room for the log to grow. */
export function diskFinding({ home, freeBytes }: Pick<EmbeddedFacts, 'home' | 'freeBytes'>): Finding {
  const seen = `${bytesText(freeBytes)} free for ${home}`;
  const todo = 'Free some space, or move SHUTTLEWATCH_DATA to a larger disk.';
  if (freeBytes < FREE_BYTES_MIN) return fail('disk', `${seen}: PostgreSQL stops when it cannot write`, todo);
  return freeBytes < FREE_BYTES_LOW ? warn('disk', seen, todo) : ok('disk', seen);
}

/** Whether the folder can be used by this user (`me`, a uid; null where there are none), with this build. */
export function folderFinding(facts: EmbeddedFacts, me: number | null): Finding {
  const { home, exists, owner, writable, problem, dataMajor, readable, binaries } = facts;
  if ('problem' in binaries) return fail('data folder', binaries.problem, `Or ${OR_BRING_YOUR_OWN}.`);
  const isOthers = me !== null && me !== 0 && owner !== me;
  if (isOthers || !writable) {
    const whose = isOthers ? `belongs to user ${owner}, and this is user ${me}` : 'cannot be written';
    return fail(
      'data folder',
      `${home} ${whose}`,
      'Run as its owner, or set SHUTTLEWATCH_DATA to a folder of your own.',
    );
  }
  if (problem !== null) return fail('data folder', problem, `Or ${OR_BRING_YOUR_OWN}.`);
  if (!readable) {
    return fail(
      'data folder',
      `the data in ${home} were written by PostgreSQL ${dataMajor ?? '?'}, and this build has ${binaries.version}`,
      'Use the shuttlewatch that wrote them to dump them, or set SHUTTLEWATCH_DATA to a new folder.',
    );
  }
  return ok('data folder', exists ? home : `${home}, made at the first start`);
}

/** Whether the server runs, who uses it, and who stands in its way. */
export function serverFinding({ server, users, usedElsewhere, lockedBy, binaries }: EmbeddedFacts): Finding {
  const name = 'embedded';
  const version = 'version' in binaries ? binaries.version.replace(/-.*/, '') : '';
  if (usedElsewhere && server === null) {
    return fail(
      name,
      'the data are in use in another container, whose server cannot be reached from here',
      'Run doctor inside that container, or give each container a SHUTTLEWATCH_DATA of its own.',
    );
  }
  if (lockedBy !== null) {
    return warn(
      name,
      `process ${lockedBy} is starting or stopping the server just now`,
      `Look again in a while; if it stays so, end process ${lockedBy}.`,
    );
  }
  if (server === null)
    return ok(name, `PostgreSQL ${version}, not running: a command that needs it starts it`);
  if (!server.serves) {
    return warn(
      name,
      `process ${server.pid} is the server, and does not answer yet`,
      'It may be recovering from a crash: look again in a while.',
    );
  }
  const who =
    users.length === 0 ? 'used by nobody' : `used by ${counted(users.length, 'process', 'processes')}`;
  return ok(
    name,
    `PostgreSQL ${version} runs as process ${server.pid} on port ${server.port ?? '?'}, ${who}`,
  );
}

/** Whether the server can have the port that was asked for. */
export async function portFindings({ server }: EmbeddedFacts, port: number | null): Promise<Finding[]> {
  if (port === null) return [];
  if (server !== null) {
    if (server.port === port) return [ok('port', `${port}, as asked for`)];
    return [
      warn(
        'port',
        `the server runs on ${server.port ?? 'a port not known yet'}, SHUTTLEWATCH_POSTGRES_PORT says ${port}`,
        'It takes effect when the last process that uses the server has stopped.',
      ),
    ];
  }
  if (await isPortFree(port)) return [ok('port', `${port} is free`)];
  return [fail('port', `${port} is taken by ${await portOwner(port)}`, `${PORT_REMEDY}.`)];
}

import type { QueueState } from '../queue-states.ts';
import { counted, durationText } from '../words.ts';
import { ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';

/** Jobs are taken up within seconds where somebody has the role. */
const WAIT_MS_MAX = 5 * 60_000;

/** Whether jobs are taken up and succeed; queues are called like the roles that work on them. */
export function queueFindings(
  queues: readonly QueueState[],
  now: Date,
  roles: ReadonlySet<string>,
): Finding[] {
  const findings: Finding[] = [];
  for (const { name, waiting, failed, oldestAt } of queues) {
    const waitMs = oldestAt === null ? 0 : now.getTime() - oldestAt.getTime();
    if (waitMs > WAIT_MS_MAX) {
      findings.push(
        warn(
          'queues',
          `${counted(waiting, 'job')} in ${name}, the oldest for ${durationText(waitMs)}`,
          roles.has(name)
            ? `More processes with the role ${name} would shorten it; look whether those there are get on.`
            : `Nobody has the role ${name}: start "shuttlewatch work --roles ${name}", or "shuttlewatch up".`,
        ),
      );
    }
    if (failed > 0) {
      findings.push(
        warn(
          'queues',
          `${counted(failed, 'job')} failed in ${name}`,
          `See "shuttlewatch queues failed ${name}"; "shuttlewatch queues retry ${name}" tries them again.`,
        ),
      );
    }
  }
  if (findings.length > 0) return findings;
  const depth = queues.reduce((sum, { waiting, delayed, active }) => sum + waiting + delayed + active, 0);
  return [ok('queues', depth === 0 ? 'empty' : `${counted(depth, 'job')} waiting or running, none failed`)];
}

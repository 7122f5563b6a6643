import type { Position } from '../../events/ids.ts';
import type { Checkpoint } from '../../store/checkpoints.ts';
import { haltText } from '../consumer-states.ts';
import { agoText, counted } from '../words.ts';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';

const NAME = 'consumers';
/** Events that a consumer may be behind for the moment. */
const LAG_HIGH = 10_000;
/** One that is behind at all moves more often than this. */
const STILL_MS_MAX = 2 * 60_000;

/** Whether every consumer keeps up with the log, whose last position is `head`. */
export function consumerFindings(
  checkpoints: readonly Checkpoint[],
  head: Position,
  now: Date,
  isFollowed: boolean,
): Finding[] {
  const findings: Finding[] = [];
  for (const checkpoint of checkpoints) {
    const { name, position, status, culprit, updatedAt, haltedAt } = checkpoint;
    const lag = Math.max(0, head - position);
    if (status === 'halted') {
      findings.push(
        fail(
          NAME,
          `${name} halted ${culprit === null ? `at position ${position + 1} ` : ''}${agoText(haltedAt ?? updatedAt, now)}: ${haltText(checkpoint)}`,
          `Mend what it names, then "shuttlewatch consumers retry ${name}", or restart the process with the role follow; ` +
            '"consumers skip" goes on without the event.',
        ),
      );
    } else if (lag > LAG_HIGH || (lag > 0 && now.getTime() - updatedAt.getTime() > STILL_MS_MAX)) {
      findings.push(
        warn(
          NAME,
          `${name} is ${counted(lag, 'event')} behind, and last moved ${agoText(updatedAt, now)}`,
          isFollowed
            ? 'If it does not catch up, look at the log of the process with the role follow.'
            : 'Nobody follows the log: start "shuttlewatch up", or work with the role follow.',
        ),
      );
    }
  }
  if (findings.length > 0) return findings;
  return [
    ok(
      NAME,
      checkpoints.length === 0
        ? 'none has run yet'
        : `${checkpoints.length}, all caught up with position ${head}`,
    ),
  ];
}

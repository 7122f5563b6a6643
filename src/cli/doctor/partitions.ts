import type { Position } from '../../events/ids.ts';
import { isAhead } from '../../store/partitions.ts';
import type { Partition } from '../../store/partitions.ts';
import { counted, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';

/** Whether the log can grow: `end` is its last position. */
export function partitionFinding(partitions: readonly Partition[], end: Position): Finding {
  const name = 'partitions of the log';
  const room = (partitions.at(-1)?.to ?? 0) - end;
  if (isAhead(partitions, end)) return ok(name, `room for ${counted(room, 'event')} more`);
  return warn(
    name,
    `none lies ahead: room for ${counted(room, 'event')}, and then appends fail`,
    'Run "shuttlewatch migrate", or keep a process with the role follow running: both make partitions ahead.',
  );
}

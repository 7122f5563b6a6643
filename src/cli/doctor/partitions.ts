import type { Position } from '../../events/ids.ts';
import { isAhead } from '../../store/partitions.ts';
import type { Partition } from '../../store/partitions.ts';
import { counted } from '../words.ts';
import { ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';

function archiveText(archived: readonly Partition[]): string {
  const last = archived.at(-1);
  return last === undefined
    ? ''
    : `; ${counted(archived.length, 'partition')} archived, to position ${last.to}`;
}

/** Whether the log can grow: `end` is its last position. And how much of it is archived. */
export function partitionFinding(
  partitions: readonly Partition[],
  archived: readonly Partition[],
  end: Position,
): Finding {
  const name = 'partitions of the log';
  const room = (partitions.at(-1)?.to ?? 0) - end;
  if (isAhead(partitions, end))
    return ok(name, `room for ${counted(room, 'event')} more${archiveText(archived)}`);
  return warn(
    name,
    `none lies ahead: room for ${counted(room, 'event')}, and then appends fail`,
    'Run "shuttlewatch migrate", or keep a process with the role follow running: both make partitions ahead.',
  );
}

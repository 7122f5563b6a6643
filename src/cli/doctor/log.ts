import type { Position } from '../../events/ids.ts';
import { fail } from './finding.ts';
import type { Finding } from './finding.ts';

/** Whether the log is whole, as far as a short look can tell. */
export function holeFindings(hole: Position | null): Finding[] {
  if (hole === null) return [];
  return [
    fail(
      'log',
      `position ${hole} is missing: a row was deleted, or lost with a disk`,
      'Every consumer stops there. "shuttlewatch verify" names all that is damaged; restore from a backup or an export.',
    ),
  ];
}

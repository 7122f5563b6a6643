import type { Importing } from '../../store/importing.ts';
import { fail } from './finding.ts';
import type { Finding } from './finding.ts';

/** Whether the log is the first part of another one only. */
export function importFindings(importing: Importing | null): Finding[] {
  if (importing === null) return [];
  const { source, at, endsAt, since } = importing;
  return [
    fail(
      'import',
      `${source} was imported to position ${at} of ${endsAt}, since ${since.toISOString()}`,
      'Import the same file again; it goes on where it stopped. To go on without the rest: "shuttlewatch import --give-up".',
    ),
  ];
}

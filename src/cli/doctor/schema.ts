import type { SchemaFacts } from '../../store/inspect.ts';
import { counted } from '../words.ts';
import { fail, ok, someOf, warn } from './finding.ts';
import type { Finding } from './finding.ts';

/** Whether the tables are those this build works with; `version` is the build's. */
export function schemaFinding({ missing, newer, stale }: SchemaFacts, version: string): Finding {
  const name = 'schema';
  if (newer.length > 0) {
    return fail(
      name,
      `a newer shuttlewatch has been here: this one (${version}) does not know ${someOf(newer)}`,
      'Install the newer shuttlewatch on this machine, too.',
    );
  }
  if (missing.length > 0) {
    return fail(
      name,
      `${counted(missing.length, 'migration')} missing: ${someOf(missing)}`,
      'Run "shuttlewatch migrate".',
    );
  }
  if (stale.length > 0) {
    return warn(
      name,
      `up to date; read tables to be filled again: ${someOf(stale)}`,
      'Run "shuttlewatch migrate"; any other command does so too before it answers.',
    );
  }
  return ok(name, 'up to date');
}

import { fail, ok } from './finding.ts';
import type { Finding } from './finding.ts';

/** What package.json asks for under `engines`. */
const NODE_MIN = [20, 19] as const;

/** Whether this Node can run this build. */
export function versionFindings(node: string, shuttlewatch: string): Finding[] {
  const [major = 0, minor = 0] = node.replace(/^v/, '').split('.').map(Number);
  const [majorMin, minorMin] = NODE_MIN;
  const enough = major > majorMin || (major === majorMin && minor >= minorMin);
  return [
    ok('shuttlewatch', shuttlewatch),
    enough
      ? ok('node', node)
      : fail(
          'node',
          `${node}, and shuttlewatch needs ${NODE_MIN.join('.')} or newer`,
          'Install a newer Node.js.',
        ),
  ];
}

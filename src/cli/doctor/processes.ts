import type { WorkingProcess } from '../../store/processes.ts';
import { SILENT_MS_MAX } from '../../workers/heartbeat.ts';
import { ROLES } from '../../workers/roles.ts';
import { counted, durationText } from '../words.ts';
import { ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';

const NAME = 'processes';

/** Whether a process was heard of lately. */
export function isLive({ silentMs }: WorkingProcess): boolean {
  return silentMs <= SILENT_MS_MAX;
}

/** The roles that somebody live has. */
export function liveRoles(processes: readonly WorkingProcess[]): ReadonlySet<string> {
  return new Set(processes.filter(isLive).flatMap(({ roles }) => roles));
}

/** Who works here, and what nobody does; `version` is this build's. */
export function processFindings(processes: readonly WorkingProcess[], version: string): Finding[] {
  const live = processes.filter(isLive);
  if (processes.length === 0)
    return [warn(NAME, 'none works on this database', 'Start one with "shuttlewatch up".')];
  const findings = processes
    .filter((process) => !isLive(process))
    .map(({ host, pid, roles, silentMs }) =>
      warn(
        NAME,
        `process ${pid} on ${host} (${roles.join(', ')}) was last heard of ${durationText(silentMs)} ago`,
        'It was killed, is stuck, or cannot reach the database: look at its log, and start it again if it is gone.',
      ),
    );
  const roles = liveRoles(processes);
  const missing = ROLES.filter((role) => !roles.has(role));
  if (missing.length > 0) {
    findings.push(
      warn(
        NAME,
        `nobody does ${missing.join(', ')}`,
        `Start "shuttlewatch work --roles ${missing.join(',')}", or "shuttlewatch up" for everything.`,
      ),
    );
  }
  const others = [...new Set(live.map((process) => process.version))].filter((other) => other !== version);
  if (others.length > 0) {
    findings.push(
      warn(
        NAME,
        `other builds than this ${version} are at work: ${others.join(', ')}`,
        'Bring all processes to one version.',
      ),
    );
  }
  if (findings.length > 0) return findings;
  const hosts = new Set(live.map(({ host }) => host)).size;
  return [
    ok(NAME, `${counted(live.length, 'process', 'processes')} on ${counted(hosts, 'host')}, all roles taken`),
  ];
}

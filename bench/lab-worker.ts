/**
 * `up` in a laboratory: the product's own composition, but it may also poll feeds on this machine, and polls them every
 * so many ms as its argument says; without one at every look for what is due. Compiled by lab.ts against dist and run as a child.
 */
import { handleSignals, untilSignal } from '../src/cli/signals.ts';
import { processOutput } from '../src/cli/output.ts';
import { withSession } from '../src/cli/session.ts';
import { withWorkers } from '../src/cli/workers.ts';
import { openDossier } from '../src/query/dossier.ts';
import { ROLES } from '../src/workers/roles.ts';

const output = processOutput();
handleSignals();
await withSession(async (session) => {
  const dossier = await openDossier(session.config.SHUTTLEWATCH_DOSSIER);
  const options = {
    dossier,
    roles: ROLES,
    ticks: true,
    pollIntervalMs: Number(process.argv[2] ?? 0),
    allowPrivate: true,
  };
  await withWorkers(session, options, output, async () => {
    output.err('lab worker: ready\n');
    await untilSignal();
  });
});

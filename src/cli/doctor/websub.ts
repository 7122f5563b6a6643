import { randomBytes } from 'node:crypto';
import type { Config } from '../../config.ts';
import type { ListedPush } from '../../query/pushes.ts';
import type { HttpClient, HttpOutcome } from '../../net/http.ts';
import { answeredUntil } from '../../store/hubs.ts';
import { MISSED_POLLS_MAX } from '../../store/pushes.ts';
import type { Db } from '../../store/database.ts';
import { NOTHING_HERE } from '../../workers/websub-callback.ts';
import { callbackOf } from '../../workers/websub.ts';
import { messageOf } from '../output.ts';
import { counted } from '../words.ts';
import { ok, someOf, warn } from './finding.ts';
import type { Finding } from './finding.ts';

const NAME = 'websub';
const PROBE_BYTES = 32;

const PROXY =
  'Have the reverse proxy forward the path of SHUTTLEWATCH_WEBSUB_URL, unchanged, to SHUTTLEWATCH_WEBSUB_HOST and _PORT (docs/deploying.md).';

/** What asking for a callback that nobody was given says about who answers there; null when it is us. */
function reachFinding(callback: string, outcome: HttpOutcome): Finding | null {
  if (outcome.kind === 'failed')
    return warn(NAME, `${callback} cannot be reached from here: ${messageOf(outcome.reason)}`, PROXY);
  const isOurs = outcome.status === 404 && Buffer.from(outcome.body).toString('utf8') === NOTHING_HERE;
  if (isOurs) return null;
  return warn(NAME, `${callback} is answered by something else, with ${outcome.status}`, PROXY);
}

function ofHubs(pushes: readonly ListedPush[]): Finding[] {
  const findings: Finding[] = [];
  const note = (which: (push: ListedPush) => boolean, said: string, todo: string): void => {
    const feeds = pushes
      .filter(which)
      .map(({ feed, lastError }) => (lastError === null ? feed : `${feed} (${lastError})`));
    if (feeds.length > 0) findings.push(warn(NAME, messageOf(`${said}: ${someOf(feeds)}`), todo));
  };
  note(
    ({ state, lastError }) => state === 'pending' && lastError !== null,
    'hubs were asked in vain',
    'Where they took the request and did not call back, they cannot reach SHUTTLEWATCH_WEBSUB_URL: ask for it from outside.',
  );
  note(
    ({ state }) => state === 'denied',
    'hubs do not want us',
    'Nothing is lost: these feeds are polled as usual, and the hubs asked again within a week.',
  );
  note(
    ({ state, missed }) => state === 'active' && missed >= MISSED_POLLS_MAX,
    'hubs are silent, polls find what they do not push',
    'Nothing is lost: these feeds are polled as usual. If it is all hubs, they cannot reach SHUTTLEWATCH_WEBSUB_URL.',
  );
  note(
    ({ unsigned }) => unsigned > 0,
    'pushes came that were not signed with our secret, and were ignored',
    'A few may be somebody trying; if it is all of a hub, it is broken, and its feeds are polled.',
  );
  return findings;
}

function stateOf(pushes: readonly ListedPush[]): string {
  const active = pushes.filter(({ state }) => state === 'active').length;
  return `${counted(active, 'feed')} pushed of ${pushes.length} that offer a hub`;
}

/** Whether hubs can reach us, and push. */
export async function websubFindings(
  { SHUTTLEWATCH_WEBSUB_URL: url }: Config,
  db: Db,
  http: HttpClient,
  pushes: readonly ListedPush[],
  now: Date,
): Promise<Finding[]> {
  if (url === null) {
    if (pushes.length === 0) return [];
    const seen = `not used; ${counted(pushes.length, 'feed')} offer a hub that would push what is new (SHUTTLEWATCH_WEBSUB_URL)`;
    return [ok(NAME, seen)];
  }
  const callback = callbackOf({ url });
  const findings: Finding[] = [];
  const until = await answeredUntil(db, callback);
  if (until === null || until < now) {
    findings.push(
      warn(
        NAME,
        `no process listens for hubs under ${callback}`,
        'Start one that has the role ingest and this setting; where one runs, its log says why it cannot listen.',
      ),
    );
  } else {
    const probe = `${callback}/${randomBytes(PROBE_BYTES).toString('base64url')}`;
    const reach = reachFinding(callback, await http.get(probe, { allowPrivate: true }));
    if (reach !== null) findings.push(reach);
  }
  findings.push(...ofHubs(pushes));
  return findings.length > 0 ? findings : [ok(NAME, stateOf(pushes))];
}

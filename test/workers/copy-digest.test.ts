import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { copyKeyOf } from '../../src/classify/copy-key.ts';
import { copyDigest } from '../../src/events/copy-digest.ts';
import { alertIdOf, alertStream, eventIdOf, itemStream, ruleId, ruleStream } from '../../src/events/ids.ts';
import type { AlertRaised } from '../../src/events/alert.ts';
import type { RuleDefined } from '../../src/events/rule.ts';
import { createLog } from '../../src/log.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import type { Db } from '../../src/store/database.ts';
import { step } from '../../src/store/follow.ts';
import { readStream } from '../../src/store/read.ts';
import { writeSpokenAbout } from '../../src/store/rule-book.ts';
import { settleImport } from '../../src/workers/import-log.ts';
import { raiseAlerts } from '../../src/workers/raise-alerts.ts';
import { commandOf, ingested, itemOf, NOON, tagged } from '../support/events.ts';
import { appendStored } from '../support/golden.ts';
import { exported, HEADLINES, imported } from '../support/logs.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const copy = useStore();
const now = (): Date => NOON;
const RULE = ruleId('on-nara');
const HEADLINE = 'Ministers agree to reopen the fisheries talks';
/** What the key of its copies was before it was a digest. */
const FOLDED = 'ministersagreetoreopenthefisheriestalks';

test('PostgreSQL and this build digest a headline alike', async () => {
  const digests = async (words: readonly string[]): Promise<string[]> => {
    const { rows } = await sql<{ digest: string }>`
      select sw_work.copy_digest(w) as digest from unnest(${words}::text[]) with ordinality as u (w, o) order by o`.execute(
      log.store.db,
    );
    return rows.map(({ digest }) => digest);
  };
  // Whatever PostgreSQL can hold: no NUL, no half of a surrogate pair.
  const point = fc.oneof(fc.integer({ min: 1, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10_ffff }));
  const anything = fc.array(point, { maxLength: 40 }).map((points) => String.fromCodePoint(...points));
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { minLength: 1, maxLength: 100 }), async (words) => {
      expect(await digests(words)).toEqual(words.map(copyDigest));
    }),
    { numRuns: 5, examples: [[['', ...HEADLINES]]] },
  );
});

const copies = async (db: Db): Promise<object[]> =>
  await db.selectFrom('sw_work.alert_copies').selectAll().orderBy('copy_key').execute();

/** A story that a rule alerted on, as a build left it that kept the folded headline. */
async function tellAsBefore(): Promise<void> {
  const { db } = log.store;
  const item = itemOf('wire');
  const alert = alertIdOf(RULE, item);
  const told = tagged('wire', ['nara'], { copyKey: FOLDED });
  const definition = { rule: RULE, title: 'Nara', about: '', query: 'subject:nara', channels: ['console'] };
  const rule: RuleDefined = {
    type: 'RuleDefined',
    id: eventIdOf('RuleDefined', RULE),
    decidedAt: NOON,
    data: { rule: RULE, version: '1', definition, dossier: 'd1' },
  };
  await log.store.append([{ stream: ruleStream(RULE), expected: 0, events: [rule] }], NOON);
  await log.store.append([commandOf(ingested('wire'))], NOON);
  const { type, id, data, decidedAt } = told;
  const stored = { type, data, event_id: id, schema_version: 1, decided_at: decidedAt.toISOString() };
  await appendStored(db, [{ ...stored, stream_id: itemStream(item) }]);
  const { content, dossier, tagger } = data;
  const made = { content, tagged: id, dossier, tagger, matches: [], channels: ['console'] };
  const raised: AlertRaised = {
    type: 'AlertRaised',
    id: eventIdOf('AlertRaised', alert),
    decidedAt: NOON,
    data: { alert, rule: RULE, ruleVersion: '1', item, ...made },
  };
  await log.store.append([{ stream: alertStream(alert), expected: 0, events: [raised] }], NOON);
  const spoken = { rule: RULE, copyKey: FOLDED, item, alert, said: 'raised', at: NOON } as const;
  await db.transaction().execute((tx) => writeSpokenAbout(tx, [spoken]));
}

test('a story told by a build that kept its headline still hushes its copies, here and on an imported copy of the log', async () => {
  const { db } = log.store;
  await tellAsBefore();
  await sql.raw(await readFile('migrations/000111_alert_copies_digests.sql', 'utf8')).execute(db);
  await imported(copy.store.db, await exported(db), { settle: settleImport(now) });
  expect(await copies(copy.store.db)).toEqual(await copies(db));

  for (const { store } of [log, copy]) {
    await ensureCheckpoint(store.db, 'rules', NOON);
    await store.append([commandOf(ingested('paper'))], NOON);
    await store.append([commandOf(tagged('paper', ['nara'], { copyKey: copyKeyOf(HEADLINE) }))], NOON);
    const deps = { store, dossier: { subjects: [], publishers: [], feeds: [] }, now };
    await step(store.db, raiseAlerts({ ...deps, log: createLog('silent') }), now);
    const [held] = await readStream(store.db, alertStream(alertIdOf(RULE, itemOf('paper'))));
    expect(held?.data).toMatchObject({ reason: { kind: 'copy', of: itemOf('wire'), said: 'raised' } });
    expect(JSON.stringify(held)).not.toContain('fisheries');
  }
});

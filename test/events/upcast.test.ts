import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { EVENT_TYPES } from '../../src/events/event.ts';
import { ruleId, ruleStream } from '../../src/events/ids.ts';
import { schemaVersionOf, upcast } from '../../src/events/upcast.ts';
import { UnknownEvent } from '../../src/store/errors.ts';
import { readStream } from '../../src/store/read.ts';
import { filterOf } from '../query/asking.ts';
import { NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
let golden: { rule: string; definition: object };

beforeAll(async () => {
  const text = await readFile('fixtures/events/RuleDefined.1.json', 'utf8');
  golden = JSON.parse(text) as typeof golden;
});

async function store(stream: string, version: number): Promise<void> {
  await sql`select * from sw_log.append(
    ${[stream]}::text[], ${[null]}::bigint[], ${[1]}::int[], ${[1]}::int[], ${[crypto.randomUUID()]}::uuid[],
    ${['RuleDefined']}::text[], ${[version]}::smallint[], ${[NOON]}::timestamptz[],
    ${[JSON.stringify(golden)]}::jsonb[], ${NOON}::timestamptz)`.execute(log.store.db);
}

describe('a rule of before the query language', () => {
  const query =
    'subject:taiwan>=0.1 subject:(japan-sdf OR taiwan-contingency-remarks)>=0.1 lang:ja publisher:(wire OR organ) -subject:nara';

  test('is read with its condition as a query that is understood', () => {
    expect(upcast('RuleDefined', 1, golden)).toMatchObject({ rule: golden.rule, definition: { query } });
    expect(upcast('RuleDefined', 1, golden)).not.toHaveProperty('definition.when');
    expect(filterOf(query).telling).toBe(true);
  });

  test('comes out of the log so', async () => {
    const stream = ruleStream(ruleId('taiwan-and-the-sdf'));
    await store(stream, 1);
    expect(await readStream(log.store.db, stream)).toMatchObject([{ data: { definition: { query } } }]);
  });
});

test('what this build writes it reads as it is', () => {
  for (const type of EVENT_TYPES) expect(upcast(type, schemaVersionOf(type), golden)).toBe(golden);
});

test('a version of the future is refused by name', async () => {
  expect(upcast('RuleDefined', 3, golden)).toBeNull();
  const stream = ruleStream(ruleId('of-the-future'));
  await store(stream, 3);
  await expect(readStream(log.store.db, stream)).rejects.toThrow(UnknownEvent);
});

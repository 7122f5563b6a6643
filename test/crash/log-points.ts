import { around, commitAfter, commitOf, sqlOf, throughout } from './statements.ts';
import type { StatementPoint } from './statements.ts';

const BUILD_MOVES = /update "sw_work"\."builds" set "position"/;
const BUILD_ENDS = /delete from "sw_work"\."builds"/;

/** Where work on the log itself can be killed, by the kind of work that comes by there. */
const POINTS_BY_JOB = {
  append: [
    ...throughout('appending', sqlOf(/sw_log\.append\(/)),
    ...around('keeping texts', sqlOf(/insert into sw_log\.content/)),
  ],
  follow: ['items', 'feeds', 'rules', 'alerts'].flatMap((name) =>
    around(`commit of following ${name}`, commitOf(`projection:${name}`)),
  ),
  rebuild: [
    ...around('beginning a build', commitAfter(/^create table "sw_build"/)),
    ...around('commit of a batch of a build', commitAfter(BUILD_MOVES, BUILD_ENDS)),
    ...around('making an index', sqlOf(/^create index if not exists/)),
    ...around('commit of indexes', commitAfter(/^create index if not exists/)),
    ...around('moving a table', sqlOf(/^alter table "sw_build"\."\w+" set schema sw_read/)),
    ...around('commit of a switch', commitAfter(BUILD_ENDS)),
  ],
  'rebuild words': [
    ...throughout('cutting texts', sqlOf(/insert into sw_build\.words/)),
    ...around('commit of a switch of words', commitAfter(/^lock table sw_log\.content/)),
  ],
  seal: [
    ...around('writing seals', sqlOf(/insert into sw_log\.seals/)),
    ...around('commit of seals', commitAfter(/insert into sw_log\.seals/)),
  ],
  export: around('reading for an export', sqlOf(/to_char\(.*from sw_log\.events/s)),
  import: around('commit of a batch of an import', commitAfter(/sw_log\.import_events\(/)),
  partition: throughout('making a partition', sqlOf(/select sw_log\.make_partition\(/)),
} as const satisfies Record<string, readonly (readonly [string, StatementPoint])[]>;

/** Kinds of work on the log that can be killed at a failpoint. */
export type PointedJob = keyof typeof POINTS_BY_JOB;

export const LOG_POINTS: ReadonlyMap<string, StatementPoint> = new Map(Object.values(POINTS_BY_JOB).flat());

/** The names of the failpoints that this kind of work comes by. */
export function pointsOf(job: PointedJob): readonly string[] {
  return POINTS_BY_JOB[job].map(([name]) => name);
}

import pg from 'pg';

/** A statement on its way to Postgres. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
  /** The consumer whose checkpoint the connection's transaction holds. */
  readonly consumer: string | null;
  /** The statements of the connection's transaction before this one. */
  readonly before: readonly string[];
}

/** `uncommitted` is when the server has done it and would lose it: for statements that are transactions of their own. */
export type Moment = 'before' | 'uncommitted' | 'after';

/** A place where a process can be killed, by what it does to Postgres. */
export interface StatementPoint {
  readonly moment: Moment;
  readonly matches: (statement: Statement) => boolean;
}

export const sqlOf =
  (pattern: RegExp, consumer?: string) =>
  ({ sql, consumer: holder }: Statement): boolean =>
    pattern.test(sql) && (consumer === undefined || consumer === holder);

/** A statement of nobody who follows the log. */
export const aloneOf =
  (pattern: RegExp) =>
  ({ sql, consumer }: Statement): boolean =>
    consumer === null && pattern.test(sql);

/** The commit of a transaction that has the checkpoint of `consumer`. */
export const commitOf = (consumer: string): StatementPoint['matches'] => sqlOf(/^commit$/i, consumer);

/** The commit of a transaction of which a statement matches `pattern`, and none `unless`. */
export const commitAfter =
  (pattern: RegExp, unless?: RegExp) =>
  ({ sql, before }: Statement): boolean =>
    /^commit$/i.test(sql) &&
    before.some((statement) => pattern.test(statement)) &&
    !(unless !== undefined && before.some((statement) => unless.test(statement)));

const at =
  (moments: readonly Moment[]) =>
  (name: string, matches: StatementPoint['matches']): [string, StatementPoint][] =>
    moments.map((moment) => [`${moment} ${name}`, { moment, matches }]);

export const around = at(['before', 'after']);
export const throughout = at(['before', 'uncommitted', 'after']);

type Callback = (error: Error | null, result: unknown) => void;
type Query = (this: pg.Client, ...args: unknown[]) => unknown;

const CHECKPOINT_TAKEN = /from "sw_log"\."checkpoints" where "name" = \$1 .*for update/;

/** Does `then` after the statement of `args`, which is sent by `original`, and only then answers. */
function sendThen(
  client: pg.Client,
  args: readonly unknown[],
  original: Query,
  then: (error: Error | null) => Promise<void> | void,
): unknown {
  const last = args.at(-1);
  if (typeof last === 'function') {
    const callback = last as Callback;
    const passing: Callback = (error, result) => {
      void Promise.resolve(then(error)).then(() => {
        callback(error, result);
      });
    };
    return original.apply(client, [...args.slice(0, -1), passing]);
  }
  return (original.apply(client, [...args]) as Promise<unknown>).then(
    async (result) => {
      await then(null);
      return result;
    },
    async (error: unknown) => {
      await then(error as Error);
      throw error;
    },
  );
}

/** Passes after the statement. */
function passAfter(client: pg.Client, args: readonly unknown[], original: Query, pass: () => void): unknown {
  return sendThen(client, args, original, (error) => {
    if (error === null) pass();
  });
}

/** Passes when the statement is done and not committed; it is, before anybody is answered, where nobody was killed. */
function passWithin(client: pg.Client, args: readonly unknown[], original: Query, pass: () => void): unknown {
  original.call(client, 'begin', () => undefined);
  return sendThen(client, args, original, async (error) => {
    if (error === null) pass();
    await new Promise<void>((resolve) => {
      original.call(client, 'commit', () => {
        resolve();
      });
    });
  });
}

/** Keeps what each connection's transaction has done so far. */
class Transactions {
  readonly #of = new WeakMap<pg.Client, { consumer: string | null; before: string[] }>();

  /** `sql` on its way, with what came before it. */
  see(client: pg.Client, sql: string, values: readonly unknown[]): Statement {
    const known = this.#of.get(client);
    const transaction =
      known === undefined || /^begin/i.test(sql) ? { consumer: null, before: [] as string[] } : known;
    this.#of.set(client, transaction);
    if (CHECKPOINT_TAKEN.test(sql)) transaction.consumer = String(values[0]);
    const statement = { sql, values, consumer: transaction.consumer, before: [...transaction.before] };
    transaction.before.push(sql);
    // What comes next on this connection is none of it.
    if (/^(?:commit|rollback)$/i.test(sql)) this.#of.delete(client);
    return statement;
  }
}

/** Calls `pass` at each statement that the point asks for, on whichever connection of this process. */
export function watchStatements({ moment, matches }: StatementPoint, pass: () => void): void {
  const transactions = new Transactions();
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const original = prototype.query;
  prototype.query = function query(this: pg.Client, ...args: unknown[]): unknown {
    const [sql, given] = args;
    if (typeof sql !== 'string') return original.apply(this, args);
    const values = Array.isArray(given) ? (given as unknown[]) : [];
    if (!matches(transactions.see(this, sql, values))) return original.apply(this, args);
    if (moment === 'before') {
      pass();
      return original.apply(this, args);
    }
    return (moment === 'uncommitted' ? passWithin : passAfter)(this, args, original, pass);
  };
}

import type { DatabaseFacts, OpenDatabase, RefusalKind } from '../../store/inspect.ts';
import { isNewEnough } from '../../store/inspect.ts';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';

const NAME = 'database';
/** Of the server's connections: above this, the next process may find none left. */
const CONNECTIONS_RATIO_HIGH = 0.9;

/** Where the database is, without user and password. */
export function databasePlace(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

type Advice = (host: string, database: string) => { readonly seen: string; readonly todo: string };

const ADVICE: Readonly<Record<RefusalKind, Advice>> = {
  down: (host) => ({
    seen: `nothing answers at ${host}`,
    todo: 'Start PostgreSQL there, or mend host and port in DATABASE_URL; unset it to use the embedded one.',
  }),
  'unknown-host': (host) => ({
    seen: `no address is known for ${host}`,
    todo: 'Mend the host in DATABASE_URL, or the name service of this machine.',
  }),
  silent: (host) => ({
    seen: `${host} does not answer in time`,
    todo: 'Look whether a firewall is between, and whether host and port in DATABASE_URL are right.',
  }),
  tls: (host) => ({
    seen: `no encrypted connection to ${host}`,
    todo: 'Mend sslmode in DATABASE_URL, or the certificate of the server.',
  }),
  password: (host) => ({
    seen: `${host} refuses the password`,
    todo: 'Mend user and password in DATABASE_URL (write %40 for @ and the like), or set it anew with ALTER ROLE … PASSWORD.',
  }),
  access: (host, database) => ({
    seen: `${host} does not let this user into ${database}`,
    todo: 'Look at pg_hba.conf and GRANT CONNECT on the server, or use another user in DATABASE_URL.',
  }),
  rights: (host, database) => ({
    seen: `${host} lets this user into ${database}, and not to what is in it`,
    todo: 'Use the owner of the schemas sw_log, sw_work and sw_read in DATABASE_URL, or make this user the owner: ALTER SCHEMA … OWNER TO …',
  }),
  'no-database': (host, database) => ({
    seen: `${host} has no database ${database}`,
    todo: `Make it with "createdb ${database}", or mend the name at the end of DATABASE_URL.`,
  }),
  full: (host) => ({
    seen: `${host} has no connection left`,
    todo: 'Raise max_connections, or let fewer processes connect; a process of shuttlewatch may hold 28 and some for queues.',
  }),
  'not-now': (host) => ({
    seen: `${host} is starting up or shutting down`,
    todo: 'Look again in a while.',
  }),
  other: (host) => ({
    seen: `${host} cannot be used`,
    todo: 'The message is the server’s own: its documentation says more.',
  }),
};

function ofRefusal({ why, message }: Extract<DatabaseFacts, { kind: 'refused' }>, place: string): Finding {
  const [host = '', ...rest] = place.split('/');
  const { seen, todo } = ADVICE[why](host || 'the server', rest.join('/') || '(none named)');
  return fail(NAME, `${seen}: ${message}`, todo);
}

function ofOpen(facts: OpenDatabase, place: string): Finding {
  const { versionText, user, encoding, lacks, connections } = facts;
  const seen = `PostgreSQL ${versionText} at ${place}`;
  if (!isNewEnough(facts))
    return fail(
      NAME,
      `${seen} is too old`,
      'Use PostgreSQL 15 or newer: upgrade the server, or set DATABASE_URL to another.',
    );
  if (facts.readOnly) {
    return fail(
      NAME,
      `${seen} takes no writes: it is a standby, or default_transaction_read_only is on`,
      'Set DATABASE_URL to the primary, or turn that setting off for this user.',
    );
  }
  if (encoding !== 'UTF8')
    return fail(
      NAME,
      `${seen} keeps text as ${encoding}`,
      'Make a database with ENCODING UTF8 and set DATABASE_URL to it.',
    );
  if (lacks.length > 0) {
    return fail(
      NAME,
      `${seen}: user ${user} may not ${lacks.join(', nor ')}`,
      `Make ${user} the owner of the database, or of what it may not touch: ALTER DATABASE … OWNER TO …`,
    );
  }
  const used = `${connections.used} of ${connections.max} connections in use`;
  if (connections.used > connections.max * CONNECTIONS_RATIO_HIGH)
    return warn(NAME, `${seen}, ${used}`, 'Raise max_connections, or let fewer processes connect.');
  return ok(NAME, `${seen}, ${used}`);
}

/** Whether the database can be used; `place` is where it is (databasePlace). */
export function databaseFinding(facts: DatabaseFacts, place: string): Finding {
  return facts.kind === 'refused' ? ofRefusal(facts, place) : ofOpen(facts, place);
}

// A process that uses the embedded Postgres: starts it with the options of its first argument, says so in one line
// of JSON, leaves when its stdin ends, and says so again.
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import type { Log } from '../../src/log.ts';

const quiet = (): void => undefined;
// Not createLog: pino cannot be reached from the folders this program is copied to.
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet } as unknown as Log;

const say = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

try {
  const options = JSON.parse(process.argv[2] ?? '{}') as { dataDir: string };
  const postgres = await startEmbeddedPostgres({ ...options, log });
  say({ url: postgres.url });
  process.stdin.resume();
  process.stdin.once('end', () => {
    void postgres.stop().then(() => say({ left: true }));
  });
} catch (error) {
  say({ failed: String(error) });
}

import { createServer } from 'node:net';

/** Where ports are looked for that have to stay ours over a restart: below those that systems hand out to connections. */
const STEADY_PORTS = { from: 20_000, count: 8_000 };
const TRIES_MAX = 50;

async function listens(port: number): Promise<number | null> {
  const server = createServer();
  const address = await new Promise<ReturnType<typeof server.address>>((resolve) => {
    server.once('error', () => {
      resolve(null);
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(server.address());
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : null;
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  return (await listens(0)) ?? 0;
}

/**
 * A free port for a server that is killed and started again: one that the system hands out by itself may be some other
 * connection's by then.
 */
export async function steadyPort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const found = await listens(STEADY_PORTS.from + Math.floor(Math.random() * STEADY_PORTS.count));
    if (found !== null) return found;
  }
  throw new Error('no free port is to be found');
}

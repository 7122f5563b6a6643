import { text } from 'node:stream/consumers';
import type { AlertMessage } from '../src/alerts/channel.ts';
import { serveLocally } from './local-server.ts';
import type { LocalServer } from './local-server.ts';

/** Anybody's: the receiver here does not check signatures. */
export const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 'benchmark').toString('base64')}`;

/** Receives alerts; `onAlert` hears of each, with the time in ms when the request had arrived. */
export async function serveWebhook(
  onAlert: (message: AlertMessage, atMs: number) => void,
): Promise<LocalServer> {
  return await serveLocally(async (request, response) => {
    const body = await text(request);
    const at = performance.now();
    response.writeHead(204).end();
    onAlert((JSON.parse(body) as { data: AlertMessage }).data, at);
  });
}

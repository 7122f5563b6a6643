import { createHmac } from 'node:crypto';
import type { HttpClient } from '../net/http.ts';
import { retryAfterMs } from '../net/retry-after.ts';
import type { Channel, SendOutcome } from './channel.ts';

const SECRET_PREFIX = 'whsec_';
/** The specification asks for 24 to 64 bytes. */
const SECRET_BYTES_MIN = 24;

export class InvalidWebhookSecret extends Error {
  override readonly name = 'InvalidWebhookSecret';
}

/** The key in a Standard Webhooks secret: `whsec_` and base64. Throws InvalidWebhookSecret, never naming the secret. */
export function webhookKey(secret: string): Buffer {
  const key = Buffer.from(
    secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : '',
    'base64',
  );
  if (key.length < SECRET_BYTES_MIN) {
    throw new InvalidWebhookSecret(
      `a webhook secret is ${SECRET_PREFIX} followed by base64 of at least ${SECRET_BYTES_MIN} random bytes`,
    );
  }
  return key;
}

/**
 * The headers of the Standard Webhooks specification for one attempt: an id that stays the same over attempts, the
 * attempt's time in seconds, and `v1,` HMAC-SHA256 over `id.timestamp.body` in base64.
 */
export function webhookHeaders(key: Buffer, id: string, body: string, now: Date): Record<string, string> {
  const timestamp = Math.floor(now.getTime() / 1000).toString();
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** What an answer means: 2xx is taken, 410 is for good, everything else may change. */
function outcomeOf(status: number, retryAfterMs: number | null): SendOutcome {
  if (status >= 200 && status < 300) return { kind: 'sent', detail: `HTTP ${status}` };
  if (status === 410) return { kind: 'never', reason: 'HTTP 410: the receiver is gone' };
  return { kind: 'again', reason: `HTTP ${status}`, notBeforeMs: retryAfterMs };
}

/** Posts alerts as signed JSON to one URL. */
export function webhookChannel(options: {
  readonly url: string;
  readonly secret: string;
  readonly http: HttpClient;
}): Channel {
  const key = webhookKey(options.secret);
  return {
    name: 'webhook',
    async send(message, now) {
      const body = JSON.stringify({ type: 'alert.raised', timestamp: message.raisedAt, data: message });
      const outcome = await options.http.post(options.url, {
        headers: { 'content-type': 'application/json', ...webhookHeaders(key, message.id, body, now) },
        body,
        // The target is the operator's own setting, and often a service of the same machine.
        allowPrivate: true,
      });
      if (outcome.kind === 'failed') return { kind: 'again', reason: outcome.reason, notBeforeMs: null };
      return outcomeOf(outcome.status, retryAfterMs(outcome.headers['retry-after'], now));
    },
  };
}

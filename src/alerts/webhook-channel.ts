import { createHmac } from 'node:crypto';
import type { HttpClient } from '../net/http.ts';
import { retryAfterMs } from '../net/retry-after.ts';
import type { Channel, SendOutcome } from './channel.ts';

const SECRET = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;
/** The specification asks for 24 to 64 bytes. */
const SECRET_BYTES_MIN = 24;
const SECRET_BYTES_MAX = 64;

export class InvalidWebhookSecret extends Error {
  override readonly name = 'InvalidWebhookSecret';
}

/**
 * The key in a Standard Webhooks secret: `whsec_` and base64. Throws InvalidWebhookSecret, never naming the secret.
 * Base64 is read strictly: where Buffer skips a stray character, a receiver's library would refuse it or get another key.
 */
export function webhookKey(secret: string): Buffer {
  const key = Buffer.from(SECRET.exec(secret)?.[1] ?? '', 'base64');
  if (key.length < SECRET_BYTES_MIN || key.length > SECRET_BYTES_MAX) {
    throw new InvalidWebhookSecret(
      `a webhook secret is whsec_ followed by base64 of ${SECRET_BYTES_MIN} to ${SECRET_BYTES_MAX} random bytes`,
    );
  }
  return key;
}

/**
 * The headers of the Standard Webhooks specification for one attempt: an id that stays the same over attempts, the
 * attempt's time in seconds, and `v1,` HMAC-SHA256 over `id.timestamp.body` in base64.
 */
function webhookHeaders(key: Buffer, id: string, body: string, now: Date): Record<string, string> {
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

/** `reason` with the host in place of the URL: paths and queries of webhooks are keys, and reasons end up in the log. */
function withoutUrl(reason: string, { host }: URL): string {
  return reason.replace(/https?:\/\/\S+?(?=:?(?:\s|$))/g, host);
}

/** Posts alerts as signed JSON to one URL. */
export function webhookChannel(options: {
  readonly url: string;
  readonly secret: string;
  readonly http: HttpClient;
}): Channel {
  const key = webhookKey(options.secret);
  const target = new URL(options.url);
  return {
    name: 'webhook',
    async send(message, now) {
      const body = JSON.stringify({ type: 'alert.raised', timestamp: message.raisedAt, data: message });
      const outcome = await options.http.post(target.href, {
        headers: { 'content-type': 'application/json', ...webhookHeaders(key, message.id, body, now) },
        body,
        // The target is the operator's own setting, and often a service of the same machine.
        allowPrivate: true,
      });
      if (outcome.kind === 'failed') {
        return { kind: 'again', reason: withoutUrl(outcome.reason, target), notBeforeMs: null };
      }
      return outcomeOf(outcome.status, retryAfterMs(outcome.headers['retry-after'], now));
    },
  };
}

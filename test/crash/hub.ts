import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { signatureOf } from '../support/hub.ts';

/** A hub comes again so soon when nobody took what it pushed. */
const AGAIN_MS = 100;
const GONE = 410;

/** The WebSub hub of the world outside: what it pushes it pushes again until somebody says that it was taken. */
export class Hub {
  #subscriber: { readonly callback: string; readonly secret: string } | null = null;
  #left: string[] = [];
  #pushing: Promise<void> | null = null;
  #isOpen = true;
  readonly #onGone: () => void;

  /** `onGone` hears that nobody wants to be told any more: what was left to push is dropped. */
  constructor(onGone: () => void) {
    this.#onGone = onGone;
  }

  get isSubscribed(): boolean {
    return this.#subscriber !== null;
  }

  /** How many pushes nobody has taken yet. */
  get left(): number {
    return this.#left.length;
  }

  /** Answers a request for a subscription, once the callback has said that it was meant. */
  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const form = new URLSearchParams(Buffer.concat(parts).toString('utf8'));
    const of = (name: string): string => form.get(`hub.${name}`) ?? '';
    response.writeHead(202).end();
    const challenge = randomUUID();
    const query = new URLSearchParams({
      'hub.mode': of('mode'),
      'hub.topic': of('topic'),
      'hub.challenge': challenge,
      'hub.lease_seconds': of('lease_seconds'),
    });
    const answer = await fetch(`${of('callback')}?${query.toString()}`).then(
      (got) => got.text(),
      () => '',
    );
    if (answer !== challenge) return;
    if (of('mode') === 'subscribe') this.#subscriber = { callback: of('callback'), secret: of('secret') };
    else this.#drop();
  }

  /** Pushes a document to the subscriber, after those before it. */
  push(document: string): void {
    this.#left.push(document);
    this.#pushing ??= this.#pushAll().finally(() => {
      this.#pushing = null;
    });
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#pushing;
  }

  #drop(): void {
    this.#subscriber = null;
    this.#left = [];
    this.#onGone();
  }

  async #pushAll(): Promise<void> {
    for (let [document] = this.#left; document !== undefined && this.#isOpen; [document] = this.#left) {
      const status = await this.#pushOnce(document);
      if (status === GONE) this.#drop();
      else if (status >= 200 && status < 300) this.#left.shift();
      else await setTimeout(AGAIN_MS);
    }
  }

  /** The answer's status; 0 where there was none. */
  async #pushOnce(body: string): Promise<number> {
    const subscriber = this.#subscriber;
    if (subscriber === null) return 0;
    try {
      const response = await fetch(subscriber.callback, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/rss+xml',
          'x-hub-signature': signatureOf(subscriber.secret, body),
        },
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }
}

import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { answerUnder } from '../store/hubs.ts';
import { endUnwanted, wantOffered } from '../store/subscriptions.ts';
import { askHubs } from './websub-ask.ts';
import type { AskDeps } from './websub-ask.ts';
import { createCallbackHandler } from './websub-callback.ts';
import type { PushDeps } from './websub-push.ts';
import { listen } from './websub-listener.ts';
import type { Listening } from './websub-listener.ts';

/** Where hubs reach this process. */
export interface WebSubSettings {
  /** The URL that callbacks begin with, as the world sees it. */
  readonly url: string;
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
}

export type WebSubDeps = AskDeps & PushDeps;

/** Unguessable, and a key as strong as the longest signature. */
const TOKEN_BYTES = 32;
const SECRET_BYTES = 32;
/** A process says at every look that it answers; unheard of for so long, it does not. */
const ANSWERED_MS = 90_000;
/** Feeds subscribed to by one look. */
const WANTED_AT_ONCE_MAX = 500;
/** How long a port that is taken is waited for until the next try. */
const LISTEN_AGAIN_MS = 30_000;

function credentials(): { token: string; secret: string } {
  return {
    token: randomBytes(TOKEN_BYTES).toString('base64url'),
    secret: randomBytes(SECRET_BYTES).toString('hex'),
  };
}

/** The URL of settings as it stands in front of tokens. */
export function callbackOf({ url }: Pick<WebSubSettings, 'url'>): string {
  return new URL(url).href.replace(/\/$/, '');
}

/**
 * Brings the subscriptions in line with what feeds offer and who answers hubs: `callback` is the URL this process answers under,
 * null when it does not. Safe to repeat, and for any number of processes at once.
 */
export async function reviseSubscriptions(
  { store, now }: Pick<WebSubDeps, 'store' | 'now'>,
  callback: string | null,
): Promise<void> {
  const at = now();
  if (callback !== null) await answerUnder(store.db, callback, new Date(at.getTime() + ANSWERED_MS));
  await endUnwanted(store.db, at);
  if (callback !== null) await wantOffered(store.db, callback, at, WANTED_AT_ONCE_MAX, credentials);
}

export interface WebSub {
  /** Where this process listens; null while it cannot, or has nothing to listen for. */
  readonly listening: Listening | null;
  /** See reviseSubscriptions. */
  revise(): Promise<void>;
  /** Makes the requests to hubs that are due. */
  ask(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * WebSub in this process: listens for hubs where `settings` say so, and asks them in any case, as what another process began
 * may have to be ended. A port that is taken is no reason not to work: it is tried again until it is free.
 */
export async function startWebSub(deps: WebSubDeps, settings: WebSubSettings | null): Promise<WebSub> {
  const stopping = new AbortController();
  let listening: Listening | null = null;
  const callback = settings === null ? null : callbackOf(settings);
  const tryListen = async (at: WebSubSettings): Promise<boolean> => {
    try {
      const handle = createCallbackHandler({ ...deps, callback: callbackOf(at) });
      listening = await listen(at, handle, deps.log);
      deps.log.info({ host: at.host, port: listening.port }, 'listening for hubs');
      return true;
    } catch (error) {
      deps.log.error({ err: error, host: at.host, port: at.port }, 'cannot listen for hubs, will try again');
      return false;
    }
  };
  const listenAgain = async (at: WebSubSettings): Promise<void> => {
    do {
      await setTimeout(LISTEN_AGAIN_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
    } while (!(await tryListen(at)));
  };
  const isReady = settings === null || (await tryListen(settings));
  const retrying = isReady ? Promise.resolve() : listenAgain(settings);
  return {
    get listening() {
      return listening;
    },
    revise: () => reviseSubscriptions(deps, listening === null ? null : callback),
    ask: async () => {
      await askHubs(deps);
    },
    async stop() {
      stopping.abort();
      await retrying;
      await listening?.close();
    },
  };
}

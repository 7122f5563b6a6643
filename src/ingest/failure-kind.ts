import type { FailureKind } from '../events/feed.ts';
import type { HttpFailureCode } from '../net/http.ts';

// 408, 425 and 429 ask to come again; the other 4xx say that it is no use.
const SOFT_STATUSES = new Set([408, 425, 429]);
// 451 is what censors and lawyers answer; 407 is a proxy's 401.
const BLOCKED_STATUSES = new Set([401, 403, 407, 451]);

/** What kind of trouble an HTTP status is that is neither a success nor 304. */
export function kindOfStatus(status: number): FailureKind {
  if (BLOCKED_STATUSES.has(status)) return 'blocked';
  return status >= 500 || SOFT_STATUSES.has(status) ? 'soft' : 'hard';
}

/** What kind of trouble it is to get no answer. What somebody has to mend is hard, whatever may pass by itself is soft. */
export const KIND_OF_CODE: Readonly<Record<HttpFailureCode, FailureKind>> = {
  timeout: 'soft',
  dns: 'soft',
  refused: 'soft',
  tls: 'soft',
  protocol: 'soft',
  proxy: 'soft',
  aborted: 'soft',
  network: 'soft',
  'too-large': 'hard',
  'too-many-redirects': 'hard',
  'bad-redirect': 'hard',
  'no-such-host': 'hard',
  'blocked-address': 'hard',
  'bad-url': 'hard',
  'bad-encoding': 'hard',
  certificate: 'hard',
  'proxy-refused': 'blocked',
};

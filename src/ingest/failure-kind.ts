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
export function kindOfCode(code: HttpFailureCode): FailureKind {
  switch (code) {
    case 'timeout':
    case 'dns':
    case 'refused':
    case 'tls':
    case 'protocol':
    case 'proxy':
    case 'aborted':
    case 'network':
      return 'soft';
    case 'too-large':
    case 'too-many-redirects':
    case 'bad-redirect':
    case 'no-such-host':
    case 'blocked-address':
    case 'bad-url':
    case 'bad-encoding':
    case 'certificate':
      return 'hard';
    case 'proxy-refused':
      return 'blocked';
  }
}

import type { Config } from '../config.ts';
import { createHttpClient } from '../net/http.ts';
import type { HttpClient } from '../net/http.ts';
import { proxiesOf } from '../net/proxies.ts';
import { packageVersion } from './version.ts';

/** What the user agent names when the operator gives no contact. */
const CONTACT_UNSET = 'https://shuttlewatch.invalid/SHUTTLEWATCH_CONTACT-is-not-set';

/**
 * The HTTP client of this process, named after the operator's contact, through the proxies that the environment names.
 * Throws ProxyError where it names one that cannot be used.
 */
export function httpClientOf(config: Config): HttpClient {
  return createHttpClient({
    contactUrl: config.SHUTTLEWATCH_CONTACT ?? CONTACT_UNSET,
    version: packageVersion(),
    proxies: proxiesOf(process.env),
  });
}

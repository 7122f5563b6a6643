const HIDDEN = '***';

/** scheme, who enters, hosts (several where Redis has several), path, parameters. */
const URL_SHAPE = /^([a-z][a-z0-9+.-]*):\/\/(?:([^@/?#]*)@)?([^@/?#]*)(\/[^@?#]*)?(?:\?([^@#]*))?$/i;
/** Parameters of database URLs that say how to connect, and that an operator wants to see. */
const OPEN_PARAMETERS = new Set(['sslmode', 'application_name', 'connect_timeout', 'db']);

function userPart(userInfo: string | undefined): string {
  if (userInfo === undefined) return '';
  const [user = ''] = userInfo.split(':', 1);
  return userInfo.includes(':') ? `${user}:${HIDDEN}@` : `${user}@`;
}

function parameterPart(query: string | undefined): string {
  if (query === undefined) return '';
  const parts = query.split('&').map((part) => {
    const [name = ''] = part.split('=', 1);
    return OPEN_PARAMETERS.has(name) ? part : `${name}=${HIDDEN}`;
  });
  return `?${parts.join('&')}`;
}

/**
 * A secret as it may be shown: of the URL of a database its user, hosts and path; of an address on the web, whose path
 * often is the secret, its host; of anything else, and of a URL that two programs could read in two ways, nothing.
 */
export function redactSecret(text: string): string {
  const parts = URL_SHAPE.exec(text);
  if (parts === null) return HIDDEN;
  const [, scheme = '', userInfo, hosts = '', path = '', query] = parts;
  if (/^https?$/i.test(scheme)) return `${scheme}://${hosts}/${HIDDEN}`;
  return `${scheme}://${userPart(userInfo)}${hosts}${path}${parameterPart(query)}`;
}

/** `text`, which is no secret, without the password that a URL in it may carry. */
export function redactPassword(text: string): string {
  return text.replace(/(:\/\/[^@/?#:]*):[^/?#]*@/, `$1:${HIDDEN}@`);
}

/** An answer cannot ask to be kept for longer. */
export const MAX_AGE_MS_MAX = 24 * 60 * 60 * 1000;

/** A Cache-Control directive and its argument, in quotes or without (RFC 9111 §5.2). */
const DIRECTIVE = /(?:^|[\s,])([a-z-]+)(?:=(?:"([^"]*)"|([^\s,"]*)))?/gi;

function directivesOf(header: string): Map<string, string> {
  const found = [...header.matchAll(DIRECTIVE)];
  return new Map(found.map(([, name = '', quoted, plain]) => [name.toLowerCase(), quoted ?? plain ?? '']));
}

function seconds(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text.trim()) ? Number(text) : null;
}

const moment = (text: string | undefined): number => Date.parse(text ?? '');

/**
 * For how many milliseconds an answer stays fresh (RFC 9111 §4.2.1), what it has aged in caches taken off: between 0 and
 * MAX_AGE_MS_MAX; null where it does not say. `headers` are by lower-case name.
 */
export function maxAgeMs(headers: Readonly<Record<string, string>>): number | null {
  const cache = directivesOf(headers['cache-control'] ?? '');
  if (cache.has('no-store') || cache.has('no-cache')) return 0;
  const expires = (moment(headers['expires']) - moment(headers['date'])) / 1000;
  const lifetime = seconds(cache.get('max-age')) ?? (Number.isNaN(expires) ? null : expires);
  if (lifetime === null) return null;
  const age = seconds(headers['age']) ?? 0;
  return Math.min(Math.max((lifetime - age) * 1000, 0), MAX_AGE_MS_MAX);
}

const URL_CHARS_MAX = 2000;

/** `text` as an absolute http(s) URL, resolved against `base`; null for what is none, `javascript:` and the like included. */
export function absoluteUrl(text: string, base: string | null): string | null {
  const trimmed = text.replace(/[\t\n\r]/g, '').trim();
  if (trimmed === '' || trimmed.length > URL_CHARS_MAX || !URL.canParse(trimmed, base ?? undefined))
    return null;
  const url = new URL(trimmed, base ?? undefined);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
}

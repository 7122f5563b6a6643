// Up to the last @ before the path, as the URL parser reads it: a password may hold one unescaped.
const CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/gi;

/** A text with the name and password of every URL in it masked: both are a key to somebody's server, and are shown to nobody. */
export function withoutPasswords(text: string): string {
  return text.replace(CREDENTIALS, '$1…@');
}

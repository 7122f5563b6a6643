/** JSON escapes that Postgres' jsonb refuses: NUL, and halves of a surrogate pair. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/** Whether `json`, as JSON.stringify writes it, can be kept as jsonb. */
export function isStorable(json: string): boolean {
  return !UNSTORABLE.test(json);
}

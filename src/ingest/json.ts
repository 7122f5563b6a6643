/** A JSON object's values by their keys in lower case: some feeds write them otherwise. */
export type JsonFields = Readonly<Record<string, unknown>>;

/** The fields of an object; null for anything else. */
export function fieldsOf(value: unknown): JsonFields | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.toLowerCase(), inner as unknown]),
  );
}

/** A field as text, a number being one too; empty when it is neither. */
export function textOf(fields: JsonFields, name: string): string {
  const value = fields[name];
  // JSON Feed 1.1: ids that are numbers are to be taken as strings.
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() : '';
}

function parsed(json: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(json) };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

// eslint-disable-next-line no-control-regex -- control characters are what it is for
const CONTROLS = /[\u0000-\u001f]+/g;
// A backslash and what it escapes, rightly or not: GDELT writes `\'` in headlines.
const ESCAPE = /\\(u[\da-f]{4}|[^])/gi;

/** JSON with control characters inside strings as blanks, and without backslashes that escape nothing. */
function mended(json: string): string {
  return json
    .replace(CONTROLS, ' ')
    .replace(ESCAPE, (whole, escaped: string) => (/^(?:["\\/bfnrt]|u.{4})$/.test(escaped) ? whole : escaped));
}

export interface JsonDocument {
  readonly value: unknown;
  /** Whether it had to be mended to be read. */
  readonly mended: boolean;
}

/** Reads JSON, with the faults that feeds in JSON have; null when it is none. */
export function readJson(json: string): JsonDocument | null {
  const strict = parsed(json);
  if (strict !== null) return { value: strict.value, mended: false };
  const lenient = parsed(mended(json));
  return lenient === null ? null : { value: lenient.value, mended: true };
}

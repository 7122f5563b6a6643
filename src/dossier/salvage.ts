import { DOSSIER_LANGS } from './dossier.ts';
import { aliasSchema, SUBJECTS, type WrittenSubject } from './schema.ts';

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The aliases of a language with a name of nobody in the place of each that has problems: the others keep their places. */
function aliasesIn(lang: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) return [];
  return value.map((one: unknown, at) => (aliasSchema.safeParse(one).success ? one : `${lang} ${at} unread`));
}

/**
 * A subject with problems, as far as others can be judged by it: what it goes by, and its kind. Null where not even its id and
 * kind can be made out.
 */
export function salvaged(value: unknown): WrittenSubject | null {
  const fields = fieldsOf(value);
  if (fields === null) return null;
  const { id, kind, labelIsAlias } = fields;
  const labels = fieldsOf(fields['labels']) ?? {};
  const aliases = fieldsOf(fields['aliases']) ?? {};
  const result = SUBJECTS.entry.safeParse({
    id,
    kind,
    labelIsAlias: labelIsAlias !== false,
    labels: Object.fromEntries(
      DOSSIER_LANGS.map((lang) => [
        lang,
        aliasSchema.safeParse(labels[lang]).success ? labels[lang] : `${lang} label unread`,
      ]),
    ),
    aliases: Object.fromEntries(DOSSIER_LANGS.map((lang) => [lang, aliasesIn(lang, aliases[lang])])),
  });
  return result.success ? result.data : null;
}

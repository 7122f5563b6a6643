import { sql } from 'kysely';
import type { AlertMatch } from '../events/alert.ts';
import type { SubjectId } from '../events/ids.ts';
import type { SubjectKind } from '../events/item.ts';
import type { Range, Term, Word } from './ast.ts';
import type { KnownSubject, QueryContext } from './context.ts';
import { kindLexeme, subjectLexeme } from './facet-lexemes.ts';
import { readWord, valueProblem } from './field.ts';
import type { Field, Read } from './field.ts';
import type { QueryTag } from './item.ts';
import type { Leaf } from './leaf.ts';
import { lexemeLeaf } from './lexeme-leaf.ts';
import type { Wanted } from './lexeme-leaf.ts';
import { nearest } from './nearest.ts';
import type { Candidate } from './nearest.ts';
import { numbersOf } from './number.ts';
import type { Numbers } from './number.ts';

/** Which kinds each of the two names takes. */
export const ENTITY_KINDS: readonly SubjectKind[] = ['person', 'place', 'organisation', 'country'];
export const TOPIC_KINDS: readonly SubjectKind[] = ['agreement', 'measure', 'policy', 'topic'];

/** Tags that a term asks for: of these ids or kinds, or whose ids begin so. */
interface Wish {
  readonly wanted: readonly Wanted[];
  readonly tag: (tag: QueryTag) => boolean;
  readonly where: ReturnType<typeof sql<boolean>>;
  readonly meaning: string | null;
}

function idsWish(ids: readonly SubjectId[], meaning: string | null): Wish {
  const set = new Set(ids);
  return {
    wanted: ids.map((id) => ({ lexeme: subjectLexeme(id), prefix: false })),
    tag: ({ id }) => set.has(id),
    where: sql<boolean>`t.subject = any(${ids}::text[])`,
    meaning,
  };
}

function kindsWish(kinds: readonly SubjectKind[]): Wish {
  return {
    wanted: kinds.map((kind) => ({ lexeme: kindLexeme(kind), prefix: false })),
    tag: ({ kind }) => kinds.includes(kind),
    where: sql<boolean>`t.kind = any(${kinds}::text[])`,
    meaning: null,
  };
}

function beginningWish(start: string): Wish {
  return {
    wanted: [{ lexeme: `#${start}`, prefix: true }],
    tag: ({ id }) => id.startsWith(start),
    where: sql<boolean>`starts_with(t.subject, ${start})`,
    meaning: null,
  };
}

function matchOf({ id, salience, surface = '' }: QueryTag): AlertMatch {
  return { subject: id, salience, surface };
}

/** `*` asks for no subject: anything that is tagged at all meets it. */
function leafOf(wish: Wish, numbers: Numbers | null, telling: boolean): Leaf {
  const wants = (tag: QueryTag): boolean => wish.tag(tag) && (numbers === null || numbers.test(tag.salience));
  const leaf = lexemeLeaf(wish.wanted, {
    telling,
    evidence: ({ item }) => item.tags.filter(wants).map(matchOf),
    meaning: wish.meaning,
  });
  if (numbers === null) return leaf;
  const salient = sql<boolean>`exists (
    select from unnest(i.subjects, i.kinds, i.saliences) as t (subject, kind, salience)
     where ${wish.where} and ${numbers.sql(sql.ref('t.salience'))})`;
  return {
    ...leaf,
    sql: { ...leaf.sql, condition: leaf.sql.condition ?? salient },
    test: ({ item }) => item.tags.some(wants),
  };
}

function withSalience(term: Term, wish: Wish, { text }: Word, salience: Range | null): Read {
  const numbers = salience === null ? null : numbersOf(salience);
  if (salience !== null && numbers === null) {
    return valueProblem(term, 'a salience is a number from 0 to 1: entity:taiwan>=0.2');
  }
  return { leaf: leafOf(wish, numbers, text !== '') };
}

function namesOf(subjects: Iterable<readonly [SubjectId, KnownSubject]>): Candidate[] {
  return Array.from(subjects, ([name, { names }]) => ({ name, aliases: names }));
}

function readIds(
  term: Term,
  { text, prefix }: Word,
  context: QueryContext,
  kinds: readonly SubjectKind[],
): Wish | Read {
  const own = [...context.subjects].filter(([, { kind }]) => kinds.includes(kind));
  const asked = text.toLowerCase();
  if (prefix) {
    const ids = own.map(([id]) => id).filter((id) => id.startsWith(asked));
    if (ids.length > 0) return idsWish(ids, ids.join(', '));
  }
  const id = asked as SubjectId;
  const known = context.subjects.get(id);
  if (!prefix && known !== undefined && kinds.includes(known.kind)) return idsWish([id], null);
  if (known !== undefined && !kinds.includes(known.kind)) {
    const name = ENTITY_KINDS.includes(known.kind) ? 'entity' : 'topic';
    return valueProblem(term, `${text} is ${/^[aeiou]/.test(known.kind) ? 'an' : 'a'} ${known.kind}`, [
      `${name}:${id}`,
    ]);
  }
  const near = nearest(text, namesOf(own));
  return valueProblem(term, `${text}${prefix ? '*' : ''} is no ${term.field ?? ''} of the dossier`, near);
}

function subjectField(
  name: 'entity' | 'topic',
  kinds: readonly SubjectKind[],
  rest: Pick<Field, 'about' | 'examples'>,
): Field {
  return {
    name,
    type: 'id, maybe with a salience',
    ...rest,
    read: (term, context) =>
      readWord(
        term,
        (word, salience) => {
          const wish = word.text === '' ? kindsWish(kinds) : readIds(term, word, context, kinds);
          return 'wanted' in wish ? withSalience(term, wish, word, salience) : wish;
        },
        true,
      ),
  };
}

export const entity = subjectField('entity', ENTITY_KINDS, {
  about: 'tagged with this person, place, organisation or country of the dossier; `*` for any of them',
  examples: ['entity:sanae-takaichi', 'entity:(lee-jae-myung OR xi-jinping)', 'entity:taiwan>=0.2'],
});

export const topic = subjectField('topic', TOPIC_KINDS, {
  about: 'tagged with this topic of the dossier: a theme, agreement, measure or policy',
  examples: ['topic:cptpp', 'topic:rare-earth*', 'topic:(cptpp OR marine-imports)'],
});

/** For what the dossier may not know any more: tags stay when the dossier moves on. */
export const subject: Field = {
  name: 'subject',
  type: 'id, maybe with a salience',
  about: 'tagged with this id, entity or topic, whether the dossier still knows it or not',
  examples: ['subject:taiwan'],
  read: (term, context) =>
    readWord(
      term,
      (word, salience) => {
        const id = word.text.toLowerCase();
        const wish = word.prefix ? beginningWish(id) : idsWish([id as SubjectId], null);
        const read = withSalience(term, wish, word, salience);
        const isKnown = word.prefix || context.subjects.has(id as SubjectId);
        if (isKnown || !('leaf' in read)) return read;
        const near = nearest(id, namesOf(context.subjects));
        const message = `the dossier knows no entity or topic ${id}`;
        return { ...read, note: { message, span: term.valueSpan, suggestions: near } };
      },
      true,
    ),
};

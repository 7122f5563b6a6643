import type { Alias, Subject } from '../dossier/dossier.ts';
import type { SubjectId } from '../events/ids.ts';
import type { Field, Mention } from '../events/item.ts';
import { compileGazetteer } from './gazetteer.ts';
import type { Gazetteer, TaggerDossier } from './gazetteer.ts';
import { FIELDS } from './fields.ts';
import { primaryOf } from './language.ts';
import { FieldRoom } from './field-text.ts';
import { foldedText } from './normalize.ts';
import { scan } from './scan.ts';
import type { TaggerInput, Tagging } from './tagger.ts';
import { ITEM_MENTIONS_MAX, MENTIONS_MAX } from './tags.ts';

/** Different longer words kept for one name; what comes later is counted with the name alone. */
const LONGER_WORDS_MAX = 1_000;
/** Characters of a longer word on either side of the name. */
const AROUND_CHARS_MAX = 12;

/** What texts have made of a name. */
export interface AliasUse {
  readonly subject: SubjectId;
  readonly alias: Alias;
  /** Places where its text stands, and those of them where its subject is not taken for it. */
  seen: number;
  refused: number;
  /** The longer words that it was part of where it was refused, and how often. */
  readonly longer: Map<string, number>;
}

const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/** The word of `text` that holds all of [start, end); what stands there where that is no word of its own. */
function wordAround(text: string, start: number, end: number): string {
  const from = Math.max(0, start - AROUND_CHARS_MAX);
  const around = text.slice(from, end + AROUND_CHARS_MAX);
  const spaced = /[\p{Script=Hangul}\p{Script=Latin}\p{N}]+/gu;
  for (const { 0: word, index } of around.matchAll(spaced)) {
    if (index <= start - from && index + word.length >= end - from) return word;
  }
  const found = words.segment(around).containing(start - from);
  const holds = found !== undefined && found.index + found.segment.length >= end - from;
  return holds ? found.segment : text.slice(start, end);
}

/** Counts, text by text, where the names of a dossier stand and what becomes of them. */
export class AliasUsage {
  readonly #gazetteer: Gazetteer;
  readonly #room = new FieldRoom();
  readonly #uses = new Map<Alias, AliasUse>();

  constructor(dossier: TaggerDossier) {
    this.#gazetteer = compileGazetteer(dossier);
    for (const subject of dossier.subjects) this.#list(subject);
  }

  #list({ id, aliases }: Subject): void {
    for (const alias of aliases) {
      this.#uses.set(alias, { subject: id, alias, seen: 0, refused: 0, longer: new Map() });
    }
  }

  /** Takes in a text and what the tagger of the same dossier made of it. */
  look({ title, text, body = '' }: TaggerInput, { tags, lang }: Pick<Tagging, 'tags' | 'lang'>): void {
    const texts: readonly [Field, string][] = [
      ['title', title],
      ['text', text],
      ['body', body],
    ];
    for (const [field, original] of texts) this.#lookInto(field, original, { tags, lang: primaryOf(lang) });
  }

  #lookInto(field: Field, original: string, { tags, lang }: Pick<Tagging, 'tags' | 'lang'>): void {
    const { text: folded } = this.#room.read(original, this.#gazetteer.lexicon);
    for (const { start, end, aliases } of scan(this.#room, this.#gazetteer, lang).hits) {
      const [from, to] = [folded.starts[start] ?? 0, folded.ends[end - 1] ?? 0];
      for (const use of aliases.flatMap(({ alias }) => this.#uses.get(alias) ?? [])) {
        const word = wordAround(original, from, to);
        if (isInAlphabetWord(use.alias, word)) continue;
        const mentions = tags.find(({ id }) => id === use.subject)?.mentions ?? [];
        const isTaken = mentions.some((one) => one.field === field && one.start < to && from < one.end);
        if (!isTaken && mayBeShortened(mentions, tags) && isBehind(mentions, field, from)) continue;
        use.seen += 1;
        if (!isTaken) refuse(use, word);
      }
    }
  }

  /** What came of every name; of two that fold to one text the first counts. */
  get uses(): readonly AliasUse[] {
    const seen = new Set<string>();
    return [...this.#uses.values()].filter(({ subject, alias }) => {
      const key = `${subject} ${foldedText(alias.text)}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  }
}

/** Letters of an alphabet inside of a word are nobody's name: there is no UK in Ukraine. */
function isInAlphabetWord({ text }: Alias, word: string): boolean {
  return word.length > text.length && /^[\p{Script=Latin}\p{N}]+$/u.test(word);
}

/**
 * Whether a tag may have had more mentions than it lists. Those of one item are cut to one length where they are more than
 * ITEM_MENTIONS_MAX together: then one more of each would have been too many.
 */
function mayBeShortened(mentions: readonly Mention[], tags: Tagging['tags']): boolean {
  if (mentions.length >= MENTIONS_MAX) return true;
  const lengths = tags.map((tag) => tag.mentions.length);
  const listed = lengths.reduce((sum, length) => sum + length, 0);
  return listed + tags.length > ITEM_MENTIONS_MAX && mentions.length === Math.max(...lengths);
}

/** Whether the place is behind the last mention that is listed. */
function isBehind(mentions: readonly Mention[], field: Field, from: number): boolean {
  const last = mentions.at(-1);
  if (last === undefined) return false;
  return field === last.field ? from >= last.start : FIELDS.indexOf(field) > FIELDS.indexOf(last.field);
}

function refuse(use: AliasUse, word: string): void {
  use.refused += 1;
  if (foldedText(word) === foldedText(use.alias.text)) return;
  if (use.longer.has(word) || use.longer.size < LONGER_WORDS_MAX) {
    use.longer.set(word, (use.longer.get(word) ?? 0) + 1);
  }
}

import type { LabelledItem } from './quality-set.ts';

/** Tags right, wrong and missed. */
export interface Counts {
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
}

/** Shares 0..1; 1 where there was nothing to find and nothing was. */
export interface Shares {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** What the tagger got wrong in one item, by ids. */
export interface ItemError {
  readonly item: string;
  readonly wrong: readonly string[];
  readonly missed: readonly string[];
}

export interface SetScore {
  readonly items: number;
  /** Items that try to fool the tagger, and how many of them are right in full. */
  readonly traps: { readonly items: number; readonly exact: number };
  /** Items right in full. */
  readonly exact: number;
  readonly all: Counts;
  readonly byLang: Readonly<Record<string, Counts & { readonly items: number }>>;
  readonly byEntity: Readonly<Record<string, Counts>>;
  readonly errors: readonly ItemError[];
}

const NOTHING: Counts = { right: 0, wrong: 0, missed: 0 };

function plus(a: Counts | undefined, b: Counts): Counts {
  const { right, wrong, missed } = a ?? NOTHING;
  return { right: right + b.right, wrong: wrong + b.wrong, missed: missed + b.missed };
}

/**
 * Precision, recall and F1 of counts over all items (micro-averaged: van Rijsbergen, Information Retrieval, 1979, for F).
 */
export function sharesOf({ right, wrong, missed }: Counts): Shares {
  const precision = right + wrong === 0 ? 1 : right / (right + wrong);
  const recall = right + missed === 0 ? 1 : right / (right + missed);
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1 };
}

interface Judged {
  readonly right: readonly string[];
  readonly wrong: readonly string[];
  readonly missed: readonly string[];
}

/** Only ids of `scored` count; what the item calls optional is neither right nor wrong. */
function judge(item: LabelledItem, tags: readonly string[], scored: ReadonlySet<string>): Judged {
  const gold = new Set(item.gold.filter((id) => scored.has(id)));
  const optional = new Set(item.optional);
  const found = new Set(tags.filter((id) => scored.has(id)));
  return {
    right: [...found].filter((id) => gold.has(id)),
    wrong: [...found].filter((id) => !gold.has(id) && !optional.has(id)),
    missed: [...gold].filter((id) => !found.has(id)),
  };
}

/** How a tagger does on a labelled set, of the ids that are scored. */
export function scoreSet(
  items: readonly LabelledItem[],
  tagsOf: (item: LabelledItem) => readonly string[],
  scored: ReadonlySet<string>,
): SetScore {
  const byLang: Record<string, Counts & { items: number }> = {};
  const byEntity: Record<string, Counts> = {};
  const errors: ItemError[] = [];
  let all = NOTHING;
  for (const item of items) {
    const { right, wrong, missed } = judge(item, tagsOf(item), scored);
    const counts = { right: right.length, wrong: wrong.length, missed: missed.length };
    all = plus(all, counts);
    const lang = byLang[item.lang];
    byLang[item.lang] = { ...plus(lang, counts), items: (lang?.items ?? 0) + 1 };
    for (const id of right) byEntity[id] = plus(byEntity[id], { ...NOTHING, right: 1 });
    for (const id of wrong) byEntity[id] = plus(byEntity[id], { ...NOTHING, wrong: 1 });
    for (const id of missed) byEntity[id] = plus(byEntity[id], { ...NOTHING, missed: 1 });
    if (counts.wrong + counts.missed > 0) errors.push({ item: item.id, wrong, missed });
  }
  const failed = new Set(errors.map(({ item }) => item));
  const traps = items.filter(({ trap }) => trap !== undefined);
  return {
    items: items.length,
    traps: { items: traps.length, exact: traps.filter(({ id }) => !failed.has(id)).length },
    exact: items.length - errors.length,
    all,
    byLang,
    byEntity,
    errors,
  };
}

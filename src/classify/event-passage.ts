/** Words as parties are looked for in them: single blanks, one kind of hyphen, nothing invisible. */
export interface Passage {
  readonly text: string;
  /** Where in `text` a place of the original is. */
  readonly at: (place: number) => number;
}

// The blank of East Asian widths stays: it parts clauses there.
const ODD = /[\u2010\u2011]|[^\S \u3000]|\p{Cf}|(?:[^\S\u3000]|\p{Cf}){2,}/u;
const RUNS = /[\u2010\u2011]|(?:[^\S\u3000]|\p{Cf})+/gu;

function plain(run: string): string {
  if (/[\u2010\u2011]/u.test(run)) return '-';
  return /\s/u.test(run.replaceAll('\ufeff', '')) ? ' ' : '';
}

/** The rules about what stands between names know the plain blank and hyphen; the matcher that finds the names knows them all. */
export function passageOf(original: string): Passage {
  if (!ODD.test(original)) return { text: original, at: (place) => place };
  const cuts: { readonly end: number; readonly units: number }[] = [];
  let units = 0;
  const text = original.replace(RUNS, (run: string, start: number) => {
    const put = plain(run);
    units += run.length - put.length;
    if (run.length !== put.length) cuts.push({ end: start + run.length, units });
    return put;
  });
  return { text, at: (place) => place - (cuts.findLast(({ end }) => end <= place)?.units ?? 0) };
}

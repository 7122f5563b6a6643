import stemmer from 'natural/lib/natural/stemmers/porter_stemmer.js';

/**
 * Porter's stem of a folded word (M. F. Porter, "An algorithm for suffix stripping", 1980), after bringing British
 * spelling to the American one that Porter knows. Words are bounded by the caller: its patterns read them many times.
 */
export function stemOf(word: string): string {
  const american = word.replace(/([a-z]{3})is(e[ds]?|ing|ation|ations)$/, '$1iz$2');
  return stemmer.stem(american);
}

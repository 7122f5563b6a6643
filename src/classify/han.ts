import shinjitai from 'opencc-js/dict/JPShinjitaiCharacters';
import simplified from 'opencc-js/dict/TSCharacters';
import hongKong from 'opencc-js/dict/HKVariantsRev';
import taiwan from 'opencc-js/dict/TWVariantsRev';

/** Reads opencc's list: each variant with the first of the forms it stands for. */
function pairsOf(list: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const line of list.split('|')) {
    const [variant, standard] = line.split(' ');
    if (variant !== undefined && standard !== undefined) pairs.set(variant, standard);
  }
  return pairs;
}

/**
 * One form for every written variant of a Han character (臺 台, 獨 独, 對 対 对): kanji and regional variants go
 * to the traditional form, that to the simplified one. Keys and values are UTF-16 units, so characters beyond
 * the first plane keep their form.
 *
 * Folding joins a few characters that are different words (後 and 后, 發 and 髪), which is harmless for
 * names and would not be for search.
 */
export function hanFolds(): Map<number, number> {
  const traditional = [pairsOf(shinjitai), pairsOf(taiwan), pairsOf(hongKong)];
  const simple = pairsOf(simplified);
  const folds = new Map<number, number>();
  const variants = new Set([...traditional.flatMap((pairs) => [...pairs.keys()]), ...simple.keys()]);
  for (const variant of variants) {
    const standard = traditional.reduce((form, pairs) => pairs.get(form) ?? form, variant);
    const folded = simple.get(standard) ?? standard;
    if (variant.length === 1 && folded.length === 1 && folded !== variant) {
      folds.set(variant.charCodeAt(0), folded.charCodeAt(0));
    }
  }
  return folds;
}

import { expect, test } from 'vitest';
import { FieldRoom } from '../../src/classify/field-text.ts';
import { Lexicon } from '../../src/classify/lexicon.ts';
import { buildTrie } from '../../src/classify/trie.ts';
import { compileWords } from '../../src/classify/words.ts';

/** The cues found in a text, by their number in the list. */
function found(cues: readonly string[], text: string): readonly number[] {
  const numbers: number[] = [];
  const words = compileWords(cues.map((cue, n) => [cue, n] as const));
  const field = new FieldRoom().read(text, new Lexicon(buildTrie(['none of these']), words));
  words.find(field.words, (word) => numbers.push(word));
  return numbers;
}

test.each([
  ['use', 'They were using it'],
  ['be', 'being there'],
  ['supply', 'supplies ran out'],
  ['fly', 'the crew was flying'],
  ['normalise', 'normalization of ties'],
  ['export control', 'new export controls'],
  ['dual-use', 'dual-use goods'],
])('%s is met in "%s", however short its stem', (cue, text) => {
  expect(found([cue], text)).toEqual([0]);
});

test('the words of a phrase stand next to one another, whatever the word between', () => {
  expect(found(['export control'], 'export of control systems')).toEqual([]);
  expect(found(['export control'], 'export a control')).toEqual([]);
});

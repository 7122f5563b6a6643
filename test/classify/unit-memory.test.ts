import { expect, test } from 'vitest';
import { UNKNOWN, UnitMemory, WORDS_MAX } from '../../src/classify/unit-memory.ts';
import { hashOf } from '../../src/classify/unit-words.ts';

const unitsOf = (word: string): Uint16Array => Uint16Array.from(word, (letter) => letter.charCodeAt(0));

test('words that meet in one place are not mistaken for one another, and the last is known', () => {
  const memory = new UnitMemory();
  const words = Array.from({ length: 1_000 }, (_, n) => unitsOf(`word${n}`));
  const places = new Map<Uint16Array, number>();
  for (const word of words) {
    expect(memory.placeOf(word, 0, word.length, 7)).toBe(UNKNOWN);
    places.set(word, memory.add(word, 0, word.length, 7));
    expect(memory.placeOf(word, 0, word.length, 7)).toBe(places.get(word));
  }
  const known = words.filter((word) => memory.placeOf(word, 0, word.length, 7) !== UNKNOWN);
  for (const word of known) expect(memory.placeOf(word, 0, word.length, 7)).toBe(places.get(word));
  // Looking through all of them would take time that grows with the square.
  expect(known.length).toBeLessThan(100);
});

test('when it is full it starts over', () => {
  const memory = new UnitMemory();
  const placeOf = (word: string): number => {
    const units = unitsOf(word);
    const hash = hashOf(units, 0, units.length);
    const known = memory.placeOf(units, 0, units.length, hash);
    return known === UNKNOWN ? memory.add(units, 0, units.length, hash) : known;
  };
  for (let n = 0; n < WORDS_MAX; n++) expect(placeOf(`w${n}`)).toBe(n);
  expect(placeOf('w5')).toBe(5);
  expect(placeOf('one more')).toBe(0);
  expect(placeOf('w5')).toBe(1);
});

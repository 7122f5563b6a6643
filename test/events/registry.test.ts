import { describe, expect, test } from 'vitest';
import { EVENT_TYPES } from '../../src/events/event.ts';
import { chainsOf, climb, schemaVersionOf, UPCASTERS, VERSIONS } from '../../src/events/upcast.ts';

const steps = [
  { from: 1, upcast: (data: { a: number }) => ({ b: data.a + 1 }) },
  { from: 2, upcast: (data: { b: number }) => ({ c: data.b * 10 }) },
];

describe('the table of upcasters', () => {
  test('takes data through every step that is left, and no other', () => {
    const chain = chainsOf(['Thing'], { Thing: steps }).get('Thing') ?? [];
    expect(climb(chain, 1, { a: 1 })).toEqual({ c: 20 });
    expect(climb(chain, 2, { b: 1 })).toEqual({ c: 10 });
    expect(climb(chain, 3, { c: 1 })).toEqual({ c: 1 });
    for (const version of [-1, 0, 4]) expect(climb(chain, version, { a: 1 })).toBeNull();
  });

  test('is refused when a version is skipped, named twice or out of order, or the type is none', () => {
    const [one, two] = steps;
    for (const wrong of [[two], [one, one], [two, one], [one, { ...two, from: 3 }]]) {
      expect(() => chainsOf(['Thing'], { Thing: wrong as typeof steps })).toThrow(
        /Thing: the upcaster from version [12]/,
      );
    }
    expect(() => chainsOf(['Thing'], { Thin: steps })).toThrow('Thin, which is no event type');
  });

  test('says by its length in which version a type is written, and knows every type', () => {
    expect([...VERSIONS.keys()]).toEqual(EVENT_TYPES);
    for (const type of EVENT_TYPES) {
      const own: readonly unknown[] = type in UPCASTERS ? UPCASTERS[type as keyof typeof UPCASTERS] : [];
      expect(schemaVersionOf(type)).toBe(own.length + 1);
    }
  });
});

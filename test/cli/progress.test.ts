import { describe, expect, test } from 'vitest';
import type { Output } from '../../src/cli/output.ts';
import { Progress } from '../../src/cli/progress.ts';

/** A progress on a clock of its own, with what it wrote. */
function started(interactive: boolean): { progress: Progress; written: string[]; at: (ms: number) => void } {
  const clock = { ms: 1_000 };
  const written: string[] = [];
  const output: Output = {
    out: () => {
      throw new Error('progress is no data');
    },
    err: (text) => written.push(text),
    interactive,
    columns: 80,
    colour: false,
    drained: () => Promise.resolve(),
  };
  const progress = new Progress(output, 'items', () => clock.ms);
  return { progress, written, at: (ms) => (clock.ms = 1_000 + ms) };
}

describe('progress', () => {
  test('rewrites one line on a terminal, at most five times a second, and ends it', () => {
    const { progress, written, at } = started(true);
    for (let ms = 0; ms <= 1_000; ms += 10) {
      at(ms);
      progress.update(ms, 2_000);
    }
    expect(written).toHaveLength(5);
    expect(written[0]).toBe('items: 200 of 2000, 1000/s, 2 s left');
    for (const line of written.slice(1)) expect(line.startsWith('\r\u001b[Kitems: ')).toBe(true);
    progress.finish(2_000);
    expect(written.at(-1)).toBe('\r\u001b[Kitems: 2000, 2000/s\n');
  });

  test('without a terminal writes whole lines now and then, and no escape', () => {
    const { progress, written, at } = started(false);
    for (let ms = 0; ms <= 11_000; ms += 100) {
      at(ms);
      progress.update(ms / 100, null);
    }
    progress.finish(110);
    expect(written).toEqual(['items: 50, 10/s\n', 'items: 100, 10/s\n', 'items: 110, 10/s\n']);
  });

  test('says nothing before there is something to tell, and something finite at once', () => {
    const { progress, written } = started(false);
    progress.update(0, 10);
    expect(written).toEqual([]);
    progress.finish(0);
    expect(written).toEqual(['items: 0, 0/s\n']);
  });
});

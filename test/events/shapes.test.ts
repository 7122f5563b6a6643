import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventShapes } from '../../scripts/event-shapes.ts';
import { newShapes, shapeChanges } from '../../scripts/shape-changes.ts';
import { keptShapes } from '../support/golden.ts';

/** The events as they are, but for one change; and what is then said about it. */
async function changed(file: string, before: string, after: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-shapes-'));
  try {
    await cp('src/events', folder, { recursive: true });
    const text = await readFile(join(folder, file), 'utf8');
    expect(text).toContain(before);
    await writeFile(join(folder, file), text.replace(before, after));
    return shapeChanges(await keptShapes(), eventShapes(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('no event has another shape than it was kept in, and all are kept', async () => {
  const [kept, now] = [await keptShapes(), eventShapes('src/events')];
  expect(shapeChanges(kept, now)).toBe('');
  expect(newShapes(kept, now), 'run `npm run shapes`').toEqual([]);
});

test('an event that changes within its version is told, with the difference and what to do', async () => {
  const said = await changed('feed.ts', "'redirect' | 'dossier'", "'redirect' | 'dossier' | 'hand'");
  expect(said).toContain('FeedMoved-v1 has changed:');
  expect(said).toContain("  - cause: 'dossier' | 'redirect'");
  expect(said).toContain("  + cause: 'dossier' | 'hand' | 'redirect'");
  expect(said).toContain('version 2');
  expect(said).not.toContain('FeedRemoved');
});

test('so is a shape of before that is changed where its upcaster takes it', async () => {
  const said = await changed(
    'rule-condition.ts',
    'readonly salienceMin: number;',
    'readonly salienceMin?: number;',
  );
  expect(said).toContain('RuleDefined-v1 has changed:');
  expect(said).toContain('  - definition.when.salienceMin: number');
  expect(said).toContain('  + definition.when.salienceMin?: number');
});

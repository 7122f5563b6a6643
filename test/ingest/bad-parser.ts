/** A parser with every fault there is: what it does with a document, the document's URL says. */
import { existsSync, writeFileSync } from 'node:fs';
import type { ParserJob, ParserMessage } from '../../src/ingest/parser-job.ts';
import { serveJobs } from '../../src/ingest/parser-serve.ts';

const FAULTS: Readonly<Record<string, (argument: string) => void>> = {
  loop: () => {
    for (;;);
  },
  // In both of these V8 is busy in a step of its own, where a thread could not be stopped.
  normalize: () => '\u0300\u0316'.repeat(1_000_000).normalize('NFKC'),
  json: () => JSON.parse(`[${'{},'.repeat(4_000_000)}{}]`) as unknown,
  map: () => {
    const map = new Map();
    for (let n = 0; ; n += 1) map.set(n, n);
  },
  crash: () => process.kill(process.pid, 'SIGSEGV'),
  'crash-once': (mark) => {
    if (existsSync(mark)) return;
    writeFileSync(mark, '');
    process.kill(process.pid, 'SIGKILL');
  },
  bug: () => {
    throw new Error('a bug');
  },
  nothing: () => undefined,
};

async function* misbehave(job: ParserJob): AsyncGenerator<ParserMessage, void> {
  const url = job.kind === 'feed' ? (job.options.url ?? '') : '';
  const [fault = '', argument = ''] = url.split(' ');
  try {
    FAULTS[fault]?.(argument);
  } catch (error) {
    yield { kind: 'broken', stack: (error as Error).stack ?? '' };
    return;
  }
  yield { kind: 'items', items: [await Promise.resolve(url)] };
  yield {
    kind: 'done',
    rest: { title: Object.keys(process.env).join(' '), language: process.env['TZ'] },
    hasItems: true,
  };
}

serveJobs(misbehave);

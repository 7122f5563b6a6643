/** Has the document of its second argument read by the program of its first, or a feed by the product's own, and ends by itself. */
import { parseFeedApart } from '../../src/ingest/apart.ts';
import { createParserPool } from '../../src/ingest/parser-pool.ts';

const [program, url = ''] = process.argv.slice(2);
const limits = { processesMax: 1, jobMsMax: 500, heapMbMax: 64, startMsMax: 20_000, idleMs: 60_000 };

if (program === undefined) {
  const feed = '<rss version="2.0"><channel><title>t</title><item><title>x</title></item></channel></rss>';
  const { title, items } = await parseFeedApart(new TextEncoder().encode(feed));
  process.stdout.write(`${title} ${items.length}\n`);
} else {
  const pool = createParserPool(new URL(program), limits);
  await pool.run({ kind: 'feed', bytes: new Uint8Array(), options: { url: 'nothing' } });
  const hung = pool.run({ kind: 'feed', bytes: new Uint8Array(), options: { url } });
  process.stdout.write(`${pool.pids.join(' ')}\n`);
  await hung;
}

/** Run as a process of its own, with certificates of its own: prints how deep a queue is in the Redis at the URL given. */
import { createLog } from '../../src/log.ts';
import { openQueues } from '../../src/workers/queues.ts';

const [url = ''] = process.argv.slice(2);
const queues = openQueues({ kind: 'redis', url }, createLog('silent'));
await queues.ready();
process.stdout.write(String(await queues.depth('classify')));
await queues.close();

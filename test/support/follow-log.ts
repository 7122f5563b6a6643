/** Run as a process of its own: follows the log under `name` and does nothing else, until it is killed. */
import { createLog } from '../../src/log.ts';
import { follow } from '../../src/store/follow.ts';
import { openStore } from '../../src/store/store.ts';
import { NOON } from './events.ts';

const [url = '', name = ''] = process.argv.slice(2);
const store = openStore(url, (error) => {
  throw error;
});
await store.wakeup.listen();
const consumer = { name, handles: ['ItemIngested'] as const, handle: () => Promise.resolve() };
follow(store, consumer, createLog('error'), () => NOON);

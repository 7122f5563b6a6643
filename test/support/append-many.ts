/** Run as a process of its own: appends `rounds` batches of `size` items, the same for every process that does. */
import { openStore } from '../../src/store/store.ts';
import { commandOf, ingested, NOON } from './events.ts';

const [url = '', rounds = '1', size = '1'] = process.argv.slice(2);
const store = openStore(url, (error) => {
  throw error;
});
const counts = { appended: 0, duplicate: 0, conflict: 0 };
for (let round = 0; round < Number(rounds); round++) {
  const commands = Array.from({ length: Number(size) }, (_, index) =>
    commandOf(ingested(`many ${round} ${index}`), 0),
  );
  for (const result of await store.append(commands, NOON)) counts[result.status] += 1;
}
await store.close();
process.stdout.write(JSON.stringify(counts));

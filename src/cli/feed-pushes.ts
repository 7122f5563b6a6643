import { printable } from '../alerts/console-channel.ts';
import type { ListedPush } from '../query/pushes.ts';
import { MISSED_POLLS_MAX } from '../store/pushes.ts';
import { moment } from './output.ts';

/** How a feed is pushed, in the words that follow its name; null where no subscription was asked for. */
function pushText(push: ListedPush, now: Date): string | null {
  const { hub, state, until, lastPushAt, missed, lastError } = push;
  switch (state) {
    case null:
      return null;
    case 'wanted':
      return `${hub} is about to be asked`;
    case 'pending':
      return lastError ?? `${hub} was asked, and has not called back yet`;
    case 'denied':
      return lastError ?? `${hub} denied`;
    case 'active': {
      if (until === null || until <= now) return `pushed by ${hub} no more: the lease is over`;
      const last = lastPushAt === null ? 'no push yet' : `last push ${moment(lastPushAt)}`;
      const silent =
        missed < MISSED_POLLS_MAX ? '' : `; silent, ${missed} polls in a row found what it had not pushed`;
      return `pushed by ${hub} until ${moment(until)}, ${last}${silent}`;
    }
  }
}

/** A line for each feed that hubs were asked to push, never cut. Empty where there is none. */
export function pushLines(pushes: readonly ListedPush[], now: Date): string {
  return pushes
    .flatMap((push) => {
      const text = pushText(push, now);
      return text === null ? [] : [`  ${push.feed}: ${printable(text)}\n`];
    })
    .join('');
}

import { printable } from '../alerts/console-channel.ts';
import type { ListedFeed } from '../query/lists.ts';
import { moment } from './output.ts';

/** A line for each feed in trouble, never cut: why nothing comes is what one looks for. Empty when all are well. */
export function troubleLines(feeds: readonly ListedFeed[]): string {
  return feeds
    .flatMap(({ feed, failure, failingSince }) =>
      failure === null
        ? []
        : [
            `  ${feed}: ${failure.kind} trouble since ${moment(failingSince)}, ${printable(failure.reason)}\n`,
          ],
    )
    .join('');
}

import { Hub } from './hub.ts';
import { ELSEWHERE, feedOf, Newsdesk } from './newsdesk.ts';
import type { WorldItem } from './newsdesk.ts';

/** The name of the feed, and of its address. */
export const PUSHED = 'pushed';

/** A feed that a hub pushes. What is pushed its document does not show, unless nobody wants to be told any more. */
export class PushedFeed {
  readonly #desk: Newsdesk;
  readonly #hub: Hub;
  readonly #hidden = new Set<string>();

  constructor(first: number) {
    this.#desk = new Newsdesk(PUSHED, ELSEWHERE, { moves: false, paged: false });
    this.#desk.publish(first, true);
    this.#hub = new Hub(() => {
      this.#hidden.clear();
    });
  }

  get hub(): Hub {
    return this.#hub;
  }

  get items(): readonly WorldItem[] {
    return this.#desk.items;
  }

  get document(): string {
    return feedOf(this.items.filter(({ url }) => !this.#hidden.has(url)));
  }

  publish(count: number): void {
    if (!this.#hub.isSubscribed) return;
    const added = this.#desk.publish(count, false);
    for (const { url } of added) this.#hidden.add(url);
    this.#hub.push(feedOf(added));
  }
}

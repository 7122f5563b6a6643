import type { ContentHash, Position } from '../events/ids.ts';

/** Something in the log that is not what it was; `position` is the first one that is touched. */
export type Damage =
  | {
      readonly kind: 'event altered';
      readonly position: Position;
      /** The position that now holds what stood here. */
      readonly swappedWith: Position | null;
    }
  | { readonly kind: 'event removed'; readonly position: Position }
  | { readonly kind: 'seal altered'; readonly position: Position; readonly seal: number }
  | { readonly kind: 'seal removed'; readonly position: Position; readonly seal: number }
  | {
      readonly kind: 'tail removed';
      readonly position: Position;
      /** The last position that something remembers. */
      readonly until: Position;
      readonly rememberedBy: string;
    }
  | {
      readonly kind: 'text altered' | 'text removed';
      readonly position: Position;
      readonly hash: ContentHash;
    };

/** Damages that are named one by one; from there on the log is beyond a list. */
export const DAMAGES_MAX = 100;

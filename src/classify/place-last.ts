/** Items up to which a list is put in order as it grows: sorting calls a function for each two that it compares, and few come out of order. */
export const PLACED_MAX = 32;

/** Moves the last of the items to its place among the others, which are in order: behind those that are not after it. */
export function placeLast<Item>(items: Item[], isAfter: (a: Item, b: Item) => boolean): void {
  let at = items.length - 1;
  const last = items[at];
  if (last === undefined) return;
  for (; at > 0; at--) {
    const other = items[at - 1];
    if (other === undefined || !isAfter(other, last)) break;
    items[at] = other;
  }
  items[at] = last;
}

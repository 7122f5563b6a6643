import type { ItemTagged } from './item.ts';

/** What ItemTagged carried when it said neither how much an item is of the dossier, nor what was refused, nor what it reports. */
export type ItemTagged3 = Omit<ItemTagged['data'], 'relevance' | 'event' | 'refused' | 'model'>;

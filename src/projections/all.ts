import { alerts } from './alerts.ts';
import { feeds } from './feeds.ts';
import { items } from './items.ts';
import type { Projection } from './projection.ts';
import { rules } from './rules.ts';

/** Every projection; a new one is added here and nowhere else. */
export const PROJECTIONS: readonly Projection[] = [items, feeds, rules, alerts];

import { gapQuantile, ratesOf, timeUntil } from './rhythm.ts';
import type { Rhythm } from './rhythm.ts';

/**
 * Arrivals and time without which nothing is said of what is normal: a week has to be seen twice, once to
 * learn it and once to learn how far it is to be relied on.
 */
export const EXPECT_ARRIVALS_MIN = 20;
export const EXPECT_OBSERVED_MS_MIN = 14 * 24 * 60 * 60_000;
/** The share of gaps that are normal: a feed with a hundred arrivals a week is to be remarkable every ten weeks by chance, not weekly. */
const NORMAL_SHARE = 0.999;
/** Arrivals by chance alone, of which so many were to be expected, stay away once in a thousand times: -ln(1 - NORMAL_SHARE). */
const CHANCE_ARRIVALS = 6.9;
/** No silence is remarkable that is shorter, and any that is longer. */
export const SILENCE_MS_MIN = 30 * 60_000;
export const SILENCE_MS_MAX = 28 * 24 * 60 * 60_000;

/** Whether enough has been seen of a feed to say what is normal. */
export function isKnown({ arrivals, since, last }: Rhythm): boolean {
  return arrivals >= EXPECT_ARRIVALS_MIN && last - since >= EXPECT_OBSERVED_MS_MIN;
}

/**
 * How many arrivals may fail to come before it is no longer normal. A feed whose arrivals come in clusters has had longer gaps than
 * chance would make, and those are normal for it.
 */
function patienceOf(rhythm: Rhythm): number {
  return Math.max(CHANCE_ARRIVALS, gapQuantile(rhythm, NORMAL_SHARE));
}

const within = (ms: number): number => Math.min(Math.max(ms, SILENCE_MS_MIN), SILENCE_MS_MAX);

/** The longest silence (ms) that is normal for the feed if it ends at the moment `until` (ms); null while that is not known. */
export function normalSilenceMs(rhythm: Rhythm, until: number): number | null {
  if (!isKnown(rhythm)) return null;
  return within(timeUntil(ratesOf(rhythm), until, patienceOf(rhythm), SILENCE_MS_MAX, true));
}

/** From which moment (ms) on the present silence is no longer normal; null while what is normal is not known. */
export function silentTooLongFrom(rhythm: Rhythm): number | null {
  if (!isKnown(rhythm)) return null;
  const { silentFrom } = rhythm;
  return silentFrom + within(timeUntil(ratesOf(rhythm), silentFrom, patienceOf(rhythm), SILENCE_MS_MAX));
}

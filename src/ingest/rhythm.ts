import assert from 'node:assert/strict';

/*
 * How often a feed brings something new, learned from when it did: a rate for each hour of the week, of which older weeks count
 * less. What is counted is arrivals, not items: moments at which anything new was recorded. Twenty items at once are one arrival,
 * so that a feed which empties a day into one update does not look like a busy one.
 */

const HOUR_MS = 60 * 60_000;
const DAY_HOURS = 24;
const WEEK_DAYS = 7;
const WEEK_HOURS = WEEK_DAYS * DAY_HOURS;
const WEEK_MS = WEEK_HOURS * HOUR_MS;
/** 1970 began on a Thursday; hour 0 of the week is that of Monday, 00:00 UTC. */
const MONDAY_MS = 4 * DAY_HOURS * HOUR_MS;

/** What is so old counts half: about six weeks are remembered, enough for a habit and little enough to follow a new one. */
const HALF_LIFE_MS = 28 * DAY_HOURS * HOUR_MS;
/** What arrives within so short a time is one arrival: the items of one poll are recorded in several goes. */
const ARRIVAL_MS = 60_000;
/** A feed that was away for longer than this is learned anew. */
const FORGOTTEN_MS = 2 * WEEK_MS;

/** Hours of observation that the guess from coarser figures is worth: for a day of the week, an hour of the day, an hour of the week. */
const DAY_PRIOR_HOURS = 4;
const HOUR_PRIOR_HOURS = 2;
const WEEK_HOUR_PRIOR_HOURS = 1;

/** So long has to be seen of a feed before its gaps count: the first weekend is a surprise. */
const GAPS_OBSERVED_MS_MIN = WEEK_MS;
/** Gaps are counted in classes by how many arrivals were to be expected meanwhile: the first up to GAP_LEAST, each next √2 times more. */
const GAP_CLASSES = 24;
const GAP_LEAST = 0.5;

/** What was seen of a feed so far. Plain data: it is kept as JSON. */
export interface Rhythm {
  /** When the first arrival was, in ms: what is counted weighs 2^((t - since) / HALF_LIFE_MS), which doubles hold for 70 years. */
  readonly since: number;
  /** When the last arrival was, in ms. */
  readonly last: number;
  /** Since when nothing has arrived, in ms: the last arrival, or when the feed came back after it. */
  readonly silentFrom: number;
  /** Arrivals so far, each counted as one. */
  readonly arrivals: number;
  /** Weight of the arrivals in each hour of the week. */
  readonly hours: readonly number[];
  /** Weight of the gaps between arrivals in each class. */
  readonly gaps: readonly number[];
}

/** Arrivals to be expected in each hour of the week, UTC, from Monday on. */
export type Rates = readonly number[];

const hourOfWeek = (ms: number): number => Math.floor((ms - MONDAY_MS) / HOUR_MS) % WEEK_HOURS;
const at = (values: readonly number[], index: number): number => values[index] ?? 0;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const weightOf = (since: number, ms: number): number => 2 ** ((ms - since) / HALF_LIFE_MS);

function added(values: readonly number[], index: number, weight: number): number[] {
  const sums = values.slice();
  sums[index] = at(values, index) + weight;
  return sums;
}

const HOUR_WEIGHT = weightOf(0, HOUR_MS);
const WEEK_WEIGHT = weightOf(0, WEEK_MS);

/** How often each hour of the week was lived through from `since` to `last`, weighed like the arrivals in it. */
function exposuresOf({ since, last }: Rhythm): number[] {
  const observed = Math.floor((last - since) / HOUR_MS);
  const weeks = Math.floor(observed / WEEK_HOURS);
  // A geometric series: each time weighs WEEK_WEIGHT times the one before.
  const seen = (times: number): number => (WEEK_WEIGHT ** times - 1) / (WEEK_WEIGHT - 1);
  const [often, seldom] = [seen(weeks + 1), seen(weeks)];
  const exposures = Array.from({ length: WEEK_HOURS }, () => 0);
  let hour = hourOfWeek(since);
  let weight = 1;
  for (let offset = 0; offset < WEEK_HOURS; offset++) {
    exposures[hour] = weight * (offset <= observed % WEEK_HOURS ? often : seldom);
    hour = (hour + 1) % WEEK_HOURS;
    weight *= HOUR_WEIGHT;
  }
  return exposures;
}

/** Sums `values` of the hours of a week by day, or by hour of the day. */
function summedBy(values: readonly number[], of: 'day' | 'hour'): number[] {
  const sums = Array.from({ length: of === 'day' ? WEEK_DAYS : DAY_HOURS }, () => 0);
  values.forEach((value, hour) => {
    const index = of === 'day' ? Math.floor(hour / DAY_HOURS) : hour % DAY_HOURS;
    sums[index] = at(sums, index) + value;
  });
  return sums;
}

/**
 * The rates of a rhythm as of its last arrival. An hour of the week is seen once a week, too seldom to be believed by itself: its
 * rate is drawn towards what its day of the week and its hour of the day let expect, those towards the overall rate, by as much as
 * little was seen of them (empirical Bayes with gamma priors, as for any Poisson rate).
 */
export function ratesOf(rhythm: Rhythm): Rates {
  const now = weightOf(rhythm.since, rhythm.last);
  const counts = rhythm.hours.map((weight) => weight / now);
  const exposures = exposuresOf(rhythm).map((weight) => weight / now);
  const overall = sum(counts) / Math.max(sum(exposures), 1);
  const towards = (of: 'day' | 'hour', prior: number): number[] => {
    const exposed = summedBy(exposures, of);
    return summedBy(counts, of).map(
      (count, index) => (count + prior * overall) / (at(exposed, index) + prior),
    );
  };
  const days = towards('day', DAY_PRIOR_HOURS);
  const hours = towards('hour', HOUR_PRIOR_HOURS);
  return counts.map((count, hour) => {
    const day = at(days, Math.floor(hour / DAY_HOURS));
    const guess = (at(hours, hour % DAY_HOURS) * day) / overall;
    return (count + WEEK_HOUR_PRIOR_HOURS * guess) / (at(exposures, hour) + WEEK_HOUR_PRIOR_HOURS);
  });
}

/** How many arrivals `rates` let expect between two moments (ms). */
export function expectedArrivals(rates: Rates, from: number, to: number): number {
  const weeks = Math.floor(Math.max(to - from, 0) / WEEK_MS);
  let expected = weeks * sum(rates);
  for (let time = from + weeks * WEEK_MS; time < to;) {
    const next = Math.min(Math.floor(time / HOUR_MS + 1) * HOUR_MS, to);
    expected += (at(rates, hourOfWeek(time)) * (next - time)) / HOUR_MS;
    time = next;
  }
  return expected;
}

/**
 * How long (ms) it takes from the moment `from` on until `rates` let expect so many arrivals, `msMax` at most. With `back` it is
 * counted into the past.
 */
export function timeUntil(rates: Rates, from: number, arrivals: number, msMax: number, back = false): number {
  let left = arrivals;
  for (let time = 0; time < msMax;) {
    const moment = back ? from - time - 1 : from + time;
    const hour = Math.floor(moment / HOUR_MS) * HOUR_MS;
    const span = back ? moment - hour + 1 : hour + HOUR_MS - moment;
    const expected = (at(rates, hourOfWeek(moment)) * span) / HOUR_MS;
    if (expected >= left) return Math.min(time + (left / expected) * span, msMax);
    left -= expected;
    time += span;
  }
  return msMax;
}

const gapClass = (expected: number): number => {
  const steps = Math.ceil(2 * Math.log2(expected / GAP_LEAST));
  return Math.min(Math.max(steps, 0), GAP_CLASSES - 1);
};

/** The greatest gap, as arrivals that were to be expected meanwhile, of the share `share` of all gaps; 0 where there was none. */
export function gapQuantile({ gaps }: Rhythm, share: number): number {
  const total = sum(gaps);
  let seen = 0;
  for (const [index, weight] of gaps.entries()) {
    seen += weight;
    if (total > 0 && seen >= share * total) return GAP_LEAST * 2 ** (index / 2);
  }
  return 0;
}

/**
 * What is known once something new arrived at the moment `time` (ms). Gaps are measured in arrivals that were to be expected
 * meanwhile, by what was known before: that takes nights and weekends out of them (time rescaling, Brown et al., Neural
 * Computation 14, 2002).
 */
export function arrived(rhythm: Rhythm | null, time: number): Rhythm {
  if (rhythm === null) {
    const hours = Array.from({ length: WEEK_HOURS }, (_, hour) => (hour === hourOfWeek(time) ? 1 : 0));
    const gaps = Array.from({ length: GAP_CLASSES }, () => 0);
    return { since: time, last: time, silentFrom: time, arrivals: 1, hours, gaps };
  }
  assert(rhythm.hours.length === WEEK_HOURS && rhythm.gaps.length === GAP_CLASSES, 'not a rhythm');
  const { since, last, silentFrom } = rhythm;
  if (time - last < ARRIVAL_MS) return rhythm;
  const weight = weightOf(since, time);
  // A gap that was partly ours, since nobody looked or the server was down, says nothing of the feed.
  const counts = silentFrom === last && last - since >= GAPS_OBSERVED_MS_MIN;
  const gaps = counts
    ? added(rhythm.gaps, gapClass(expectedArrivals(ratesOf(rhythm), last, time)), weight)
    : rhythm.gaps;
  return {
    ...{ since, last: time, silentFrom: time, arrivals: rhythm.arrivals + 1 },
    hours: added(rhythm.hours, hourOfWeek(time), weight),
    gaps,
  };
}

/** What is known once the feed came back at the moment `time` (ms), after nobody looked or it could not be read. */
export function returned(rhythm: Rhythm, time: number): Rhythm | null {
  if (time - rhythm.last > FORGOTTEN_MS) return null;
  return { ...rhythm, silentFrom: Math.max(time, rhythm.silentFrom) };
}

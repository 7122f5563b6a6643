import type { Config } from '../config.ts';
import type { PollPace } from '../workers/poll-again.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** How the settings want feeds to be polled. */
export function paceOf(config: Config): Required<Omit<PollPace, 'random'>> {
  return {
    pollIntervalMs: config.SHUTTLEWATCH_POLL_MINUTES * MINUTE_MS,
    pollMsMin: config.SHUTTLEWATCH_POLL_MINUTES_MIN * MINUTE_MS,
    pollMsMax: config.SHUTTLEWATCH_POLL_MINUTES_MAX * MINUTE_MS,
    hostGapMs: config.SHUTTLEWATCH_HOST_GAP_SECONDS * SECOND_MS,
  };
}

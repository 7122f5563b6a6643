import { parseArgs } from 'node:util';
import { QUEUE_PLACES, VIAS } from './pipeline-figures.ts';
import type { QueuePlaceName, Via } from './pipeline-figures.ts';

const BOTH = 'both';

export interface Options {
  readonly items: number;
  readonly seed: number;
  readonly queues: readonly QueuePlaceName[];
  readonly vias: readonly Via[];
  /** None: no throughput is measured. */
  readonly processes: readonly number[];
  /** Samples of latency; 0: none. */
  readonly idle: number;
  /** Second starts; 0: none. */
  readonly starts: number;
  readonly json: boolean;
}

function count(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new RangeError(`--${name} ${text}: expected a whole number from ${least}`);
  return value;
}

function choice<Name extends string>(name: string, text: string, among: readonly Name[]): readonly Name[] {
  if (text === BOTH) return among;
  const found = among.filter((one) => one === text);
  if (found.length === 0) throw new RangeError(`--${name} ${text}: expected ${among.join(', ')} or ${BOTH}`);
  return found;
}

/** Reads the command line; throws an error that names what makes no sense. */
export function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      items: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      queues: { type: 'string', default: BOTH },
      via: { type: 'string', default: BOTH },
      processes: { type: 'string', default: '1,2,4' },
      idle: { type: 'string', default: '100' },
      starts: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    items: count('items', values.items, 1),
    seed: count('seed', values.seed, 0),
    queues: choice('queues', values.queues, QUEUE_PLACES),
    vias: choice('via', values.via, VIAS),
    processes: values.processes
      .split(',')
      .map((text) => count('processes', text, 0))
      .filter((processes) => processes > 0),
    idle: count('idle', values.idle, 0),
    starts: count('starts', values.starts, 0),
    json: values.json,
  };
}

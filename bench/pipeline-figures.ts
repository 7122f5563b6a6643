export const VIAS = ['archive', 'http'] as const;
export type Via = (typeof VIAS)[number];
export const QUEUE_PLACES = ['postgres', 'redis'] as const;
export type QueuePlaceName = (typeof QUEUE_PLACES)[number];

/** What one run of the pipeline came to. CPU is in seconds per 1,000 items. */
export interface Figures {
  readonly via: Via;
  readonly queues: QueuePlaceName;
  readonly processes: number;
  readonly items: number;
  /** From the start of the first process to everything settled. */
  readonly seconds: number;
  readonly itemsPerSecond: number;
  readonly nodeCpu: number;
  readonly postgresCpu: number;
  readonly redisCpu: number;
  /** Each process of the product with its most resident memory. */
  readonly peaks: readonly { readonly name: string; readonly mb: number }[];
  readonly events: number;
  readonly alerts: number;
  /** A bare multi-row insert of the same events and words by `pg`, in rows of the log a second. */
  readonly bareInsertsPerSecond: number;
  /** What that cost the server, in seconds per 1,000 items. */
  readonly bareInsertCpu: number;
  /** Jobs that do nothing, through BullMQ alone on the same backend, two at once. */
  readonly bareJobsPerSecond: number;
}

const HEADS = [
  'via',
  'queues',
  'proc.',
  'items',
  'seconds',
  'items/s',
  'node',
  'postgres',
  'redis',
  'cores',
  'peak MB',
  'alerts',
  'bare ins.',
  'ratio',
  'ins. CPU',
  'bare jobs',
];
const WIDTHS = [8, 9, 6, 9, 8, 8, 7, 9, 7, 6, 8, 8, 10, 7, 9, 10];

function line(cells: readonly (string | number)[]): string {
  return cells.map((cell, index) => String(cell).padStart(WIDTHS[index] ?? 8)).join('');
}

/** The head of the table. */
export function tableHead(): string {
  return `${' '.repeat(48)}CPU s per 1,000 items\n${line(HEADS)}`;
}

/** One row of the table. */
export function tableRow(figures: Figures): string {
  const { via, queues, processes, items, seconds, itemsPerSecond, nodeCpu, postgresCpu, redisCpu } = figures;
  const cores = ((nodeCpu + postgresCpu + redisCpu) * items) / 1_000 / seconds;
  const eventsPerSecond = figures.events / seconds;
  return line([
    via,
    queues,
    processes,
    items,
    seconds.toFixed(1),
    Math.round(itemsPerSecond),
    nodeCpu.toFixed(2),
    postgresCpu.toFixed(2),
    redisCpu.toFixed(2),
    cores.toFixed(2),
    Math.max(...figures.peaks.map(({ mb }) => mb)),
    figures.alerts,
    Math.round(figures.bareInsertsPerSecond),
    (eventsPerSecond / figures.bareInsertsPerSecond).toFixed(2),
    figures.bareInsertCpu.toFixed(3),
    Math.round(figures.bareJobsPerSecond),
  ]);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** One line about latencies in ms, sorted. */
export function latencyRow(queues: QueuePlaceName, sorted: readonly number[]): string {
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => `${quantile(sorted, share).toFixed(0)} ms`);
  return `\nfetched to webhook, idle, queues on ${queues}, ${sorted.length} samples: p50 ${p50 ?? ''}, p99 ${p99 ?? ''}, max ${max ?? ''}`;
}

/** One line about second starts in seconds, sorted. */
export function startsRow(sorted: readonly number[]): string {
  const [median, max] = [0.5, 1].map((share) => `${quantile(sorted, share).toFixed(2)} s`);
  return `\nsecond start to first poll, embedded, ${sorted.length} starts: median ${median ?? ''}, max ${max ?? ''}`;
}

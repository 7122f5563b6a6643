import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

export const COMPOSE_FILE = 'docker-compose.yml';

const mount = z.union([
  z.string(),
  z.object({ source: z.string(), target: z.string(), read_only: z.literal(true) }),
]);

/** The parts of a service that our claims are about; the schema of the specification checks the rest. */
const service = z.object({
  image: z.string(),
  build: z.literal('.').optional(),
  user: z.string().optional(),
  command: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  volumes: z.array(mount),
  tmpfs: z.array(z.string()),
  networks: z.array(z.string()),
  ports: z.never().optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  healthcheck: z.union([
    z.object({ disable: z.literal(true) }),
    z.object({ test: z.array(z.string()), interval: z.string(), timeout: z.string(), retries: z.number() }),
  ]),
  restart: z.enum(['no', 'unless-stopped']),
  stop_grace_period: z.string().optional(),
  profiles: z.array(z.string()).optional(),
  init: z.literal(true),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  cap_add: z.never().optional(),
  privileged: z.never().optional(),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  pids_limit: z.number(),
  logging: z.object({
    driver: z.string(),
    options: z.object({ 'max-size': z.string(), 'max-file': z.string() }),
  }),
});
export type Service = z.infer<typeof service>;

const composition = z.object({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
  volumes: z.record(z.string(), z.object({})),
});

export const composeText = readFileSync(COMPOSE_FILE, 'utf8');

/** The composition, with its anchors and merges resolved; throws where a service lacks what each must have. */
export function readComposition(): z.infer<typeof composition> {
  return composition.parse(parse(composeText, { merge: true }));
}

/** The names of the variables that the file takes from outside, each with what stands behind it: `:-info`, `:?…`. */
export function variables(): { readonly name: string; readonly operator: string }[] {
  const found = composeText.replaceAll('$$', '').matchAll(/\$\{([A-Z_]+)([^}]*)\}|\$([A-Za-z_]+)/g);
  return [...found].map(([, name, operator = '', bare]) => ({ name: name ?? bare ?? '', operator }));
}

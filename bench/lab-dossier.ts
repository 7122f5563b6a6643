import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { opmlOf } from './feed-xml.ts';
import type { Outlet } from './news.ts';

/** Copies the dossier in `from` to `to`, watching `outlets` at `origin` and alerting by webhook. */
export async function labDossier(
  from: string,
  to: string,
  outlets: readonly Outlet[],
  origin: string,
): Promise<string> {
  await cp(from, to, { recursive: true });
  await writeFile(join(to, 'feeds.opml'), opmlOf(outlets, origin));
  const rules = parse(await readFile(join(from, 'rules.yaml'), 'utf8')) as object[];
  await writeFile(
    join(to, 'rules.yaml'),
    stringify(rules.map((rule) => ({ ...rule, channels: ['webhook'] }))),
  );
  return to;
}

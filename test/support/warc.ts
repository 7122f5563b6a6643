/** An RSS document with an item for each of `titles`. */
export function rssOf(title: string, titles: readonly string[] = [`First of ${title}`]): string {
  const items = titles.map(
    (each, index) =>
      `<item><title>${each}</title><link>https://quay.example/${index}</link><guid>${index}</guid><pubDate>Mon, 05 Jan 2026 0${index % 8}:00:00 +0900</pubDate></item>`,
  );
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>${title}</title>${items.join('')}</channel></rss>`;
}

interface Response {
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An HTTP answer as it goes over the wire. */
export function httpResponse({ body, headers = {} }: Response): Buffer {
  const sent = { 'content-type': 'application/rss+xml; charset=utf-8', ...headers };
  const lines = Object.entries(sent).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${lines.join('')}\r\n`), Buffer.from(body)]);
}

interface Written {
  readonly type?: string;
  readonly url?: string;
  readonly date?: string;
  readonly contentType?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly block: string | Uint8Array;
  /** How far its Content-Length is off. */
  readonly off?: number;
}

/** One record of a WARC file (ISO 28500). */
export function warcRecord(written: Written): Buffer {
  const { type = 'response', url, date = '2026-01-05T08:00:00Z', fields = {}, off = 0 } = written;
  const block = Buffer.from(written.block);
  const named = {
    'WARC-Type': type,
    'WARC-Date': date,
    ...(url !== undefined && { 'WARC-Target-URI': url }),
    'Content-Type': written.contentType ?? 'application/http; msgtype=response',
    'Content-Length': String(block.byteLength + off),
    ...fields,
  };
  const lines = Object.entries(named).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`WARC/1.0\r\n${lines.join('')}\r\n`), block, Buffer.from('\r\n\r\n')]);
}

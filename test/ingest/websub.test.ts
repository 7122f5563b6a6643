import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linksOf } from '../../src/ingest/link-header.ts';
import { leaseOf, LEASE_MS_MAX, RENEW_MS_MIN, repeatMs } from '../../src/ingest/websub-lease.ts';
import { isConfidential, offerOf } from '../../src/ingest/websub-offer.ts';
import { NOON } from '../support/events.ts';

const URL_HERE = 'https://news.example/feed';
const OFFER = { url: URL_HERE, link: null, hubs: [], self: null };

describe('a Link header', () => {
  test('gives its links, whatever is quoted in them', () => {
    const header =
      '<https://hub.example/?a=1,2>; title="a, <b>; rel=self"; rel="alternate HUB", </feed>;rel=self , <x>';
    expect(linksOf(header)).toEqual([
      { target: 'https://hub.example/?a=1,2', rels: ['alternate', 'hub'] },
      { target: '/feed', rels: ['self'] },
      { target: 'x', rels: [] },
    ]);
  });

  test('with an anchor speaks of another document', () => {
    expect(linksOf('<https://hub.example/>; rel=hub; anchor="/other"')).toEqual([]);
  });

  test('of any text is read without an error, and in time that grows with its length', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<', '>', ';', '"', '\\', ' ', 'rel', '=', 'hub', ','), { maxLength: 200 }),
        (parts) => {
          expect(linksOf(parts.join('')).length).toBeLessThanOrEqual(50);
        },
      ),
    );
    for (const part of ['<', '<a>;', '; ', '<a>;a="', '<a>; rel=" ']) {
      expect(linksOf(part.repeat(10_000)).length).toBeLessThanOrEqual(50);
    }
  });
});

describe('what a feed offers', () => {
  test('is read from the Link header, and from the document where that names no hub', () => {
    const document = { hubs: ['https://doc-hub.example/'], self: 'https://doc.example/self' };
    const link = '<https://hub.example/>; rel=hub, </topic>; rel=self';
    expect(offerOf({ url: URL_HERE, link, ...document })).toEqual({
      hub: 'https://hub.example/',
      topic: 'https://news.example/topic',
    });
    expect(offerOf({ url: URL_HERE, link: '</style.css>; rel=preload', ...document })).toEqual({
      hub: 'https://doc-hub.example/',
      topic: 'https://doc.example/self',
    });
  });

  test('is the hub over TLS where there are several, and the URL that answered where no topic is named', () => {
    const hubs = ['http://plain.example/', 'https://hub.example/', 'https://second.example/'];
    expect(offerOf({ ...OFFER, hubs })).toEqual({ hub: 'https://hub.example/', topic: URL_HERE });
    expect(offerOf({ ...OFFER, hubs: ['http://plain.example/'] })?.hub).toBe('http://plain.example/');
  });

  test('is nothing without a hub that can be asked', () => {
    expect(offerOf(OFFER)).toBeNull();
    expect(
      offerOf({ ...OFFER, link: '<javascript:alert(1)>; rel=hub', hubs: ['ftp://hub.example/'] }),
    ).toBeNull();
    expect(offerOf({ ...OFFER, hubs: [`https://hub.example/${'x'.repeat(2_048)}`] })).toBeNull();
  });

  test('may be trusted with a secret over TLS, or within this machine', () => {
    const safe = ['https://hub.example/', 'http://127.0.0.1:80/', 'http://localhost/', 'http://[::1]/'];
    expect(safe.map(isConfidential)).toEqual([true, true, true, true]);
    const unsafe = [
      'http://hub.example/',
      'http://127.0.0.1.example/',
      'http://localhost.example/',
      'http://10.0.0.1/',
    ];
    expect(unsafe.map(isConfidential)).toEqual([false, false, false, false]);
  });
});

describe('a lease', () => {
  test('is renewed before it is over, but never sooner than half an hour after, and ends within thirty days', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.bigInt({ min: 0n, max: 10n ** 18n }).map(String),
          fc.constantFrom(null, '', '-1', '1e9', 'for ever'),
        ),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (seconds, random) => {
          const { until, renewAt } = leaseOf(seconds, NOON, random);
          const [lease, renew] = [until.getTime() - NOON.getTime(), renewAt.getTime() - NOON.getTime()];
          expect(lease).toBeLessThanOrEqual(LEASE_MS_MAX);
          expect(renew).toBeGreaterThanOrEqual(RENEW_MS_MIN);
          if (lease > 2 * RENEW_MS_MIN) expect(renew).toBeLessThanOrEqual((lease * 2) / 3 + 1);
        },
      ),
    );
  });

  test('that was not granted is asked for after ten minutes, twice as long each time, and a day at most', () => {
    expect([1, 2, 3, 4].map((attempts) => repeatMs(attempts, 0) / 60_000)).toEqual([10, 20, 40, 80]);
    expect(repeatMs(1_000, 0.999)).toBeLessThan(1.25 * 24 * 60 * 60_000);
  });
});

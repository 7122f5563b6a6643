import { describe, expect, test } from 'vitest';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { BlockedAddress, blockedLiteral, guardedLookup, isPublicAddress } from '../../src/net/address.ts';

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.168.1.1',
  '198.18.0.1',
  '203.0.113.7',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '::ffff:0:127.0.0.1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::10.0.0.1',
  '64:ff9b:1::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '2001:db8::1',
  '2001::1',
  '2002:7f00:1::',
  'not an address',
  '',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  '8.8.8.8',
  '172.15.0.1',
  '172.32.0.1',
  '100.63.0.1',
  '223.255.255.254',
  '2606:4700::1111',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

describe('an address in a URL', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://0/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://①②⑦.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
  ])('%s is refused however it is spelled', (url) => {
    expect(blockedLiteral(new URL(url))).toBeInstanceOf(BlockedAddress);
  });

  test('a name, or a public address, is not refused', () => {
    expect(blockedLiteral(new URL('http://news.example.kr/'))).toBeNull();
    expect(blockedLiteral(new URL('http://8.8.8.8/'))).toBeNull();
  });
});

const resolvingTo =
  (...addresses: string[]): LookupFunction =>
  (_hostname, _options, callback) => {
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };

function looked(resolve: LookupFunction, all: boolean): Promise<string | LookupAddress[]> {
  return new Promise((done, fail) => {
    guardedLookup(resolve)('news.example.kr', { all }, (error, found) => {
      if (error === null) done(found);
      else fail(error);
    });
  });
}

test('of the addresses of a name only the public ones are tried', async () => {
  expect(await looked(resolvingTo('10.0.0.1', '8.8.8.8', '::1'), true)).toEqual([
    { address: '8.8.8.8', family: 4 },
  ]);
  expect(await looked(resolvingTo('10.0.0.1', '8.8.8.8'), false)).toBe('8.8.8.8');
});

test('a name that leads to private addresses only is refused, and says where it led', async () => {
  await expect(looked(resolvingTo('10.0.0.1'), true)).rejects.toThrow(
    'news.example.kr resolves to 10.0.0.1, a private or reserved address',
  );
});

test('a resolver that fails is heard', async () => {
  const failing: LookupFunction = (_hostname, _options, callback) => {
    callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), '');
  };
  await expect(looked(failing, true)).rejects.toThrow('no such name');
});

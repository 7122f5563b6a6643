import { describe, expect, test } from 'vitest';
import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:net';
import type { AddressInfo, LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import {
  BlockedAddress,
  blockedHost,
  guardedLookup,
  isLocalName,
  isOwnMachine,
  isPublicAddress,
} from '../../src/net/address.ts';
import { refusingOthers } from '../../src/net/agent.ts';

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '168.63.129.16',
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
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '2001:db8::1',
  '2001::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2002:7f00:1::',
  '3fff::1',
  '5f00::1',
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
    'http://0x7f.1/',
    'http://0177.1/',
    'http://127.0.0.1./',
    'http://017700000001/',
    'http://0xA9FEA9FE/',
    'http://127。0。0。1/',
    'http://１２７.0.0.1/',
    'http://%31%32%37.0.0.1/',
    'http://127.0.0.1:80/',
    'http://8.8.8.8@127.0.0.1/',
    'http://8.8.8.8%40127.0.0.1@10.0.0.1/',
    'http:\\\\10.0.0.1\\',
    'http:10.0.0.1/',
    'http://[::]/',
    'http://[0:0:0:0:0:ffff:7f00:1]/',
    'http://[::ffff:0a00:1]/',
    'http://[64:ff9b::a00:1]/',
    'http://[2002:a00:1::]/',
    'http://[::127.0.0.1]/',
    'http://[fd00:ec2::254]/',
  ])('%s is refused however it is spelled', (url) => {
    expect(blockedHost(new URL(url), false)).toBeInstanceOf(BlockedAddress);
  });

  test('with a zone, or of too many numbers, is no URL at all', () => {
    for (const url of [
      'http://[fe80::1%25eth0]/',
      'http://127.0.0.1.1/',
      'http://256.0.0.1/',
      'http://0x1ffffffff/',
    ]) {
      expect(URL.canParse(url)).toBe(false);
    }
  });

  test('a name, or a public address, is not refused', () => {
    expect(blockedHost(new URL('http://news.example.kr/'), false)).toBeNull();
    expect(blockedHost(new URL('http://8.8.8.8/'), false)).toBeNull();
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
    guardedLookup(false, resolve)('news.example.kr', { all }, (error, found) => {
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

test('a name that was public and leads home the next time is refused then', async () => {
  const answers = ['8.8.8.8', '127.0.0.1'];
  const rebinding: LookupFunction = (hostname, options, callback) => {
    resolvingTo(answers.shift() ?? '')(hostname, options, callback);
  };
  expect(await looked(rebinding, false)).toBe('8.8.8.8');
  await expect(looked(rebinding, false)).rejects.toThrow(BlockedAddress);
});

test('a connection that was made to a private address all the same is ended before anything is said', async () => {
  let heard = '';
  const server = createServer((socket) => {
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  // What a resolver behind the guard would do that answers the guard one thing and the socket another.
  const connect = refusingOthers(buildConnector({ lookup: resolvingTo('127.0.0.1') }), false);
  const outcome = await new Promise<unknown>((done) => {
    connect({ hostname: 'news.example.kr', protocol: 'http:', port: String(port) }, (...[error]) => {
      done(error);
    });
  });
  expect(outcome).toMatchObject({ message: expect.stringContaining('resolves to 127.0.0.1') as string });
  await new Promise((done) => server.close(done));
  expect(heard).toBe('');
});

test.each([
  ['localhost', true],
  ['LOCALHOST.', true],
  ['printer', true],
  ['nas.local', true],
  ['metadata.google.internal.', true],
  ['router.home.arpa', true],
  ['news.example.kr', false],
  ['local.example.kr', false],
  ['8.8.8.8', false],
  ['[2606:4700::1111]', false],
])('that %s is a name of private networks only: %s', (host, local) => {
  expect(isLocalName(host)).toBe(local);
});

test('the own machine is told by its name or a loopback address, however it is spelled', () => {
  for (const own of ['localhost', 'LOCALHOST.', 'feeds.localhost', '127.8.0.1', '[::1]', '::1'])
    expect([own, isOwnMachine(own)]).toEqual([own, true]);
  for (const other of ['', 'localhost.example', '127.0.0.1.example', '127.example', '10.0.0.1', '[::2]'])
    expect([other, isOwnMachine(other)]).toEqual([other, false]);
});

test('a resolver that fails is heard', async () => {
  const failing: LookupFunction = (_hostname, _options, callback) => {
    callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), '');
  };
  await expect(looked(failing, true)).rejects.toThrow('no such name');
});

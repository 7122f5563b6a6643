import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDate } from '../../src/ingest/date.ts';
import { cpuMsOf } from '../support/cpu-time.ts';

const KOREA_MINUTES = 540;

describe('a date of RFC 822 and its kin', () => {
  test.each([
    ['Mon, 12 Jan 2026 18:00:00 +0900', '2026-01-12T09:00:00.000Z'],
    ['mon, 12 jan 2026 18:00 kst', '2026-01-12T09:00:00.000Z'],
    ['12 Jan 26 18:00 GMT', '2026-01-12T18:00:00.000Z'],
    ['Sun, 5 Jan 2026 10:00:00 PST', '2026-01-05T18:00:00.000Z'],
    ['Thu,  8 Jan 2026 23:47:37 +0200 (CEST)', '2026-01-08T21:47:37.000Z'],
    ['Tue, 06 Jan 2026 24:00:00 GMT', '2026-01-07T00:00:00.000Z'],
    ['Jan 5, 2026 3:04 PM', '2026-01-05T06:04:00.000Z'],
    ['Mon Jan  5 12:00:00 KST 2026', '2026-01-05T03:00:00.000Z'],
    ['Monday, January 5, 2026 - 12:00', '2026-01-05T03:00:00.000Z'],
    ['Tue,13 Jan 2026 15:20:00 +0900', '2026-01-13T06:20:00.000Z'],
    ['Tue, 13 Jan 2026 15:20:00 XYZ', '2026-01-13T06:20:00.000Z'],
    ['Tue, 13 Jan 2026 15:20:00 +0900 KST', '2026-01-13T06:20:00.000Z'],
    // What Java, PHP and browsers write in the language of the machine.
    ['화, 13 1월 2026 15:20:00 +0900', '2026-01-13T06:20:00.000Z'],
    ['星期二, 13 一月 2026 15:20:00 +0800', '2026-01-13T07:20:00.000Z'],
    ['Di, 13. Januar 2026 15:20 Uhr', '2026-01-13T06:20:00.000Z'],
    ['mar., 13 janv. 2026 15:20:00 +0100', '2026-01-13T14:20:00.000Z'],
    ['13 de enero de 2026 15:20', '2026-01-13T06:20:00.000Z'],
    ['Вт, 13 янв 2026 15:20:00 +0300', '2026-01-13T12:20:00.000Z'],
    ['1/13/2026 3:20:00 PM', '2026-01-13T06:20:00.000Z'],
    ['13.01.2026 15:20', '2026-01-13T06:20:00.000Z'],
  ])('%s', (written, meant) => {
    expect(readDate(written, KOREA_MINUTES)).toBe(meant);
  });
});

describe('an ISO date, whole or in part', () => {
  test.each([
    ['2026-01-12T18:00:00+09:00', '2026-01-12T09:00:00.000Z'],
    ['2026-01-12T09:00Z', '2026-01-12T09:00:00.000Z'],
    ['2026-01-05T12:00:00.123456+0900', '2026-01-05T03:00:00.123Z'],
    ['2026-01-05 12:00:00 UTC', '2026-01-05T12:00:00.000Z'],
    ['2026/1/5 12:30', '2026-01-05T03:30:00.000Z'],
    ['20260105', '2026-01-04T15:00:00.000Z'],
    ['20260105T120000Z', '2026-01-05T12:00:00.000Z'],
    ['20260105120000', '2026-01-05T03:00:00.000Z'],
    ['2026-01', '2025-12-31T15:00:00.000Z'],
    ['2026', '2025-12-31T15:00:00.000Z'],
    ['2026-013', '2026-01-12T15:00:00.000Z'],
    ['2026-W03-2', '2026-01-12T15:00:00.000Z'],
    ['2026-W53-7', '2027-01-02T15:00:00.000Z'],
    ['2026-01-13T15:20:00+09:00[Asia/Seoul]', '2026-01-13T06:20:00.000Z'],
    ['2026-01-13T15:20:00 09:00', '2026-01-13T06:20:00.000Z'],
    ['2026-01-13 15:20:11.0', '2026-01-13T06:20:11.000Z'],
    ['1768285200', '2026-01-13T06:20:00.000Z'],
    ['1768285200123', '2026-01-13T06:20:00.123Z'],
    ['202601131520', '2026-01-13T06:20:00.000Z'],
  ])('%s', (written, meant) => {
    expect(readDate(written, KOREA_MINUTES)).toBe(meant);
  });
});

describe('a Korean, Japanese or Chinese date', () => {
  test.each([
    ['2026년 1월 5일 (월) 오후 3시 4분', '2026-01-05T06:04:00.000Z'],
    ['2026. 1. 5. 오후 3:04', '2026-01-05T06:04:00.000Z'],
    ['2026.01.05 12:30:11', '2026-01-05T03:30:11.000Z'],
    ['2025年10月01日 05時00分', '2025-09-30T20:00:00.000Z'],
    ['2026年1月5日（月）午後3時', '2026-01-05T06:00:00.000Z'],
    ['２０２６年１月５日', '2026-01-04T15:00:00.000Z'],
    ['2026年1月12日 星期一 18:00:30', '2026-01-12T09:00:30.000Z'],
    ['오전 12시는 자정: 2026년 1월 5일', null],
    ['2026년 1월 5일 오전 12:10', '2026-01-04T15:10:00.000Z'],
    ['기사입력 2026.01.13. 오후 3:20', '2026-01-13T06:20:00.000Z'],
    ['2026.1.13(화) 15:20', '2026-01-13T06:20:00.000Z'],
    ['令和8年1月13日 午後3時20分', '2026-01-13T06:20:00.000Z'],
    ['㋿元年5月1日', '2019-04-30T15:00:00.000Z'],
    ['平成31年4月30日（火）', '2019-04-29T15:00:00.000Z'],
    ['民國115年1月13日 下午3:20', '2026-01-13T06:20:00.000Z'],
    ['二〇二六年一月十三日', '2026-01-12T15:00:00.000Z'],
    ['2026年十二月二十一日15点20分', '2026-12-21T06:20:00.000Z'],
    ['2026年1月13日 凌晨1:20', '2026-01-12T16:20:00.000Z'],
  ])('%s', (written, meant) => {
    expect(readDate(written, KOREA_MINUTES)).toBe(meant);
  });
});

test.each([
  '2026-02-30',
  'Tue, 31 Feb 2026 00:00:00 GMT',
  '2026-13-01',
  '2026-01-05T25:00Z',
  '2026-01-05T24:00:01Z',
  '1969-12-31',
  '0001-01-01T00:00:00Z',
  '9999-12-31',
  '2026-01-05T00:00:00+25:00',
  'Mon, 12 Jan 2026 18:00:00 Nowhere/Land',
  'yesterday',
  '1970-01-01T00:00:00Z',
  '2026-366',
  '2026-W54-1',
  '3/4/2026',
  '2026년 2월 30일',
  '民國115年13月1日',
  'Tue, 13 Foo 2026 15:20:00 GMT',
  '',
])('%s is no date', (written) => {
  expect(readDate(written)).toBeNull();
});

test('a date without a zone is taken at the offset given, one with a zone is not', () => {
  expect(readDate('2026-01-05 09:00', 480)).toBe('2026-01-05T01:00:00.000Z');
  expect(readDate('2026-01-05 09:00 +0900', 480)).toBe('2026-01-05T00:00:00.000Z');
});

test('where nobody says where the publisher is, the letters of the date do', () => {
  expect(readDate('2026년 1월 13일 15시 20분')).toBe('2026-01-13T06:20:00.000Z');
  expect(readDate('令和8年1月13日 15時20分')).toBe('2026-01-13T06:20:00.000Z');
  expect(readDate('2026年1月13日 下午3:20')).toBe('2026-01-13T07:20:00.000Z');
  expect(readDate('2026年1月13日 15:20')).toBe('2026-01-13T15:20:00.000Z');
  expect(readDate('2026년 1월 13일 15시 20분', 480)).toBe('2026-01-13T07:20:00.000Z');
});

test('CST is the zone of Chicago, except for a publisher in China', () => {
  expect(readDate('Tue, 13 Jan 2026 15:20:00 CST')).toBe('2026-01-13T21:20:00.000Z');
  expect(readDate('Tue Jan 13 15:20:00 CST 2026', 480)).toBe('2026-01-13T07:20:00.000Z');
});

const instants = fc.date({ min: new Date('1990-01-02'), max: new Date('2199-12-30'), noInvalidDate: true });

test('what toISOString and toUTCString write is read back, whatever the default offset', () => {
  fc.assert(
    fc.property(instants, fc.integer({ min: -720, max: 840 }), (instant, offset) => {
      const whole = new Date(Math.floor(instant.getTime() / 1000) * 1000);
      expect(readDate(instant.toISOString(), offset)).toBe(instant.toISOString());
      expect(readDate(whole.toUTCString(), offset)).toBe(whole.toISOString());
    }),
  );
});

test('any text is a date in UTC or null, at once', () => {
  const pieces = fc.array(
    fc.constantFrom(
      '2026',
      '1',
      '-',
      '/',
      ':',
      ' ',
      'Jan',
      '年',
      '月',
      '日',
      '오후',
      '(',
      ')',
      '+09',
      'T',
      'Z',
      '.',
      ',',
    ),
    { maxLength: 60 },
  );
  const law = fc.property(
    fc.oneof(
      fc.string(),
      pieces.map((all) => all.join('')),
    ),
    (text) => {
      const read = readDate(text);
      expect(read === null || new Date(read).toISOString() === read).toBe(true);
    },
  );
  const ms = cpuMsOf(() => {
    fc.assert(law, { numRuns: 2000 });
  });
  // A regular expression that runs away takes minutes; this takes a fraction of a second.
  expect(ms).toBeLessThan(10_000);
});

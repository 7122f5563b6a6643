import { describe, expect, test } from 'vitest';
import { copyKeyOf } from '../../src/classify/copy-key.ts';

describe('copies of one text share a key', () => {
  test.each([
    ['(LEAD) Ministers agree to reopen the fisheries talks', 'Ministers agree to reopen the fisheries talks'],
    [
      '(2nd LD) Ministers agree to reopen the fisheries talks',
      'Ministers Agree to Reopen the Fisheries Talks - Yonhap',
    ],
    [
      'UPDATE 2-Ministers agree to reopen the fisheries talks',
      'Ministers agree to reopen the fisheries talks | Some Paper',
    ],
    ['[속보] 양국 장관, 어업 협상 재개에 합의', '양국 장관, 어업협상 재개에 합의(종합2보) - 연합뉴스'],
    ['【速報】両国の閣僚が漁業交渉の再開で合意', '両国の閣僚が漁業交渉の再開で合意'],
    ['快訊／兩國部長同意重啟漁業談判', '两国部长同意重启渔业谈判'],
  ])('%s = %s', (one, other) => {
    // Digits of a digest: no word of the headline is in it.
    expect(copyKeyOf(one)).toMatch(/^[0-9a-f]{32}$/);
    expect(copyKeyOf(one)).toBe(copyKeyOf(other));
  });

  test('another number is another text', () => {
    expect(copyKeyOf('Storm toll in the south of the country rises to 12')).not.toBe(
      copyKeyOf('Storm toll in the south of the country rises to 14'),
    );
  });

  test.each(['社説', 'Corrections', '[속보]', '', '快讯', 'Weather - Some Paper'])(
    'a title that tells nothing apart has no key: %s',
    (title) => {
      expect(copyKeyOf(title)).toBe('');
    },
  );
});

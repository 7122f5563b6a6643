import iconv from 'iconv-lite';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/ingest/decode.ts';

const HANGUL = '정부는 세 나라가 서울에서 다시 만나 공급망과 수산물 문제를 이야기한다고 밝혔다.';
const KANA = '両国の担当者は来月もう一度会い、これまでの約束を一つずつ確かめることにした。';
const SIMPLIFIED = '双方同意在下个月之前交换名单，以便了解这些规定对企业和人民的影响。';
const TRADITIONAL = '雙方同意在下個月之前交換名單，以便了解這些規定對企業和人民的影響。';

const texts: readonly (readonly [string, string])[] = [
  ['euc-kr', HANGUL],
  ['shift_jis', KANA],
  ['euc-jp', KANA],
  ['gb18030', SIMPLIFIED],
  ['big5', TRADITIONAL],
];

describe('East Asian bytes', () => {
  test.each(texts)('in %s are read when HTTP declares it', (charset, text) => {
    const decoded = decode(iconv.encode(text, charset), `text/xml; charset="${charset.toUpperCase()}"`);
    expect(decoded).toEqual({ text, charset, from: 'http' });
  });

  test.each(texts)('in %s are guessed when nothing declares it', (charset, text) => {
    expect(decode(iconv.encode(text, charset))).toEqual({ text, charset, from: 'guess' });
  });

  test.each(texts)('in %s are guessed when UTF-8 is declared', (charset, text) => {
    expect(decode(iconv.encode(text, charset), 'application/rss+xml; charset=utf-8').text).toBe(text);
  });
});

describe('East Asian bytes declared in another charset', () => {
  const declarations = [...texts.map(([charset]) => charset), 'windows-1251', 'iso-8859-1', 'iso-2022-jp'];
  test.each(texts)('in %s are read for what they are', (charset, text) => {
    const bytes = iconv.encode(text, charset);
    const wrong = declarations.filter(
      (declared) => !decode(bytes, `text/xml; charset=${declared}`).text.includes(text),
    );
    expect(wrong).toEqual([]);
  });
});

test('Russian in the charset it is declared in is not taken for Chinese', () => {
  const text = 'Министр иностранных дел встретился с коллегой в Пекине';
  for (const charset of ['windows-1251', 'koi8-r', 'iso-8859-5']) {
    expect(decode(iconv.encode(text, charset), `text/xml; charset=${charset}`).text).toBe(text);
  }
});

test('letters that only the vendors have are read', () => {
  expect(decode(iconv.encode('뷁 햏', 'cp949'), 'text/xml; charset=euc-kr').text).toBe('뷁 햏');
  expect(decode(iconv.encode('①㈱髙', 'cp932'), 'text/xml; charset=shift_jis').text).toBe('①㈱髙');
  expect(decode(iconv.encode('鰂魚涌', 'big5hkscs'), 'text/xml; charset=big5').text).toBe('鰂魚涌');
});

test('the XML declaration counts where HTTP says nothing, or only its default', () => {
  const bytes = iconv.encode(`<?xml version='1.0' encoding='ks_c_5601-1987'?>${HANGUL}`, 'euc-kr');
  expect(decode(bytes).from).toBe('declaration');
  expect(decode(bytes, 'text/xml; charset=ISO-8859-1').text).toContain(HANGUL);
});

test('Western bytes are windows-1252, with its curly quotes', () => {
  const text = 'The minister’s “no” – and a café';
  expect(decode(iconv.encode(text, 'windows-1252')).text).toBe(text);
  expect(decode(iconv.encode(text, 'windows-1252'), 'text/xml; charset=iso-8859-1').text).toBe(text);
});

test('UTF-16 is known by its mark, or by its first angle bracket', () => {
  const xml = `<?xml version="1.0"?>${KANA}`;
  expect(decode(iconv.encode(xml, 'utf16le', { addBOM: true })).text).toBe(xml);
  expect(decode(iconv.encode(xml, 'utf-16be', { addBOM: false })).text).toBe(xml);
  expect(decode(iconv.encode(`<rss>${KANA}</rss>`, 'utf-16le', { addBOM: false })).text).toBe(
    `<rss>${KANA}</rss>`,
  );
});

test('a byte order mark is not part of the text', () => {
  expect(decode(Buffer.from(`\ufeff${HANGUL}`)).text).toBe(HANGUL);
});

test('UTF-8 with a letter cut in two stays UTF-8', () => {
  const bytes = Buffer.from(HANGUL.repeat(20));
  expect(decode(bytes.subarray(0, bytes.length - 2), 'text/xml; charset=utf-8').text).toContain(HANGUL);
});

test('any UTF-8 text is read back whatever is declared', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('euc-kr', 'latin1', 'big5', 'nonsense'),
      (text, charset) => {
        fc.pre(!text.startsWith('\ufeff') && !text.includes('\u001b') && !/^[<\0]/.test(text));
        expect(decode(Buffer.from(text), `text/xml; charset=${charset}`).text).toBe(
          Buffer.from(text).toString(),
        );
      },
    ),
  );
});

test('any bytes give a text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(typeof decode(bytes, null).text).toBe('string');
    }),
  );
});

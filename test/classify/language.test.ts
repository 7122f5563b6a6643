import { describe, expect, test } from 'vitest';
import { languageOf } from '../../src/classify/language.ts';

describe('the language of a text', () => {
  test.each([
    ['양국 정상이 만났다', 'en', 'ko'],
    ['Leaders of both countries met', 'ko', 'en'],
    ['両国の首脳が会談した', 'zh', 'ja'],
    ['日米首脳会談', 'ja', 'ja'],
    ['兩國領導人會談', 'zh-TW', 'zh'],
    ['两国领导人会谈', null, 'zh'],
    ['米国の対応', null, 'ja'],
    ['KBS·MBC, CES 2026 현장 보도', null, 'ko'],
    ['Die Kanzlerin reist nach Peking', 'de-DE', 'de'],
    ['2026', 'ja', 'ja'],
    ['…', null, null],
  ])('%s, called %s, is %s', (text, hint, lang) => {
    expect(languageOf(text, hint)).toBe(lang);
  });
});

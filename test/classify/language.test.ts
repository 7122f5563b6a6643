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
    ['Séoul et Tokyo reprennent leurs échanges', 'ko', 'fr'],
    ['Seúl y Tokio reanudan el diálogo', null, 'es'],
    ['Seoul und Tokio nehmen Gespräche wieder auf', 'zh-TW', 'de'],
    ['Seoul dan Tokyo akan melanjutkan pembicaraan', 'en', 'id'],
    ['Seoul và Tokyo nối lại đối thoại', 'ko', 'vi'],
    ['Premier resigns', 'ko', 'en'],
    ['Café owner from São Paulo opens in Seoul', 'en', 'en'],
    ['Carnival in Rio de Janeiro and Salvador', null, 'en'],
    ['The two leaders will meet in Nara, says Tokyo', 'fr', 'en'],
    ['国会議員団訪問', null, 'ja'],
    ['国会議員団、来週訪韓へ 日韓関係発展', null, 'ja'],
    ['两国领导人将于下周举行会谈', 'ja', 'zh'],
    ['両国関係、発展へ 経済協力拡大', 'zh', 'ja'],
    ['2026', 'ja', 'ja'],
    ['…', null, null],
  ])('%s, called %s, is %s', (text, hint, lang) => {
    expect(languageOf([text], hint)).toBe(lang);
  });
});

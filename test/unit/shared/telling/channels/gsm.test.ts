import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitGsm, isGsm, septetsOf, toGsm } from '../../../../../shared/telling/channels/gsm.ts';
import { cases } from '../../../../support/depth.ts';

describe('a text in the letters of a telephone', () => {
  test.each([
    ['broker 2 is down', 'broker 2 is down'],
    ['größte Verzögerung: 5 €', 'größte Verzögerung: 5 €'],
    ['Čeština, łódź, français, naïve', 'Cestina, lodz, francais, naive'],
    ['“lag” – 3 × more… ≥ 5 → stop', '"lag" - 3 x more... >= 5 -> stop'],
    ['topic 订单处理 is behind', 'topic ? is behind'],
    ['a\\u{3c}\\u{40}b', 'a?b'],
    ['\u{1f6a8} P0 \u{1f6a8}', '? P0 ?'],
    ['`code`', "'code'"],
    ['ﬁle №5', 'file No5'],
  ])('%s is %s', (text, gsm) => {
    expect(toGsm(text)).toBe(gsm);
    expect(isGsm(gsm)).toBe(true);
  });

  // 3GPP TS 23.038, section 6.2.1.1: the extension table.
  test.each([...'^{}\\[~]|€'])('%s counts twice', (sign) => expect(septetsOf(sign)).toBe(2));
  test.each([...'@£$_èÆΔ¡§ñà&<>'])('%s counts once', (letter) => expect(septetsOf(letter)).toBe(1));
  test.each(['`', 'ç', 'á', '…', '\n', '\r', '\u001b', '日', ''])('%j is no letter of it, or none at all', (letter) =>
    expect(isGsm(letter)).toBe(letter === ''),
  );

  test('is cut visibly, and never in the middle of a sign that counts twice', () => {
    expect(fitGsm('broker 2 is down', 10)).toBe('broker ...');
    expect(fitGsm('[][][]', 6)).toBe('[...');
    expect(fitGsm('[][][]', 12)).toBe('[][][]');
    expect(fitGsm('broker', 2)).toBe('..');
    expect(fitGsm('broker', -1)).toBe('');
  });

  test('holds for any text, of any length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: -5, max: 160 }), (text, most) => {
        const gsm = toGsm(text);
        expect(isGsm(gsm)).toBe(true);
        expect(septetsOf(fitGsm(gsm, most))).toBeLessThanOrEqual(Math.max(0, most));
      }),
      cases(200, 5_000),
    );
  });
});

import { beforeEach, expect, test } from 'vitest';
import {
  formatDuration,
  formatMoney,
  formatMonth,
  formatRecent,
  formatSize,
  formatSpeed,
  parseAmount,
  writeAmount,
} from '../../src/format.ts';
import { setLanguage } from '../../src/language.ts';
import sizes from './sizes.json' with { type: 'json' };

/** Intl's several kinds of no-break space, as plain ones. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

beforeEach(() => setLanguage('en'));

test.each(sizes)('$size bytes read $en and $fr, as in the texts of the bot', ({ size, en, fr }) => {
  expect(plain(formatSize(size))).toBe(en);
  setLanguage('fr');
  expect(plain(formatSize(size))).toBe(fr);
});

test('speeds are said in French units in French', () => {
  expect(plain(formatSpeed(2_250_000))).toBe('2.3 MB/s');
  setLanguage('fr');
  expect(plain(formatSpeed(2_250_000))).toBe('2,3 Mo/s');
});

test.each([
  [0.2, '1 s'],
  [59, '59 s'],
  [90, '2 min'],
  [7500, '2 h 5 min'],
])('%d seconds read %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('a month is named in the reader’s language, in whatever zone they are', () => {
  expect(formatMonth('2026-11-01')).toBe('Nov 2026');
  setLanguage('fr');
  expect(formatMonth('2026-08-01')).toBe('août 2026');
});

test('money is written from minor units in each currency’s own digits', () => {
  expect(formatMoney({ amount: 1990, currency: 'EUR' })).toBe('€19.90');
  expect(formatMoney({ amount: 500, currency: 'JPY' })).toBe('¥500');
  expect(formatMoney({ amount: 1250, currency: 'XTR' })).toBe('1,250 ⭐');
});

test.each([
  ['19,90', 'EUR', 1990],
  ['19.9', 'EUR', 1990],
  [' 5 ', 'XTR', 5],
  ['0.07', 'USD', 7],
  ['5.5', 'XTR', null],
  ['1.999', 'EUR', null],
  ['0', 'EUR', null],
  ['-3', 'EUR', null],
  ['1e3', 'EUR', null],
  ['', 'EUR', null],
])('“%s” in %s is %s minor units', (text, currency, amount) => {
  expect(parseAmount(text, currency)).toBe(amount);
});

test.each([
  ['1,000', 'en', 100000],
  ['1,000', 'fr', [100, 100000]],
  ['1.000', 'en', [100, 100000]],
  ['2,500', 'en', 250000],
  ['1\u202f000,50', 'fr', 100050],
  ["1'000", 'en', 100000],
  ['١٬٠٠٠', 'fr', 100000],
  ['１２．５', 'fr', 1250],
  ['1²', 'en', null],
  ['1,0000', 'en', null],
] as const)('“%s” read in %s is %s', (text, language, amount) => {
  setLanguage(language);
  expect(parseAmount(text, 'EUR')).toEqual(amount);
});

test('an amount that is written can be read again', () => {
  for (const amount of [1, 7, 99, 100, 123456]) {
    expect(parseAmount(writeAmount({ amount, currency: 'EUR' }), 'EUR')).toBe(amount);
    expect(parseAmount(writeAmount({ amount, currency: 'XTR' }), 'XTR')).toBe(amount);
  }
});

test('what was today reads as a time, what was before as a date', () => {
  const now = new Date(2026, 10, 21, 20, 7);
  expect(plain(formatRecent(new Date(2026, 10, 21, 6, 27).toISOString(), now))).toBe('6:27 AM');
  expect(formatRecent(new Date(2026, 10, 20, 20, 30).toISOString(), now)).toBe('Nov 20, 2026');
});

import { beforeEach, expect, test } from 'vitest';
import { setLanguage } from '../../src/language.ts';
import { addCurrency, readPrices, startPrices } from '../../src/screens/price-fields.tsx';

const RAILS = ['stars', 'card', 'manual'];
const PRICES = {
  card: [
    { amount: 1100, currency: 'USD' as const },
    { amount: 999, currency: 'EUR' as const },
  ],
};

beforeEach(() => setLanguage('en'));

test('each rail has a field for each of its prices, in their order, and else an empty one', () => {
  expect(startPrices(RAILS, PRICES)).toEqual([
    { rail: 'stars', currency: 'XTR', text: '' },
    { rail: 'card', currency: 'USD', text: '11.00' },
    { rail: 'card', currency: 'EUR', text: '9.99' },
    { rail: 'manual', currency: 'USD', text: '' },
  ]);
});

test('what is shown is what is sent, and an emptied field is a price that is asked no more', () => {
  const drafts = startPrices(RAILS, PRICES);
  expect(readPrices(drafts)).toEqual(PRICES);
  const fewer = drafts.map((draft) => (draft.currency === 'EUR' ? { ...draft, text: ' ' } : draft));
  expect(readPrices(fewer)).toEqual({ card: [PRICES.card[0]] });
  expect(readPrices(startPrices(RAILS, {}))).toBe('Set at least one price.');
});

test('prices on a rail that the shop takes no more stay', () => {
  expect(readPrices(startPrices(['stars'], PRICES))).toEqual(PRICES);
});

test('a further currency of a rail stands behind its others and is none that it has', () => {
  const more = addCurrency(startPrices(RAILS, PRICES), 'card');
  expect(more.map(({ rail, currency }) => `${rail} ${currency}`)).toEqual([
    'stars XTR',
    'card USD',
    'card EUR',
    'card GBP',
    'manual USD',
  ]);
  expect(addCurrency(more, 'stars')).toBe(more);
});

test('what is no amount is said with its rail and currency', () => {
  expect(readPrices([{ rail: 'card', currency: 'USD', text: 'ten' }])).toBe(
    'Card: This is not an amount above zero in USD.',
  );
});

import { Fragment } from 'preact';
import type { ProductBody, SellerProduct } from '../api/types.ts';
import { EXPONENTS, parseAmount, writeAmount } from '../format.ts';
import { say, sayNamed } from '../language.ts';
import { Button } from '../ui/kit.tsx';

/** A price as it is being typed; an empty text is none. A rail has a draft for each of its currencies. */
export interface PriceDraft {
  rail: string;
  text: string;
  currency: string;
}

type Prices = NonNullable<ProductBody['prices']>;

const CURRENCIES = Object.keys(EXPONENTS).filter((code) => code !== 'XTR');

/**
 * Stars have one currency, XTR; every other rail starts with the currency that the product has elsewhere.
 * Prices on a rail that the shop takes no more are shown as well, since what is left out is not kept.
 */
export function startPrices(rails: string[], prices: SellerProduct['prices']): PriceDraft[] {
  const all = Object.values(prices).flat();
  const usual = all.find(({ currency }) => currency !== 'XTR')?.currency ?? 'EUR';
  return [...new Set([...rails, ...Object.keys(prices)])].flatMap((rail) => {
    const drafts = (prices[rail] ?? []).map((price) => ({
      rail,
      currency: price.currency as string,
      text: writeAmount(price),
    }));
    return drafts.length > 0 ? drafts : [{ rail, currency: rail === 'stars' ? 'XTR' : usual, text: '' }];
  });
}

/** The drafts with one more for a rail, in a currency that it does not have yet. */
export function addCurrency(drafts: PriceDraft[], rail: string): PriceDraft[] {
  const after = lastOf(drafts, rail) + 1;
  const [currency] = freeCurrencies(drafts, rail);
  if (currency === undefined) return drafts;
  return [...drafts.slice(0, after), { rail, currency, text: '' }, ...drafts.slice(after)];
}

function lastOf(drafts: PriceDraft[], rail: string): number {
  return drafts.map((draft) => draft.rail).lastIndexOf(rail);
}

function freeCurrencies(drafts: PriceDraft[], rail: string): string[] {
  const taken = drafts.filter((draft) => draft.rail === rail).map(({ currency }) => currency);
  return taken.includes('XTR') ? [] : CURRENCIES.filter((code) => !taken.includes(code));
}

/** The prices in minor units, or what is wrong with what was typed. */
export function readPrices(drafts: PriceDraft[]): Prices | string {
  const prices: Prices = {};
  for (const { rail, text, currency } of drafts) {
    if (text.trim() === '') continue;
    const amount = parseAmount(text, currency);
    if (typeof amount !== 'number')
      return say('app.pair', { name: sayNamed('rail', rail), value: whyNot(amount, currency) });
    prices[rail] = [...(prices[rail] ?? []), { amount, currency }];
  }
  return Object.keys(prices).length > 0 ? prices : say('form.needPrice');
}

function whyNot(readings: [number, number] | null, currency: string): string {
  if (readings === null) return say('form.badPrice', { currency });
  const [first, second] = readings.map((amount) => `${writeAmount({ amount, currency })} ${currency}`);
  return say('form.twoPrices', { first: first ?? '', second: second ?? '' });
}

interface Props {
  drafts: PriceDraft[];
  wrong: string | undefined;
  onChange: (drafts: PriceDraft[]) => void;
}

export function PriceFields({ drafts, wrong, onChange }: Props) {
  const change = (index: number, update: Partial<PriceDraft>) =>
    onChange(drafts.map((draft, at) => (at === index ? { ...draft, ...update } : draft)));
  return (
    <fieldset class="card" id="prices" tabIndex={-1} aria-describedby="prices-help">
      <legend class="hidden">{say('form.prices')}</legend>
      <h2>{say('form.prices')}</h2>
      {drafts.map((draft, index) => {
        const { rail, text } = draft;
        const before = drafts.slice(0, index).filter((other) => other.rail === rail).length;
        const free = freeCurrencies(drafts, rail);
        return (
          <Fragment key={`${rail}/${before}`}>
            <PriceField
              draft={draft}
              before={before}
              free={free}
              onChange={(update) => change(index, update)}
            />
            {lastOf(drafts, rail) === index && text.trim() !== '' && free.length > 0 && (
              <Button onClick={() => onChange(addCurrency(drafts, rail))}>
                {say('form.addCurrency', { rail: sayNamed('rail', rail) })}
              </Button>
            )}
          </Fragment>
        );
      })}
      <p id="prices-help" class={wrong ? 'wrong' : 'muted'} role={wrong ? 'alert' : undefined}>
        {wrong ?? say('form.pricesHint')}
      </p>
    </fieldset>
  );
}

interface FieldProps {
  draft: PriceDraft;
  before: number; // drafts of the same rail
  free: string[];
  onChange: (update: Partial<PriceDraft>) => void;
}

function PriceField({ draft: { rail, text, currency }, before, free, onChange }: FieldProps) {
  const name = sayNamed('rail', rail);
  const id = before === 0 ? `price-${rail}` : `price-${rail}-${before + 1}`;
  return (
    <div class="field">
      <label for={id}>{before === 0 ? name : say('form.alsoIn', { rail: name, currency })}</label>
      <div class="price">
        <input
          id={id}
          type="text"
          inputMode={EXPONENTS[currency] === 0 ? 'numeric' : 'decimal'}
          autoComplete="off"
          value={text}
          onInput={(event) => onChange({ text: event.currentTarget.value })}
        />
        {currency === 'XTR' ? (
          <span class="unit">⭐ Stars</span>
        ) : (
          <select
            aria-label={say('form.currency', { rail: name })}
            value={currency}
            onChange={(event) => onChange({ currency: event.currentTarget.value })}
          >
            {CURRENCIES.filter((code) => code === currency || free.includes(code)).map((code) => (
              <option key={code}>{code}</option>
            ))}
          </select>
        )}
      </div>
    </div>
  );
}

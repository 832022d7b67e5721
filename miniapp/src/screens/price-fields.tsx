import type { ProductBody, SellerProduct } from '../api/types.ts';
import { EXPONENTS, parseAmount, writeAmount } from '../format.ts';
import { say, sayNamed } from '../language.ts';

/** A price as it is being typed; an empty text means that the rail is not offered. */
export interface PriceDraft {
  rail: string;
  text: string;
  currency: string;
}

type Prices = NonNullable<ProductBody['prices']>;

const CURRENCIES = Object.keys(EXPONENTS).filter((code) => code !== 'XTR');

/** Stars have one currency, XTR; every other rail starts with the currency that the product has elsewhere. */
export function startPrices(rails: string[], prices: SellerProduct['prices']): PriceDraft[] {
  const usual = Object.values(prices).find(({ currency }) => currency !== 'XTR')?.currency ?? 'EUR';
  return rails.map((rail) => {
    const price = prices[rail];
    const currency = price?.currency ?? (rail === 'stars' ? 'XTR' : usual);
    return { rail, currency, text: price ? writeAmount(price) : '' };
  });
}

/** The prices in minor units, or what is wrong with what was typed. */
export function readPrices(drafts: PriceDraft[]): Prices | string {
  const prices: Prices = {};
  for (const { rail, text, currency } of drafts) {
    if (text.trim() === '') continue;
    const amount = parseAmount(text, currency);
    if (typeof amount !== 'number')
      return say('app.pair', { name: sayNamed('rail', rail), value: whyNot(amount, currency) });
    prices[rail] = { amount, currency };
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
  const change = (rail: string, update: Partial<PriceDraft>) =>
    onChange(drafts.map((draft) => (draft.rail === rail ? { ...draft, ...update } : draft)));
  return (
    <fieldset class="card" id="prices" tabIndex={-1} aria-describedby="prices-help">
      <legend class="hidden">{say('form.prices')}</legend>
      <h2>{say('form.prices')}</h2>
      {drafts.map((draft) => (
        <PriceField key={draft.rail} draft={draft} onChange={(update) => change(draft.rail, update)} />
      ))}
      <p id="prices-help" class={wrong ? 'wrong' : 'muted'} role={wrong ? 'alert' : undefined}>
        {wrong ?? say('form.pricesHint')}
      </p>
    </fieldset>
  );
}

function PriceField({
  draft,
  onChange,
}: {
  draft: PriceDraft;
  onChange: (update: Partial<PriceDraft>) => void;
}) {
  const { rail, text, currency } = draft;
  const name = sayNamed('rail', rail);
  return (
    <div class="field">
      <label for={`price-${rail}`}>{name}</label>
      <div class="price">
        <input
          id={`price-${rail}`}
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
            {CURRENCIES.map((code) => (
              <option key={code}>{code}</option>
            ))}
          </select>
        )}
      </div>
    </div>
  );
}

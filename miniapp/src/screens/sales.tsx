import { useState } from 'preact/hooks';
import type { RailSales, SalesAnswer } from '../api/types.ts';
import { formatDay, formatMoney } from '../format.ts';
import { say, sayNamed } from '../language.ts';
import { useShop } from '../ui/context.ts';
import { Choices, Empty, Failure, Loading } from '../ui/kit.tsx';
import { useLoaded } from '../ui/loaded.ts';
import { Screen } from '../ui/screen.tsx';
import { Sections } from '../ui/sections.tsx';
import { Series } from '../ui/series.tsx';

const PERIODS = [7, 30, 90];
const ORDERS = 'orders';

export function Sales() {
  const { api } = useShop();
  const [days, setDays] = useState(30);
  const { data, error, reload } = useLoaded(() => api.sales(days), days);
  const options = PERIODS.map((count) => ({ value: count, text: say('sales.days', { count }) }));
  return (
    <Screen title={say('sales.title')}>
      <Sections current="sales" />
      <Choices label={say('sales.period')} options={options} chosen={days} onChoose={setDays} />
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data?.totals.length === 0 && <Empty icon="sales" title={say('sales.empty')} />}
      {data && data.totals.length > 0 && <Figures sales={data} />}
      <a class="button wide" href="#/orders">
        {say('orders.title')}
      </a>
      <a class="button wide" href="#/statement">
        {say('statement.title')}
      </a>
      <a class="button wide" href="#/cards">
        {say('cards.title')}
      </a>
    </Screen>
  );
}

/** Currencies are never added up: each rail and currency is a measure of its own. */
function Figures({ sales: { days, totals } }: { sales: SalesAnswer }) {
  const [choice, setMeasure] = useState<string>(ORDERS);
  const total = totals.find((line) => measureOf(line) === choice);
  const write = (value: number) =>
    total ? formatMoney({ amount: Math.round(value), currency: total.currency }) : String(value);
  const bars = days.map(({ date, orders, revenue }) => ({
    label: formatDay(date),
    value: total
      ? (revenue[total.rail]?.find(({ currency }) => currency === total.currency)?.amount ?? 0)
      : orders,
  }));
  const nameOf = ({ rail, currency }: RailSales) => {
    const isAlone = totals.filter((line) => line.rail === rail).length === 1;
    return isAlone ? sayNamed('rail', rail) : `${sayNamed('rail', rail)} · ${currency}`;
  };
  const measure = total ? choice : ORDERS;
  const name = total ? nameOf(total) : say('sales.orders');
  const options = [
    { value: ORDERS, text: say('sales.orders') },
    ...totals.map((line) => ({ value: measureOf(line), text: nameOf(line) })),
  ];
  return (
    <>
      <Totals totals={totals} />
      <section class="card stack tight">
        <Choices label={say('sales.measure')} options={options} chosen={measure} onChoose={setMeasure} />
        <Series name={name} step="day" bars={bars} write={write} />
      </section>
    </>
  );
}

function measureOf({ rail, currency }: RailSales): string {
  return `${rail}/${currency}`;
}

/** What each rail brought; one currency is never added to another. */
export function Totals({ totals }: { totals: RailSales[] }) {
  return (
    <ul class="totals">
      {totals.map(({ rail, currency, amount, orders }) => (
        <li key={`${rail}/${currency}`} class="card">
          <p class="muted">{sayNamed('rail', rail)}</p>
          <p class="amount">{formatMoney({ amount, currency })}</p>
          <p class="muted">{say('app.pair', { name: say('sales.orders'), value: orders })}</p>
        </li>
      ))}
    </ul>
  );
}

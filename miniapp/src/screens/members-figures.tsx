import { useState } from 'preact/hooks';
import type { MembersFigures } from '../api/types.ts';
import { formatCount, formatMoney, formatMonth, formatPercent } from '../format.ts';
import { say, sayNamed } from '../language.ts';
import { Choices, Empty } from '../ui/kit.tsx';
import { Series, Table } from '../ui/series.tsx';

/** Members by state, and what each month brought and lost. */
export function MonthFigures({ figures }: { figures: MembersFigures }) {
  const states = Object.entries(figures.states);
  if (states.every(([, amount]) => amount === 0))
    return <Empty icon="memberships" title={say('members.empty')} hint={say('members.emptyHint')} />;
  return (
    <>
      <ul class="totals">
        {states
          .filter(([name, amount]) => amount > 0 || name === 'active')
          .map(([name, amount]) => (
            <li key={name} class="card">
              <p class="muted">{sayNamed('member', name)}</p>
              <p class="amount">{formatCount(amount)}</p>
            </li>
          ))}
      </ul>
      <Revenue figures={figures} />
      <Churn churn={figures.churn} />
    </>
  );
}

/** Every month is drawn, those without a payment too; one currency at a time. */
function Revenue({ figures: { revenue, churn } }: { figures: MembersFigures }) {
  const currencies = [...new Set(revenue.map(({ currency }) => currency))];
  const [choice, setChoice] = useState('');
  const currency = currencies.find((code) => code === choice) ?? currencies[0] ?? 'XTR';
  const earned = new Map(
    revenue.filter((line) => line.currency === currency).map(({ month, amount }) => [month, amount]),
  );
  const bars = churn.map(({ month }) => ({ label: formatMonth(month), value: earned.get(month) ?? 0 }));
  return (
    <section class="card stack tight">
      <h2>{say('members.revenue')}</h2>
      {currencies.length > 1 && (
        <Choices
          label={say('members.currency')}
          options={currencies.map((value) => ({ value, text: value === 'XTR' ? 'Stars' : value }))}
          chosen={currency}
          onChoose={setChoice}
        />
      )}
      <Series
        name={say('members.revenue')}
        step="month"
        bars={bars}
        write={(value) => formatMoney({ amount: Math.round(value), currency })}
      />
    </section>
  );
}

function Churn({ churn }: { churn: MembersFigures['churn'] }) {
  const bars = churn.map(({ month, rate }) => ({ label: formatMonth(month), value: 100 * (rate ?? 0) }));
  return (
    <section class="card stack tight">
      <h2>{say('members.churn')}</h2>
      <p class="muted">{say('members.churnHint')}</p>
      <Series
        name={say('members.churn')}
        step="month"
        bars={bars}
        write={(value) => formatPercent(value / 100)}
      />
      <Table
        summary={say('members.comings')}
        heads={[say('chart.at.month'), say('members.start'), say('members.gained'), say('members.lost')]}
        rows={churn.map(({ month, ...line }) => [
          formatMonth(month),
          ...[line.members, line.gained, line.lost].map(formatCount),
        ])}
      />
    </section>
  );
}

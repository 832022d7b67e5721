import { useState } from 'preact/hooks';
import type { StatementAnswer, StatementLine } from '../api/types.ts';
import { formatMoney, formatMonth, monthAfter } from '../format.ts';
import { count, say, sayNamed } from '../language.ts';
import { download } from '../telegram.ts';
import { useActing } from '../ui/acting.ts';
import { useShop } from '../ui/context.ts';
import { Button, Empty, Failure, Loading, Panel } from '../ui/kit.tsx';
import { useLoaded } from '../ui/loaded.ts';
import { Screen } from '../ui/screen.tsx';

/** A seller's month for the accountant: sums by rail and currency, and the file with a line for each paper. */
export function Statement() {
  const { api } = useShop();
  const latest = new Date().toISOString().slice(0, 7);
  const [month, setMonth] = useState(latest);
  const { data, error, reload } = useLoaded(() => api.statement(month), month);
  return (
    <Screen title={say('statement.title')} back="/sales">
      <p class="muted">{say('statement.why')}</p>
      <div class="row apart">
        <Button onClick={() => setMonth(monthAfter(month, -1))} label={say('statement.before')}>
          ‹
        </Button>
        <h2 aria-live="polite">{formatMonth(`${month}-01`)}</h2>
        <Button
          onClick={() => setMonth(monthAfter(month, 1))}
          disabled={month >= latest}
          label={say('statement.after')}
        >
          ›
        </Button>
      </div>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data?.sums.length === 0 && <Empty icon="sales" title={say('statement.none')} />}
      {data && data.sums.length > 0 && <Month key={data.month} statement={data} />}
    </Screen>
  );
}

function Month({ statement }: { statement: StatementAnswer }) {
  const { busy, error, act } = useActing();
  const [started, setStarted] = useState(false);
  const fetchFile = () =>
    act(async () => {
      await download(statement.file, statement.file_name);
      setStarted(true);
    });
  return (
    <>
      <ul class="stack">
        {statement.sums.map((line) => (
          <Line key={`${line.rail}/${line.currency}`} line={line} />
        ))}
      </ul>
      <Button kind="primary" wide onClick={fetchFile} disabled={busy}>
        {say('statement.file')}
      </Button>
      {started && <Panel tone="success">{say('library.started', { name: statement.file_name })}</Panel>}
      {error !== null && <Failure error={error} onRetry={fetchFile} />}
    </>
  );
}

function Line({ line }: { line: StatementLine }) {
  const money = (amount: number) => formatMoney({ amount, currency: line.currency });
  const rows = [
    ['sold', money(line.sold), count('statement.sales', line.sales)],
    ['back', money(line.given_back), count('statement.refunds', line.refunds)],
    ['net', money(line.net), ''],
    ...(line.vat === null ? [] : [['vat', money(line.vat), ''] as const]),
    ['paid', money(line.paid_out), ''],
  ] as const;
  return (
    <li class="card stack tight">
      <h3>{sayNamed('rail', line.rail)}</h3>
      <dl class="stack tight">
        {rows.map(([name, amount, many]) => (
          <div key={name} class="row apart">
            <dt>
              {say(`statement.${name}`)} {many && <span class="muted">{many}</span>}
            </dt>
            <dd class={name === 'net' ? 'strong' : undefined}>{amount}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

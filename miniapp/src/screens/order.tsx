import { useState } from 'preact/hooks';
import type { SaleAnswer, SaleRefundRow } from '../api/types.ts';
import { formatDate, formatMoney } from '../format.ts';
import { say, sayNamed } from '../language.ts';
import { useShop } from '../ui/context.ts';
import { Badge, Button, Failure, Loading, Panel, type Tone } from '../ui/kit.tsx';
import { useLoaded } from '../ui/loaded.ts';
import { Screen } from '../ui/screen.tsx';
import { Dispute } from './dispute.tsx';
import { ORDER_TONES } from './orders.tsx';
import { SaleRefund } from './sale-refund.tsx';

const TONES: Record<SaleRefundRow['status'], Tone> = {
  wanted: 'plain',
  pending: 'plain',
  succeeded: 'good',
  failed: 'danger',
};

/** One sale, what went back of it, and the way to give back more. */
export function SaleOrder({ number }: { number: string }) {
  const { api } = useShop();
  const { data, error, reload } = useLoaded(() => api.saleOrder(number), number);
  return (
    <Screen title={say('orders.one', { number })} back="/orders">
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data && <Facts sale={data} />}
      {data?.disputes.map((dispute) => (
        <Dispute key={dispute.id} dispute={dispute} onChange={reload} />
      ))}
      {data && data.refunds.length > 0 && <Refunds refunds={data.refunds} />}
      {data && <Refunding key={data.left.amount} sale={data} onChange={reload} />}
    </Screen>
  );
}

function Facts({ sale }: { sale: SaleAnswer }) {
  return (
    <section class="card stack tight">
      <div class="row apart">
        <h2 class="grow">{sale.title}</h2>
        <Badge tone={ORDER_TONES[sale.status]}>{sayNamed('order', sale.status)}</Badge>
      </div>
      <p class="amount">{formatMoney(sale.price)}</p>
      <p class="muted">
        {say('orders.paid', { rail: sayNamed('rail', sale.rail), date: formatDate(sale.paid_at) })}
      </p>
      <p class="muted">
        {sale.buyer
          ? say('app.pair', { name: say('orders.buyer'), value: sale.buyer })
          : say('orders.nobody')}
      </p>
      <p class="muted">{say(sale.in_force ? 'orders.access' : 'orders.noAccess')}</p>
    </section>
  );
}

function Refunds({ refunds }: { refunds: SaleRefundRow[] }) {
  return (
    <ul class="stack tight">
      {refunds.map(({ amount, status, reason, created_at }) => (
        <li key={`${created_at}/${amount.amount}`} class="card stack tight">
          <div class="row apart">
            <span class="grow">{formatMoney(amount)}</span>
            <Badge tone={TONES[status]}>{say(`refund.${status}`)}</Badge>
          </div>
          <p class="muted">{say('app.pair', { name: formatDate(created_at), value: reason })}</p>
        </li>
      ))}
    </ul>
  );
}

function Refunding({ sale, onChange }: { sale: SaleAnswer; onChange: () => void }) {
  const [asking, setAsking] = useState(false);
  if (sale.hindrance) {
    const over = sale.left.amount === 0 && sale.refunds.length > 0;
    return over ? null : <Panel tone="info">{sale.hindrance}</Panel>;
  }
  if (!asking)
    return (
      <Button kind="danger" wide onClick={() => setAsking(true)}>
        {say('refund.begin')}
      </Button>
    );
  const done = (changed: boolean) => {
    setAsking(false);
    if (changed) onChange();
  };
  return <SaleRefund sale={sale} onDone={done} />;
}

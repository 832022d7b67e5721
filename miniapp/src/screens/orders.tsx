import type { SaleRow } from '../api/types.ts';
import { formatDate, formatMoney } from '../format.ts';
import { say, sayNamed } from '../language.ts';
import { useShop } from '../ui/context.ts';
import { Badge, Button, Empty, Failure, Loading, type Tone } from '../ui/kit.tsx';
import { usePages } from '../ui/loaded.ts';
import { Screen } from '../ui/screen.tsx';

export const ORDER_TONES: Record<SaleRow['status'], Tone> = {
  created: 'plain',
  awaiting_payment: 'plain',
  submitted: 'plain',
  paid: 'good',
  delivered: 'good',
  refunded: 'warn',
  cancelled: 'plain',
  expired: 'plain',
  failed: 'danger',
};

/** What the shop sold, one by one, newest first. */
export function Orders() {
  const { api } = useShop();
  const { data, error, reload, more } = usePages((page) => api.saleOrders(page), 'orders');
  return (
    <Screen title={say('orders.title')} back="/sales">
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data?.items.length === 0 && <Empty icon="sales" title={say('sales.empty')} />}
      <ul class="stack">
        {data?.items.map((sale) => (
          <Line key={sale.number} sale={sale} />
        ))}
      </ul>
      {data?.more && <Button onClick={more}>{say('action.more')}</Button>}
    </Screen>
  );
}

function Line({ sale: { number, title, price, rail, status, paid_at } }: { sale: SaleRow }) {
  return (
    <li class="card stack tight">
      <div class="row apart">
        <h2 class="grow">{title}</h2>
        <Badge tone={ORDER_TONES[status]}>{sayNamed('order', status)}</Badge>
      </div>
      <p class="muted">
        {say('orders.line', {
          price: formatMoney(price),
          rail: sayNamed('rail', rail),
          date: formatDate(paid_at),
        })}
      </p>
      <a class="button" href={`#/orders/${number}`}>
        {say('orders.open', { number })}
      </a>
    </li>
  );
}

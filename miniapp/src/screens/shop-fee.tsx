import { formatDate, formatMoney } from '../format.ts';
import { say } from '../language.ts';
import { open } from '../telegram.ts';
import { useShop } from '../ui/context.ts';
import { Button, Failure, Panel } from '../ui/kit.tsx';
import { useLoaded } from '../ui/loaded.ts';
import { useReturn } from '../ui/return.ts';

/** Until when a seller has paid the operator, and the way to pay on; nothing where no fee is asked. */
export function ShopFee() {
  const { api } = useShop();
  const { data, error, reload } = useLoaded(() => api.shopFee(), 'shop-fee');
  useReturn(reload); // it is paid elsewhere: in the bot, or in the browser
  if (error !== null) return <Failure error={error} onRetry={reload} />;
  if (!data || data.state === 'none' || data.paid_until === null) return null;
  const { state, pay } = data;
  const link = pay.bot_link ?? pay.web_link;
  const words = say(`fee.is.${state}`, { date: formatDate(data.paid_until) });
  return (
    <section class="card stack tight">
      <h2>{say('fee.title')}</h2>
      {state === 'paid' ? <p class="muted">{words}</p> : <Panel tone="warn">{words}</Panel>}
      {link && pay.price ? (
        <div class="row">
          <Button kind={state === 'paid' ? undefined : 'primary'} onClick={() => open(link)}>
            {say('fee.pay', { price: formatMoney(pay.price) })}
          </Button>
        </div>
      ) : (
        <p class="muted">{say('fee.noWay')}</p>
      )}
    </section>
  );
}

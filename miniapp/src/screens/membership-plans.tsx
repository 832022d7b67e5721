import { useState } from 'preact/hooks';
import type { MembershipAnswer, PlanPrice, PlanTarget } from '../api/types.ts';
import { formatDate, formatMoney } from '../format.ts';
import { say } from '../language.ts';
import { useActing } from '../ui/acting.ts';
import { useShop } from '../ui/context.ts';
import { Button, Failure, Loading, Panel } from '../ui/kit.tsx';
import { useLoaded } from '../ui/loaded.ts';

interface Props {
  item: MembershipAnswer;
  onChange: () => void;
  onClose: () => void;
}

/** The plans that a membership by card may be changed to, what each costs now, and the press that agrees. */
export function Plans({ item, onChange, onClose }: Props) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const [offer, setOffer] = useState<(PlanTarget & PlanPrice) | null>(null);
  const [isAsked, setIsAsked] = useState(false);
  const { data, error: failure, reload } = useLoaded(() => api.plans(item.id), `plans ${item.id}`);
  const price = (plan: PlanTarget) =>
    act(async () => setOffer({ ...plan, ...(await api.pricePlan(item.id, plan.id)) }));
  const agree = ({ id, prorated_at, due }: PlanTarget & PlanPrice) =>
    act(async () => {
      await api.changePlan(item.id, id, { prorated_at, due: due.amount });
      setIsAsked(true);
      onChange();
    });
  if (isAsked) return <Panel tone="info">{say('plans.asked')}</Panel>;
  return (
    <div class="panel warn stack tight">
      <p>{say('plans.which')}</p>
      {failure !== null && <Failure error={failure} onRetry={reload} />}
      {!data && failure === null && <Loading />}
      {!offer &&
        data?.items.map((plan) => (
          <Button key={plan.id} wide onClick={() => price(plan)} disabled={busy}>
            {`${plan.title} · ${formatMoney(plan.price)}`}
          </Button>
        ))}
      {offer && <Offer offer={offer} busy={busy} onAgree={() => agree(offer)} />}
      <Button onClick={onClose}>{say('plans.stay')}</Button>
      {error !== null && <Failure error={error} />}
    </div>
  );
}

function Offer({
  offer,
  busy,
  onAgree,
}: {
  offer: PlanTarget & PlanPrice;
  busy: boolean;
  onAgree: () => void;
}) {
  if (offer.due.amount === 0) return <p>{say('plans.less', { plan: offer.title })}</p>;
  const due = formatMoney(offer.due);
  return (
    <>
      <p>
        {say('plans.offer', {
          plan: offer.title,
          due,
          price: formatMoney(offer.price),
          date: formatDate(offer.next_at),
        })}
      </p>
      <Button kind="primary" wide onClick={onAgree} disabled={busy}>
        {say('plans.agree', { due })}
      </Button>
    </>
  );
}

import { useRef, useState } from 'preact/hooks';
import type { MembershipAct } from '../api/calls.ts';
import type { MembershipAnswer, WaiverAnswer } from '../api/types.ts';
import { formatDate, formatMoney } from '../format.ts';
import { say } from '../language.ts';
import { open, pay } from '../telegram.ts';
import { useActing } from '../ui/acting.ts';
import { useShop } from '../ui/context.ts';
import { Button, Failure, Panel } from '../ui/kit.tsx';
import { useReturn } from '../ui/return.ts';
import { Plans } from './membership-plans.tsx';
import { WaiverForm } from './waiver.tsx';

interface Props {
  item: MembershipAnswer;
  onChange: () => void;
}

type Outcome =
  | 'paid'
  | 'pending'
  | 'failed'
  | 'cancelAsked'
  | 'undoAsked'
  | 'cancelAskedCard'
  | 'undoAskedCard';

/** What can be done with a membership, and what became of it. */
export function Acts({ item, onChange }: Props) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [asking, setAsking] = useState(false);
  const [waiver, setWaiver] = useState<WaiverAnswer | null>(null);
  const [isChanging, setIsChanging] = useState(false);
  const atStripe = useRef(false);
  const { can, renew } = item;

  const change = (what: MembershipAct) =>
    act(async () => {
      setAsking(false);
      setOutcome(null);
      const now = await api.act(item.id, what);
      // Telegram, or Stripe, charges a subscription, and must stop or go on first: the state follows.
      const asked = now.state === item.state;
      if (asked && what === 'cancel') setOutcome(item.by_card ? 'cancelAskedCard' : 'cancelAsked');
      if (asked && what === 'undo') setOutcome(item.by_card ? 'undoAskedCard' : 'undoAsked');
      onChange();
    });
  const openPortal = () =>
    act(async () => {
      const { url } = await api.portal(item.id);
      atStripe.current = true;
      open(url);
    });
  useReturn(() => {
    if (atStripe.current) onChange(); // whatever was done there
    atStripe.current = false;
  });
  const payFor = async (agreed: string) => {
    setWaiver(null);
    const { url } = await api.renew(item.id, agreed);
    const payment = await pay(url);
    if (payment !== 'cancelled') setOutcome(payment);
    onChange();
  };
  const renewNow = () =>
    act(async () => {
      setOutcome(null);
      const asked = await api.waiver();
      if (asked.version === '') await payFor('');
      else setWaiver(asked);
    });
  const renewal = renew?.stars ? say('memberships.renew', { price: formatMoney(renew.stars) }) : '';

  return (
    <>
      <div class="pair">
        {renewal && !waiver && (
          <Button onClick={renewNow} disabled={busy}>
            {renewal}
          </Button>
        )}
        {renew?.web_link && <WebRenewal link={renew.web_link} />}
        {can.undo && (
          <Button onClick={() => change('undo')} disabled={busy}>
            {say('memberships.undo')}
          </Button>
        )}
        {can.resume && (
          <Button onClick={() => change('resume')} disabled={busy}>
            {say('action.resume')}
          </Button>
        )}
        {can.pause && (
          <Button onClick={() => change('pause')} disabled={busy}>
            {say('action.pause')}
          </Button>
        )}
        {can.change && !isChanging && (
          <Button onClick={() => setIsChanging(true)} disabled={busy}>
            {say('plans.change')}
          </Button>
        )}
        {item.by_card && (
          <Button onClick={openPortal} disabled={busy}>
            {say('memberships.portal')}
          </Button>
        )}
        {can.cancel && !asking && (
          <Button kind="danger" onClick={() => setAsking(true)} disabled={busy}>
            {say('memberships.cancel')}
          </Button>
        )}
      </div>
      {waiver && (
        <WaiverForm
          id={`waiver-${item.id}`}
          words={waiver.words}
          pay={renewal}
          onAgree={() => act(() => payFor(waiver.version))}
          onCancel={() => setWaiver(null)}
        />
      )}
      {isChanging && <Plans item={item} onChange={onChange} onClose={() => setIsChanging(false)} />}
      {asking && (
        <div class="panel warn">
          <p>{say('memberships.cancelAsk', { date: item.ends_at ? formatDate(item.ends_at) : '' })}</p>
          <div class="row">
            <Button kind="danger" onClick={() => change('cancel')} disabled={busy}>
              {say('memberships.cancelYes')}
            </Button>
            <Button onClick={() => setAsking(false)}>{say('memberships.keep')}</Button>
          </div>
        </div>
      )}
      {outcome && (
        <Panel tone={outcome === 'failed' ? 'error' : 'info'}>{say(`memberships.${outcome}`)}</Panel>
      )}
      {outcome === 'paid' && <Button onClick={onChange}>{say('memberships.look')}</Button>}
      {error !== null && <Failure error={error} />}
    </>
  );
}

function WebRenewal({ link }: { link: string }) {
  return <Button onClick={() => open(link)}>{say('view.web')}</Button>;
}

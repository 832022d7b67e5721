import { useEffect, useRef } from 'preact/hooks';
import type { CardsAnswer } from '../api/types.ts';
import { formatMoney } from '../format.ts';
import { say } from '../language.ts';
import { open } from '../telegram.ts';
import { useActing } from '../ui/acting.ts';
import { Confirmed } from '../ui/confirmed.tsx';
import { useShop } from '../ui/context.ts';
import { Badge, Button, Failure, Loading, Panel, type Tone } from '../ui/kit.tsx';
import { useLoaded } from '../ui/loaded.ts';
import { useReturn } from '../ui/return.ts';
import { Screen } from '../ui/screen.tsx';

const TONES: Record<CardsAnswer['state'], Tone> = {
  none: 'plain',
  incomplete: 'warn',
  checking: 'plain',
  active: 'good',
  rejected: 'danger',
  disconnected: 'plain',
};
const LOOK_EVERY = 2000; // ms
const LOOKS = 30;

/** Whether buyers can pay the seller by card, what Stripe still wants, and the way there. */
export function Cards() {
  const { api, session } = useShop();
  const { data, error, reload } = useLoaded(async () => {
    const cards = await api.cards();
    // An account that has become active offers cards: products take a price by card from then on.
    if (cards.state === 'active' && !session.shop?.rails.includes('card'))
      Object.assign(session, await api.openSession());
    return cards;
  }, 'cards');
  const looks = useRef(0);
  const lookAgain = () => {
    looks.current = 0;
    reload();
  };
  const ask = () => api.checkCards().then(lookAgain, lookAgain);
  useReturn(ask); // the seller comes back from Stripe, which is asked then
  // What Stripe says comes by a job: looked for while something is under way, and for a minute.
  const waits = data !== null && data.state !== 'none' && (data.state !== 'active' || data.tax === 'asked');
  useEffect(() => {
    if (!waits || looks.current >= LOOKS) return;
    const timer = setTimeout(() => {
      looks.current += 1;
      reload();
    }, LOOK_EVERY);
    return () => clearTimeout(timer);
  }, [data]);
  return (
    <Screen title={say('cards.title')} back="/sales">
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data && <Account cards={data} onChange={reload} />}
      {data?.state === 'active' && <Tax key={data.tax} cards={data} onChange={lookAgain} />}
      {data && <Fee cards={data} />}
    </Screen>
  );
}

function Account({ cards, onChange }: { cards: CardsAnswer; onChange: () => void }) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const lead = (own: boolean) =>
    act(async () => {
      const way = await api.wayToStripe();
      open((own && way.own) || way.form);
    });
  const disconnect = () => act(() => api.disconnectCards().then(onChange));
  const { state, missing, offered } = cards;
  if (!offered) return <Panel tone="info">{say('cards.off')}</Panel>;
  return (
    <section class="card stack tight">
      <div class="row apart">
        <h2 class="grow">Stripe</h2>
        <Badge tone={TONES[state]}>{say(`cards.state.${state}`)}</Badge>
      </div>
      <p>{say(`cards.is.${state}`)}</p>
      {missing.length > 0 && (
        <>
          <p>{say('cards.missing')}</p>
          <ul class="stack tight">
            {missing.map((kind) => (
              <li key={kind}>{say(`cards.missing.${kind}`)}</li>
            ))}
          </ul>
        </>
      )}
      {state === 'active' ? (
        <a class="button primary wide" href="#/products">
          {say('cards.price')}
        </a>
      ) : (
        <Button kind="primary" wide onClick={() => lead(false)} disabled={busy}>
          {say(state === 'none' ? 'cards.connect' : 'cards.goOn')}
        </Button>
      )}
      {state === 'none' && cards.own_account && (
        <Button wide onClick={() => lead(true)} disabled={busy}>
          {say('cards.own')}
        </Button>
      )}
      {state !== 'none' && (
        <Confirmed
          label={say('cards.disconnect')}
          question={say('cards.disconnectAsk')}
          yes={say('cards.disconnectYes')}
          busy={busy}
          onYes={disconnect}
        />
      )}
      {error !== null && <Failure error={error} />}
    </section>
  );
}

/** Whether Stripe works out the VAT in the seller's sales. */
function Tax({ cards: { tax }, onChange }: { cards: CardsAnswer; onChange: () => void }) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const choose = (wanted: boolean) => act(() => api.chooseTax(wanted).then(onChange));
  return (
    <section class="card stack tight">
      <h2>{say('cards.tax')}</h2>
      <p>{say(`cards.tax.${tax}`)}</p>
      {tax !== 'on' && (
        <Button wide onClick={() => choose(true)} disabled={busy}>
          {say(tax === 'off' ? 'cards.tax.ask' : 'cards.tax.again')}
        </Button>
      )}
      {tax !== 'off' && (
        <Button wide onClick={() => choose(false)} disabled={busy}>
          {say('cards.tax.end')}
        </Button>
      )}
      {error !== null && <Failure error={error} />}
    </section>
  );
}

/** What the operator takes; nothing is said where it takes nothing. */
function Fee({ cards: { offered, fee_percent: percent, fee_sums: sums } }: { cards: CardsAnswer }) {
  if (!offered || (Number(percent) === 0 && sums.length === 0)) return null;
  const parts = [...(Number(percent) > 0 ? [`${percent} %`] : []), ...sums.map(formatMoney)];
  return <p class="muted">{say('cards.fee', { fee: parts.join(' + ') })}</p>;
}

import type { MembershipAnswer } from '../api/types.ts';
import { formatDate, formatMoney } from '../format.ts';
import { count, say, sayNamed } from '../language.ts';
import { useShop } from '../ui/context.ts';
import { Badge, Empty, Failure, Loading, type Tone } from '../ui/kit.tsx';
import { useLoaded } from '../ui/loaded.ts';
import { Screen } from '../ui/screen.tsx';
import { Acts } from './membership-acts.tsx';
import { Places } from './membership-places.tsx';
import { Notices } from './notices.tsx';

export const TONES: Record<string, Tone> = {
  active: 'good',
  trialing: 'good',
  pending: 'warn',
  cancelled: 'warn',
  past_due: 'danger',
  revoked: 'danger',
};

/** What the person is a member of, and what they were told about it. */
export function Memberships() {
  const { api } = useShop();
  const { data, error, reload } = useLoaded(() => api.memberships(), 'memberships');
  return (
    <Screen title={say('memberships.title')}>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data?.items.length === 0 && (
        <Empty icon="memberships" title={say('memberships.empty')} hint={say('memberships.emptyHint')} />
      )}
      <ul class="stack">
        {data?.items.map((item) => (
          <Card key={item.id} item={item} onChange={reload} />
        ))}
      </ul>
      <Notices />
    </Screen>
  );
}

function Card({ item, onChange }: { item: MembershipAnswer; onChange: () => void }) {
  const { title, seller_name, state } = item;
  return (
    <li class="card stack tight" data-state={state}>
      <div class="row apart">
        <h2 class="grow">{title}</h2>
        <Badge tone={TONES[state] ?? 'plain'}>{sayNamed('member', state)}</Badge>
      </div>
      <p class="muted">{say('view.by', { seller: seller_name })}</p>
      <TimeLeft item={item} />
      <Places item={item} />
      <Acts item={item} onChange={onChange} />
    </li>
  );
}

function TimeLeft({ item: { title, state, days_left, share_left, ...item } }: { item: MembershipAnswer }) {
  const date = (moment: string | null) => (moment ? formatDate(moment) : '');
  if (state === 'active' && !item.ends_at) return <p class="strong">{say('memberships.lifetime')}</p>;
  if (state === 'pending') return <p>{say('memberships.waits')}</p>;
  if (state === 'expired') return <p>{say('memberships.ended', { date: date(item.ends_at) })}</p>;
  if (state === 'revoked') return <p>{say('memberships.revoked', { reason: item.reason })}</p>;
  if (state === 'past_due') {
    const grace = item.by_card ? 'memberships.graceCard' : 'memberships.grace';
    return <p class="strong">{say(grace, { date: date(item.access_until) })}</p>;
  }
  const left = count(state === 'paused' ? 'memberships.kept' : 'memberships.left', days_left ?? 0);
  return (
    <>
      <div
        class="bar"
        role="progressbar"
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share_left * 100)}
        aria-valuetext={left}
      >
        <div style={{ width: `${share_left * 100}%` }} />
      </div>
      <p class="facts">
        <span class="percent">{left}</span>
        {state !== 'paused' && <span>{say('memberships.until', { date: date(item.ends_at) })}</span>}
      </p>
      {item.subscription && <p class="muted">{say('memberships.charged')}</p>}
      {item.by_card && state === 'active' && <p class="muted">{say('memberships.chargedCard')}</p>}
      {item.then && <p class="muted">{say('memberships.trialCard', { amount: formatMoney(item.then) })}</p>}
      {item.by_card && state === 'paused' && <p class="muted">{say('memberships.heldCard')}</p>}
    </>
  );
}

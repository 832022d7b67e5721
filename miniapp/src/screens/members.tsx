import { useState } from 'preact/hooks';
import type { MemberFilter } from '../api/calls.ts';
import type { Member, MembersFigures } from '../api/types.ts';
import { formatCount, formatDate } from '../format.ts';
import { count, say, sayNamed } from '../language.ts';
import { useActing } from '../ui/acting.ts';
import { useShop } from '../ui/context.ts';
import { Badge, Button, Choices, Empty, Failure, Loading } from '../ui/kit.tsx';
import { useLoaded, usePages } from '../ui/loaded.ts';
import { Screen } from '../ui/screen.tsx';
import { Sections } from '../ui/sections.tsx';
import { useSettled } from '../ui/settled.ts';
import { Field, SearchField } from './field.tsx';
import { Channels } from './members-channels.tsx';
import { MonthFigures } from './members-figures.tsx';
import { TONES } from './memberships.tsx';
import { Name } from './person-name.tsx';
import { PutOut } from './put-out.tsx';

const VIEWS = ['list', 'figures', 'channels'] as const;
const STATES = [
  'active',
  'trialing',
  'pending',
  'past_due',
  'cancelled',
  'paused',
  'expired',
  'revoked',
] as const;

/** Who is a member of the person's shop, month by month, and what happens in the channels. */
export function Members() {
  const { api } = useShop();
  const [view, setView] = useState<(typeof VIEWS)[number]>('list');
  const { data, error, reload } = useLoaded(() => api.membersFigures(), 'figures');
  const options = VIEWS.map((value) => ({ value, text: say(`members.${value}`) }));
  return (
    <Screen title={say('members.title')}>
      <Sections current="members" />
      <Choices label={say('sales.measure')} options={options} chosen={view} onChoose={setView} />
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data && view === 'list' && <List figures={data} />}
      {data && view === 'figures' && <MonthFigures figures={data} />}
      {view === 'channels' && <Channels />}
    </Screen>
  );
}

function List({ figures: { states, plans } }: { figures: MembersFigures }) {
  const [words, setWords] = useState('');
  const [stand, setStand] = useState('');
  const [plan, setPlan] = useState('');
  const filter = { words: useSettled(words), state: stand, plan };
  return (
    <>
      <section class="card stack tight">
        <SearchField label={say('members.search')} value={words} onChange={setWords} />
        <Field id="state" label={say('members.state')}>
          <select id="state" value={stand} onChange={(event) => setStand(event.currentTarget.value)}>
            <option value="">{say('members.all')}</option>
            {STATES.map((name) => (
              <option key={name} value={name}>
                {`${sayNamed('member', name)} (${formatCount(states[name] ?? 0)})`}
              </option>
            ))}
          </select>
        </Field>
        {plans.length > 1 && (
          <Field id="plan" label={say('members.plan')}>
            <select id="plan" value={plan} onChange={(event) => setPlan(event.currentTarget.value)}>
              <option value="">{say('members.all')}</option>
              {plans.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </select>
          </Field>
        )}
      </section>
      <Found key={JSON.stringify(filter)} filter={filter} />
    </>
  );
}

function Found({ filter }: { filter: MemberFilter }) {
  const { api } = useShop();
  const { data, error, reload, more } = usePages((page) => api.members(page, filter), 'members');
  const isAsked = Object.values(filter).some(Boolean);
  if (error !== null) return <Failure error={error} onRetry={reload} />;
  if (!data) return <Loading />;
  if (data.items.length === 0)
    return (
      <Empty
        icon="memberships"
        title={say(isAsked ? 'members.nobody' : 'members.empty')}
        hint={say(isAsked ? 'members.nobodyHint' : 'members.emptyHint')}
      />
    );
  return (
    <section class="card stack tight">
      <p class="muted" role="status">
        {count('members.found', data.total)}
      </p>
      <ul class="files">
        {data.items.map((member) => (
          <Line key={member.id} member={member} />
        ))}
      </ul>
      {data.more && <Button onClick={more}>{say('action.more')}</Button>}
    </section>
  );
}

function Line({ member: first }: { member: Member }) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const [member, setMember] = useState(first);
  const [asking, setAsking] = useState(false);
  const { id, plan, state, ends_at, barred } = member;
  const until = ends_at && say('memberships.until', { date: formatDate(ends_at) });
  const lasts = until || (state === 'active' && say('members.lifetime'));
  const letIn = () => act(async () => setMember(await api.letIn(id)));
  return (
    <li class="stack tight">
      <div class="row apart">
        <span class="grow">
          <Name person={member} />
          <span class="muted block">{[plan, lasts].filter(Boolean).join(' · ')}</span>
        </span>
        <Badge tone={TONES[state] ?? 'plain'}>{sayNamed('member', state)}</Badge>
        {barred && (
          <Button onClick={letIn} disabled={busy}>
            {say('members.letIn')}
          </Button>
        )}
        {!barred && !asking && (
          <Button kind="danger" onClick={() => setAsking(true)}>
            {say('members.putOut')}
          </Button>
        )}
      </div>
      {asking && (
        <PutOut
          member={member}
          onDone={(now) => {
            setMember(now ?? member);
            setAsking(false);
          }}
        />
      )}
      {error !== null && <Failure error={error} onRetry={letIn} />}
    </li>
  );
}

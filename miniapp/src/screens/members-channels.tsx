import { useState } from 'preact/hooks';
import type { ChannelAnswer, ChannelDifferences, ChannelEventAnswer, ChannelPerson } from '../api/types.ts';
import { formatDate, formatTime } from '../format.ts';
import { count, say, sayNamed } from '../language.ts';
import { useActing } from '../ui/acting.ts';
import { useShop } from '../ui/context.ts';
import { Badge, Button, Empty, Failure, Loading, Panel, type Tone } from '../ui/kit.tsx';
import { useLoaded, usePages } from '../ui/loaded.ts';
import { Name } from './person-name.tsx';

const STANDS: Record<string, Tone> = { connected: 'good', rights_missing: 'warn', gone: 'danger' };

/** The shop's channels: how the bot stands in them, who differs from the grants, and what happened. */
export function Channels() {
  const { api } = useShop();
  const { data, error, reload } = useLoaded(() => api.channels(), 'channels');
  return (
    <>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data?.items.length === 0 && (
        <Empty icon="memberships" title={say('channels.empty')} hint={say('channels.emptyHint')} />
      )}
      <ul class="stack">
        {data?.items.map((channel) => (
          <ChannelCard key={channel.id} channel={channel} />
        ))}
      </ul>
      {data && data.items.length > 0 && <Events />}
    </>
  );
}

function ChannelCard({ channel }: { channel: ChannelAnswer }) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const [differences, setDifferences] = useState<ChannelDifferences | null>(null);
  const { id, title, state, missing_rights, enforcement, checked_at } = channel;
  const compare = () => act(async () => setDifferences(await api.differences(id)));
  return (
    <li class="card stack tight">
      <div class="row apart">
        <h2 class="grow">{title}</h2>
        <Badge tone={STANDS[state] ?? 'plain'}>{sayNamed('channel', state)}</Badge>
      </div>
      {state === 'rights_missing' && (
        <Panel tone="warn">
          {say('channels.rights', {
            rights: missing_rights.map((name) => sayNamed('right', name)).join(', '),
          })}
        </Panel>
      )}
      {state === 'gone' && <Panel tone="error">{say('channels.gone')}</Panel>}
      <p class="muted">
        {say(enforcement === 'act' ? 'channels.act' : 'channels.list')}{' '}
        {checked_at
          ? say('channels.checked', { date: `${formatDate(checked_at)}, ${formatTime(checked_at)}` })
          : say('channels.unchecked')}
      </p>
      <Button onClick={compare} disabled={busy} label={say('channels.compareNamed', { channel: title })}>
        {say('channels.compare')}
      </Button>
      {error !== null && <Failure error={error} onRetry={compare} />}
      {differences && <Compared differences={differences} />}
    </li>
  );
}

function Compared({ differences: { without_grant, missing } }: { differences: ChannelDifferences }) {
  if (without_grant.total + missing.total === 0) return <Panel tone="success">{say('channels.same')}</Panel>;
  return (
    <>
      <Side name="channels.strangers" {...without_grant} />
      <Side name="channels.absent" {...missing} />
    </>
  );
}

function Side({ name, total, people }: { name: string; total: number; people: ChannelPerson[] }) {
  if (total === 0) return null;
  return (
    <div class="side stack tight">
      <h3>{count(name, total)}</h3>
      <ul class="files">
        {people.map((person) => (
          <li key={person.telegram_id}>
            <span class="grow">
              <Name person={person} />
            </span>
          </li>
        ))}
      </ul>
      {total > people.length && (
        <p class="muted">{say('channels.others', { count: total - people.length })}</p>
      )}
    </div>
  );
}

function Events() {
  const { api } = useShop();
  const { data, error, reload, more } = usePages((page) => api.events(page), 'events');
  return (
    <section class="card stack tight">
      <h2>{say('channels.events')}</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data?.items.length === 0 && <p class="muted">{say('channels.quiet')}</p>}
      <ul class="files">
        {data?.items.map((event) => (
          <EventLine key={event.id} event={event} />
        ))}
      </ul>
      {data?.more && <Button onClick={more}>{say('action.more')}</Button>}
    </section>
  );
}

function EventLine({ event: { channel, kind, person, at, resolved_at } }: { event: ChannelEventAnswer }) {
  return (
    <li>
      <span class="grow">
        {sayNamed('event', kind)}
        {person && (
          <span class="block">
            <Name person={person} />
          </span>
        )}
        <span class="muted block">{`${channel} · ${formatDate(at)}, ${formatTime(at)}`}</span>
      </span>
      {resolved_at && <Badge tone="good">{say('channels.resolved')}</Badge>}
    </li>
  );
}

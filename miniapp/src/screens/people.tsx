import { useState } from 'preact/hooks';
import type { KnownPerson } from '../api/types.ts';
import { formatDate } from '../format.ts';
import { count, say, sayNamed } from '../language.ts';
import { useActing } from '../ui/acting.ts';
import { useShop } from '../ui/context.ts';
import { Badge, Button, Empty, Failure, Loading } from '../ui/kit.tsx';
import { usePages } from '../ui/loaded.ts';
import { Screen } from '../ui/screen.tsx';
import { Sections } from '../ui/sections.tsx';
import { useSettled } from '../ui/settled.ts';
import { Field, SearchField } from './field.tsx';
import { Name } from './person-name.tsx';

/** Whom the shop knows, for admins: finding somebody, closing the shop to them and opening it again. */
export function People() {
  const [words, setWords] = useState('');
  const settled = useSettled(words);
  return (
    <Screen title={say('people.title')}>
      <Sections current="people" />
      <section class="card">
        <SearchField
          label={say('people.search')}
          hint={say('people.searchHint')}
          value={words}
          onChange={setWords}
        />
      </section>
      <Found key={settled} words={settled} />
    </Screen>
  );
}

function Found({ words }: { words: string }) {
  const { api } = useShop();
  const { data, error, reload, more } = usePages((page) => api.people(page, words), 'people');
  if (error !== null) return <Failure error={error} onRetry={reload} />;
  if (!data) return <Loading />;
  if (data.items.length === 0)
    return <Empty icon="products" title={say('members.nobody')} hint={say('members.nobodyHint')} />;
  return (
    <>
      <p class="muted" role="status">
        {count('people.found', data.total)}
      </p>
      <ul class="stack">
        {data.items.map((person) => (
          <PersonCard key={person.id} person={person} />
        ))}
      </ul>
      {data.more && <Button onClick={more}>{say('action.more')}</Button>}
    </>
  );
}

function PersonCard({ person: first }: { person: KnownPerson }) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const [person, setPerson] = useState(first);
  const [asking, setAsking] = useState(false);
  const { id, banned, roles, since } = person;
  const staff = roles.includes('admin') || roles.includes('support');
  const open = () => act(async () => setPerson(await api.unban(id)));
  return (
    <li class="card stack tight">
      <div class="row apart">
        <span class="grow">
          <Name person={person} />
          <span class="muted block">
            {[
              ...roles.filter((role) => role !== 'banned').map((role) => sayNamed('role', role)),
              formatDate(since),
            ].join(' · ')}
          </span>
        </span>
        {banned && <Badge tone="danger">{say('people.banned')}</Badge>}
        {banned && (
          <Button onClick={open} disabled={busy}>
            {say('people.unban')}
          </Button>
        )}
        {!banned && !staff && !asking && (
          <Button kind="danger" onClick={() => setAsking(true)}>
            {say('people.ban')}
          </Button>
        )}
      </div>
      {asking && (
        <Closing
          id={id}
          onDone={(now) => {
            setPerson(now ?? person);
            setAsking(false);
          }}
        />
      )}
      {error !== null && <Failure error={error} onRetry={open} />}
    </li>
  );
}

/** The reason is asked for before anything happens: it is what the audit log keeps. */
function Closing({ id, onDone }: { id: number; onDone: (person: KnownPerson | null) => void }) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const [reason, setReason] = useState('');
  return (
    <div class="panel warn">
      <p>{say('people.banHint')}</p>
      <Field id={`reason-${id}`} label={say('people.reason')}>
        <input
          id={`reason-${id}`}
          type="text"
          maxLength={500}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </Field>
      <div class="row">
        <Button
          kind="danger"
          disabled={busy || reason.trim() === ''}
          onClick={() => act(async () => onDone(await api.ban(id, reason)))}
        >
          {say('people.banYes')}
        </Button>
        <Button onClick={() => onDone(null)}>{say('action.cancel')}</Button>
      </div>
      {error !== null && <Failure error={error} />}
    </div>
  );
}

import { useState } from 'preact/hooks';
import type { ChoiceLine, MailAnswer } from '../api/types.ts';
import { say } from '../language.ts';
import { useActing } from '../ui/acting.ts';
import { useShop } from '../ui/context.ts';
import { Failure, Loading } from '../ui/kit.tsx';
import { useLoaded } from '../ui/loaded.ts';

const WAYS = ['telegram', 'email'] as const;
type Way = (typeof WAYS)[number];

/** Which kinds of news come by which ways. Those that the shop does not have are not offered. */
export function Told({ mail }: { mail: MailAnswer }) {
  const { api } = useShop();
  const { data, error, reload } = useLoaded(() => api.choices(), 'choices');
  return (
    <section class="card stack tight">
      <h2>{say('choices.title')}</h2>
      <p class="muted">
        {say('choices.hint')}
        {mail.offered && mail.state !== 'confirmed' && ` ${say('choices.mailWaits')}`}
      </p>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data && <Kinds first={data} ways={mail.offered ? [...WAYS] : ['telegram']} />}
    </section>
  );
}

function Kinds({ first, ways }: { first: ChoiceLine[]; ways: Way[] }) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const [kinds, setKinds] = useState(first);
  const choose = (type: ChoiceLine['type'], way: Way, wanted: boolean) =>
    act(async () => setKinds(await api.choose(type, way, wanted)));
  const offered = kinds.filter((kind) => ways.some((way) => way in kind.ways));
  return (
    <>
      <ul class="files">
        {offered.map((kind) => (
          <li key={kind.type} class="kind">
            <span class="grow">{kind.title}</span>
            {ways.map((way) => (
              <Switch
                key={way}
                kind={kind}
                way={way}
                disabled={busy}
                onChange={(wanted) => choose(kind.type, way, wanted)}
              />
            ))}
          </li>
        ))}
      </ul>
      {error !== null && <Failure error={error} />}
    </>
  );
}

interface SwitchProps {
  kind: ChoiceLine;
  way: Way;
  disabled: boolean;
  onChange: (wanted: boolean) => void;
}

/** One way of a kind; a kind that never takes it leaves its place empty. */
function Switch({ kind: { title, ways }, way, disabled, onChange }: SwitchProps) {
  const wanted = ways[way];
  if (wanted === undefined) return <span class="way" />;
  const name = say(`choices.${way}`);
  return (
    <label class="way">
      <input
        type="checkbox"
        checked={wanted}
        disabled={disabled}
        aria-label={say('choices.named', { kind: title, way: name })}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span aria-hidden="true">{name}</span>
    </label>
  );
}

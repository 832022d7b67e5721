import { useRef, useState } from 'preact/hooks';
import type { MailAnswer } from '../api/types.ts';
import { say } from '../language.ts';
import { explain } from '../problems.ts';
import { useActing } from '../ui/acting.ts';
import { useShop } from '../ui/context.ts';
import { Badge, Button, Failure, Panel, type Tone } from '../ui/kit.tsx';
import { Field } from './field.tsx';

type State = Exclude<MailAnswer['state'], 'none'>;
type Doing = 'reading' | 'typing' | 'removing';

const TONES: Record<State, Tone> = { asked: 'warn', confirmed: 'good', stopped: 'plain', refused: 'danger' };

interface Props {
  mail: MailAnswer;
  onChange: () => void;
}

/** Where mail goes to the person, whether it does, and what can be done about it. */
export function Mail({ mail, onChange }: Props) {
  const { address, state, offered } = mail;
  return (
    <section class="card stack tight">
      <div class="row apart">
        <h2 class="grow">{say('mail.title')}</h2>
        {state !== 'none' && <Badge tone={TONES[state]}>{say(`mail.state.${state}`)}</Badge>}
      </div>
      {!offered && <p class="muted">{say('mail.off')}</p>}
      {state === 'none' && offered && (
        <>
          <p class="muted">{say('mail.why')}</p>
          <Typing before="" onChange={onChange} />
        </>
      )}
      {state !== 'none' && <Given address={address} state={state} offered={offered} onChange={onChange} />}
    </section>
  );
}

interface GivenProps {
  address: string;
  state: State;
  offered: boolean;
  onChange: () => void;
}

function Given({ address, state, offered, onChange }: GivenProps) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const [doing, setDoing] = useState<Doing>('reading');
  const askAgain = () =>
    act(async () => {
      await api.giveAddress(address);
      onChange();
    });
  const read = () => setDoing('reading');
  return (
    <>
      <p>{say(`mail.is.${state}`, { address })}</p>
      {doing === 'reading' && (
        <div class="row">
          {offered && state !== 'confirmed' && (
            <Button onClick={askAgain} disabled={busy}>
              {say(state === 'asked' ? 'mail.again' : 'mail.restart')}
            </Button>
          )}
          {offered && <Button onClick={() => setDoing('typing')}>{say('mail.other')}</Button>}
          <Button onClick={() => setDoing('removing')}>{say('mail.remove')}</Button>
        </div>
      )}
      {doing === 'typing' && <Typing before={address} onChange={onChange} onCancel={read} />}
      {doing === 'removing' && <Removing address={address} onChange={onChange} onCancel={read} />}
      {error !== null && <Failure error={error} />}
    </>
  );
}

interface TypingProps {
  before: string;
  onChange: () => void;
  onCancel?: () => void;
}

function Typing({ before, onChange, onCancel }: TypingProps) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const [address, setAddress] = useState(before);
  const input = useRef<HTMLInputElement>(null);
  const wrong = error === null ? undefined : explain(error);
  const give = (event: Event) => {
    event.preventDefault();
    void act(() => api.giveAddress(address).then(onChange)).then(() => input.current?.focus());
  };
  return (
    <form class="stack tight" noValidate onSubmit={give}>
      <Field id="address" label={say('mail.label')} hint={say('mail.example')} wrong={wrong}>
        <input
          id="address"
          ref={input}
          type="email"
          autoComplete="email"
          maxLength={254}
          value={address}
          aria-describedby="address-help"
          aria-invalid={wrong !== undefined}
          onInput={(event) => setAddress(event.currentTarget.value)}
        />
      </Field>
      <div class="row">
        <button type="submit" class="button" disabled={busy}>
          {say('mail.send')}
        </button>
        {onCancel && <Button onClick={onCancel}>{say('action.cancel')}</Button>}
      </div>
    </form>
  );
}

interface RemovingProps {
  address: string;
  onChange: () => void;
  onCancel: () => void;
}

/** Asked for twice: it takes a mail to have it back. */
function Removing({ address, onChange, onCancel }: RemovingProps) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const remove = () => act(() => api.forgetAddress().then(onChange));
  return (
    <>
      <Panel tone="warn">
        <p>{say('mail.removeAsk', { address })}</p>
        <div class="row">
          <Button kind="danger" onClick={remove} disabled={busy}>
            {say('mail.removeYes')}
          </Button>
          <Button onClick={onCancel}>{say('mail.keep')}</Button>
        </div>
      </Panel>
      {error !== null && <Failure error={error} onRetry={remove} />}
    </>
  );
}

import { useState } from 'preact/hooks';
import { say } from '../language.ts';
import { Button } from './kit.tsx';

interface Props {
  label: string;
  question: string;
  yes: string;
  busy?: boolean;
  onYes: () => void;
}

/** A button for what cannot be meant by one slip of a finger: the first press asks, the second does it. */
export function Confirmed({ label, question, yes, busy = false, onYes }: Props) {
  const [asking, setAsking] = useState(false);
  if (!asking)
    return (
      <Button kind="danger" onClick={() => setAsking(true)} disabled={busy}>
        {label}
      </Button>
    );
  const answer = (act?: () => void) => () => {
    setAsking(false);
    act?.();
  };
  return (
    <div class="panel warn">
      <p>{question}</p>
      <div class="row">
        <Button kind="danger" onClick={answer(onYes)} disabled={busy}>
          {yes}
        </Button>
        <Button onClick={answer()}>{say('action.keep')}</Button>
      </div>
    </div>
  );
}

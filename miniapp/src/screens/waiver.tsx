import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../language.ts';
import { Button } from '../ui/kit.tsx';

interface Props {
  id: string;
  words: string;
  pay: string;
  onAgree: () => void;
  onCancel: () => void;
}

/** What a buyer gives up before paying, beside a box that is empty at first: law asks for an act of theirs. */
export function WaiverForm({ id, words, pay, onAgree, onCancel }: Props) {
  const box = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);
  useEffect(() => box.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    if (box.current?.checked) return onAgree();
    setWrong(true);
    box.current?.focus();
  };
  return (
    <form class="panel warn" noValidate onSubmit={submit}>
      <strong>{say('waiver.title')}</strong>
      <div class="field">
        <label class="tick">
          <input
            ref={box}
            type="checkbox"
            required
            aria-invalid={wrong}
            aria-describedby={`${id}-help`}
            onChange={() => setWrong(false)}
          />
          <span>{words}</span>
        </label>
        <span id={`${id}-help`} class={wrong ? 'wrong' : 'muted'} role="status">
          {say(wrong ? 'waiver.needed' : 'waiver.why')}
        </span>
      </div>
      <div class="row">
        <button type="submit" class="button">
          {pay}
        </button>
        <Button onClick={onCancel}>{say('action.cancel')}</Button>
      </div>
    </form>
  );
}

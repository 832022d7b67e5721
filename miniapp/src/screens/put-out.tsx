import { useState } from 'preact/hooks';
import type { Member, PutOutRequest } from '../api/types.ts';
import { say, sayNamed } from '../language.ts';
import { useActing } from '../ui/acting.ts';
import { useShop } from '../ui/context.ts';
import { Button, Failure } from '../ui/kit.tsx';
import { Field } from './field.tsx';

const REASONS = ['violation_terms', 'abuse', 'unpaid', 'on_request', 'other'] as const;

interface Props {
  member: Member;
  onDone: (member: Member | null) => void;
}

/** Why somebody is put out is asked before anything happens: they read it. */
export function PutOut({ member: { id }, onDone }: Props) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const [reason, setReason] = useState<PutOutRequest['reason']>('violation_terms');
  const [words, setWords] = useState('');
  return (
    <div class="panel warn">
      <p>{say('members.putOutHint')}</p>
      <Field id={`reason-${id}`} label={say('members.putOutReason')}>
        <select
          id={`reason-${id}`}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value as PutOutRequest['reason'])}
        >
          {REASONS.map((name) => (
            <option key={name} value={name}>
              {sayNamed('putOut', name)}
            </option>
          ))}
        </select>
      </Field>
      <Field id={`words-${id}`} label={say('members.putOutWords')}>
        <input
          id={`words-${id}`}
          type="text"
          maxLength={300}
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      </Field>
      <div class="row">
        <Button
          kind="danger"
          disabled={busy}
          onClick={() => act(async () => onDone(await api.putOut(id, { reason, words })))}
        >
          {say('members.putOutYes')}
        </Button>
        <Button onClick={() => onDone(null)}>{say('action.cancel')}</Button>
      </div>
      {error !== null && <Failure error={error} />}
    </div>
  );
}

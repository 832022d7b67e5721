import { useState } from 'preact/hooks';
import type { SaleAnswer } from '../api/types.ts';
import { formatMoney, parseAmount } from '../format.ts';
import { say } from '../language.ts';
import { useActing } from '../ui/acting.ts';
import { useShop } from '../ui/context.ts';
import { Button, Choices, Failure } from '../ui/kit.tsx';
import { Field } from './field.tsx';

interface Props {
  sale: SaleAnswer;
  onDone: (changed: boolean) => void;
}

type Scope = 'whole' | 'part';

/** How much goes back and why; what it does to the buyer's access is said before it happens. */
export function SaleRefund({ sale, onDone }: Props) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const [scope, setScope] = useState<Scope>('whole');
  const [words, setWords] = useState('');
  const [reason, setReason] = useState('');
  const [ends, setEnds] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const { left, number, in_force: inForce, goes_on: goesOn } = sale;

  const typed = scope === 'whole' ? left.amount : parseAmount(words, left.currency);
  const amount = typeof typed === 'number' && typed <= left.amount ? typed : null;
  const isPart = amount !== null && amount < left.amount;
  const scopes = (['whole', 'part'] as const).map((value) => ({ value, text: say(`refund.${value}`) }));
  const send = () =>
    act(async () => {
      await api.refundSale(number, {
        reason,
        idempotency_key: key,
        amount: isPart ? amount : null,
        end_access: isPart && ends,
      });
      onDone(true);
    });
  const fate = !inForce ? 'over' : goesOn ? 'past' : !isPart ? 'ends' : ends ? 'endsNow' : 'stays';

  return (
    <section class="panel warn stack tight" aria-label={say('refund.begin')}>
      <Choices label={say('refund.scope')} options={scopes} chosen={scope} onChoose={setScope} />
      {scope === 'part' && (
        <Field
          id="refund-amount"
          label={say('refund.amount', { currency: left.currency })}
          hint={say('refund.left', { left: formatMoney(left) })}
          wrong={words && amount === null ? say('refund.wrong', { left: formatMoney(left) }) : undefined}
        >
          <input
            id="refund-amount"
            type="text"
            inputMode="decimal"
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </Field>
      )}
      <Field id="refund-reason" label={say('refund.reason')} hint={say('refund.reasonHint')}>
        <input
          id="refund-reason"
          type="text"
          maxLength={300}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </Field>
      {isPart && inForce && !goesOn && (
        <label class="tick">
          <input type="checkbox" checked={ends} onChange={(event) => setEnds(event.currentTarget.checked)} />
          <span>{say('refund.endAccess')}</span>
        </label>
      )}
      <p>{say(`refund.fate.${fate}`)}</p>
      <p class="muted">{say('refund.cost')}</p>
      <div class="row">
        <Button kind="danger" onClick={send} disabled={busy || amount === null || !reason.trim()}>
          {amount === null
            ? say('refund.begin')
            : say('refund.yes', { amount: formatMoney({ ...left, amount }) })}
        </Button>
        <Button onClick={() => onDone(false)}>{say('action.cancel')}</Button>
      </div>
      {error !== null && <Failure error={error} />}
    </section>
  );
}

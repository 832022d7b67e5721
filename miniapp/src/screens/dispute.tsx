import type { SaleDispute } from '../api/types.ts';
import { formatDate, formatMoney } from '../format.ts';
import { say, sayNamed } from '../language.ts';
import { open } from '../telegram.ts';
import { useActing } from '../ui/acting.ts';
import { Confirmed } from '../ui/confirmed.tsx';
import { useShop } from '../ui/context.ts';
import { Badge, Button, Failure, type Tone } from '../ui/kit.tsx';

const TONES: Partial<Record<SaleDispute['status'], Tone>> = {
  won: 'good',
  warning_closed: 'good',
  lost: 'danger',
  prevented: 'plain',
};

/** How a bank's dispute of a sale stands, and until when it can be answered. */
export function Dispute({ dispute, onChange }: { dispute: SaleDispute; onChange: () => void }) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const submit = () => act(() => api.submitEvidence(dispute.id).then(onChange));
  const { amount, status, reason, answer_by: by, answered, is_held: held, proof, can_submit: can } = dispute;
  const waits = status.endsWith('needs_response') && !answered;
  return (
    <section class="card stack tight">
      <div class="row apart">
        <h2 class="grow">{say('dispute.title', { amount: formatMoney(amount) })}</h2>
        <Badge tone={TONES[status] ?? 'warn'}>{sayNamed('dispute', status)}</Badge>
      </div>
      <p>{sayNamed('dispute.is', status)}</p>
      <p class="muted">{sayNamed('dispute.why', reason)}</p>
      {waits && by && <p>{say('dispute.by', { date: formatDate(by) })}</p>}
      {answered && <p class="muted">{say('dispute.answered')}</p>}
      {held && <p class="muted">{say('dispute.held')}</p>}
      {proof && (
        <Button wide onClick={() => open(new URL(proof, location.origin).href)}>
          {say('dispute.proof')}
        </Button>
      )}
      {can && (
        <Confirmed
          label={say('dispute.submit')}
          question={say('dispute.submitAsk')}
          yes={say('dispute.submitYes')}
          busy={busy}
          onYes={submit}
        />
      )}
      {error !== null && <Failure error={error} />}
    </section>
  );
}

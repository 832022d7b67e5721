import { formatDuration, formatPercent, formatSize, formatSpeed } from '../format.ts';
import { say } from '../language.ts';
import { close, open } from '../telegram.ts';
import { Confirmed } from '../ui/confirmed.tsx';
import { useShop } from '../ui/context.ts';
import { Badge, Button, Panel, type Tone } from '../ui/kit.tsx';
import { canPreview, LocalPreview } from '../ui/local-preview.tsx';
import { Picker } from '../ui/picker.tsx';
import type { Item, Phase } from '../uploads/items.ts';
import { waitingForRoom } from '../uploads/retries.ts';

const TONES: Partial<Record<Phase, Tone>> = {
  accepted: 'good',
  paused: 'warn',
  needs_file: 'warn',
  waiting_payment: 'warn',
  moderation: 'warn',
  failed: 'danger',
  refused: 'danger',
};

/** Phases in which the bar says something. */
const MEASURED: Phase[] = ['preparing', 'sending', 'paused', 'finishing', 'failed', 'needs_file'];

export function UploadCard({ item }: { item: Item }) {
  const { uploads } = useShop();
  const { id, name, phase, notice } = item;
  const file = phase === 'waiting_payment' || phase === 'paused' ? uploads.fileOf(id) : null;
  return (
    <li class="card stack tight" data-phase={phase}>
      <div class="row apart">
        <h3 class="grow">{name}</h3>
        <Badge tone={TONES[phase] ?? 'plain'}>{say(`phase.${phase}`)}</Badge>
      </div>
      {MEASURED.includes(phase) && <Progress item={item} />}
      {notice && <Panel tone={notice === 'upload.payFailed' ? 'error' : 'warn'}>{say(notice)}</Panel>}
      {file && canPreview(file) && (
        <details>
          <summary>{say('preview.title')}</summary>
          <LocalPreview file={file} />
        </details>
      )}
      <Outcome item={item} />
      <Controls item={item} />
    </li>
  );
}

function Progress({ item: { name, size, sent, speed, phase } }: { item: Item }) {
  const isMoving = phase === 'sending' && waitingForRoom.value === 0;
  const share = size > 0 ? Math.min(1, sent / size) : 0;
  return (
    <>
      <div
        class="bar"
        role="progressbar"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(share * 100)}
      >
        <div style={{ width: `${share * 100}%` }} />
      </div>
      <div class="facts">
        <span class="percent">{formatPercent(share)}</span>
        <span>{say('upload.of', { sent: formatSize(sent), size: formatSize(size) })}</span>
        {isMoving && <span>{formatSpeed(speed)}</span>}
        {isMoving && speed > 0 && (
          <span>{say('upload.left', { time: formatDuration((size - sent) / speed) })}</span>
        )}
      </div>
    </>
  );
}

function Outcome({ item: { id, name, purpose, phase, error, pay, sent, size } }: { item: Item }) {
  const { uploads } = useShop();
  const link = pay?.bot_link ?? pay?.web_link;
  if (phase === 'accepted')
    return (
      <Panel tone="success" title={say('upload.done')}>
        <p>{say(purpose === 'sample' ? 'shown.sent' : 'upload.doneHint', { name })}</p>
        <Button onClick={close}>{say('action.close')}</Button>
      </Panel>
    );
  return (
    <>
      {error && (
        <Panel tone="error" title={phase === 'failed' ? say('upload.failed') : undefined}>
          <p>{error}</p>
          {phase === 'failed' && <Button onClick={() => uploads.resume(id)}>{say('action.retry')}</Button>}
        </Panel>
      )}
      {phase === 'needs_file' && !error && (
        <p class="muted">{say('upload.unfinished', { percent: formatPercent(sent / size) })}</p>
      )}
      {link && <Button onClick={() => open(link)}>{say('action.pay')}</Button>}
    </>
  );
}

function Controls({ item: { id, phase, hasHandle, name } }: { item: Item }) {
  const { uploads } = useShop();
  const isOver = phase === 'accepted' || phase === 'refused';
  const give = ([picked]: Parameters<typeof uploads.add>[0]) => picked && uploads.give(id, picked);
  return (
    <>
      {phase === 'needs_file' && hasHandle && (
        <Button kind="primary" onClick={() => void uploads.continueKept(id)}>
          {say('upload.continue')}
        </Button>
      )}
      {phase === 'needs_file' && <Picker small title={say('upload.again')} hint={name} onPick={give} />}
      <div class="row">
        {phase === 'sending' && <Button onClick={() => uploads.pause(id)}>{say('action.pause')}</Button>}
        {phase === 'paused' && <Button onClick={() => uploads.resume(id)}>{say('action.resume')}</Button>}
        {isOver ? (
          <Button kind="plain" onClick={() => uploads.dismiss(id)}>
            {say('action.remove')}
          </Button>
        ) : (
          <Confirmed
            label={say('action.cancel')}
            question={say('upload.cancelAsk')}
            yes={say('upload.cancelYes')}
            onYes={() => void uploads.cancel(id)}
          />
        )}
      </div>
    </>
  );
}

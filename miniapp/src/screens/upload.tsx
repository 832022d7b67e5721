import { useEffect, useState } from 'preact/hooks';
import { formatSize } from '../format.ts';
import { say } from '../language.ts';
import { go } from '../router.ts';
import { Actions } from '../ui/actions.tsx';
import { useShop } from '../ui/context.ts';
import { Empty, Failure, Loading, Panel } from '../ui/kit.tsx';
import { usePages } from '../ui/loaded.ts';
import { Picker } from '../ui/picker.tsx';
import { Screen } from '../ui/screen.tsx';
import { busyCount, items } from '../uploads/items.ts';
import { waiting, waitingForRoom } from '../uploads/retries.ts';
import { Field } from './field.tsx';
import { UploadCard } from './upload-card.tsx';

interface Props {
  product: number | null;
  replaces: string | null;
}

export function Upload({ product, replaces }: Props) {
  const { api, session, uploads } = useShop();
  const { data, error, reload, more } = usePages((page) => api.products(page), 'upload');
  const [chosen, setChosen] = useState<number | null>(product);
  const target = chosen ?? data?.items[0]?.id ?? null;
  const isListed = data?.items.some(({ id }) => id === target) ?? true;
  // The product may be on a later page of the list.
  useEffect(() => {
    if (!isListed && data?.more) more();
  }, [data]);
  const max = formatSize(session.limits.max_upload_size);
  return (
    <Screen title={say('upload.title')}>
      <p class="muted">{say('upload.subtitle', { max })}</p>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data && target === null && (
        <Empty icon="upload" title={say('upload.noProduct')}>
          <Actions main={{ text: say('products.new'), onClick: () => go('/products/new') }} />
        </Empty>
      )}
      {data && target !== null && (
        <>
          <Field id="product" label={say('upload.for')}>
            <select
              id="product"
              value={target}
              onChange={(event) => setChosen(Number(event.currentTarget.value))}
            >
              {data.items.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </select>
          </Field>
          <Picker
            multiple={replaces === null}
            title={say('upload.drop')}
            hint={say('upload.or')}
            onPick={(picked) => void uploads.add(picked, { product: target, purpose: 'file', replaces })}
          />
        </>
      )}
      <Queue />
    </Screen>
  );
}

function Queue() {
  const { uploads } = useShop();
  const list = items.value;
  const sending = list.filter((item) => item.phase === 'sending').length;
  const paused = list.filter((item) => item.phase === 'paused').length;
  const all =
    sending > 1
      ? { text: say('upload.pauseAll'), onClick: () => uploads.pauseAll() }
      : paused > 1
        ? { text: say('upload.resumeAll'), onClick: () => uploads.resumeAll() }
        : null;
  if (list.length === 0) return null;
  return (
    <section class="stack" aria-label={say('upload.queue')}>
      <h2>{say('upload.queue')}</h2>
      {waitingForRoom.value > 0 && <Panel tone="warn">{say('upload.storeFull')}</Panel>}
      {waiting.value > 0 && waitingForRoom.value === 0 && <Panel tone="warn">{say('upload.offline')}</Panel>}
      {busyCount.value > 0 && waiting.value === 0 && <Panel tone="info">{say('upload.stayOpen')}</Panel>}
      <ul class="stack">
        {list.map((item) => (
          <UploadCard key={item.id} item={item} />
        ))}
      </ul>
      <Actions secondary={all} />
    </section>
  );
}

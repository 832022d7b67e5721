import { useState } from 'preact/hooks';
import type { FileAnswer, Purchase } from '../api/types.ts';
import { formatDate, formatSize } from '../format.ts';
import { say } from '../language.ts';
import { buzz, download } from '../telegram.ts';
import { useShop } from '../ui/context.ts';
import { Badge, Button, Empty, Failure, Loading, Panel } from '../ui/kit.tsx';
import { usePages } from '../ui/loaded.ts';
import { Screen } from '../ui/screen.tsx';

export function Library() {
  const { api } = useShop();
  const { data, error, reload, more } = usePages((page) => api.library(page), 'library');
  return (
    <Screen title={say('library.title')}>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data?.items.length === 0 && (
        <Empty icon="library" title={say('library.empty')} hint={say('library.emptyHint')} />
      )}
      <ul class="stack">
        {data?.items.map((purchase) => (
          <PurchaseCard key={purchase.grant_id} purchase={purchase} />
        ))}
      </ul>
      {data?.more && <Button onClick={more}>{say('action.more')}</Button>}
    </Screen>
  );
}

function PurchaseCard({ purchase }: { purchase: Purchase }) {
  const { grant_id, title, order_number, bought_at, revoked, files } = purchase;
  return (
    <li class="card stack tight">
      <div class="row apart">
        <h2 class="grow">{title}</h2>
        {revoked && <Badge tone="danger">{say('library.revoked')}</Badge>}
      </div>
      <p class="muted">{say('library.order', { number: order_number, date: formatDate(bought_at) })}</p>
      {!revoked && (
        <ul class="files">
          {files.map((file) => (
            <FileLine key={file.id} grant={grant_id} file={file} />
          ))}
        </ul>
      )}
    </li>
  );
}

function FileLine({ grant, file }: { grant: Purchase['grant_id']; file: FileAnswer }) {
  const { api } = useShop();
  const [state, setState] = useState<'idle' | 'busy' | 'started'>('idle');
  const [error, setError] = useState<unknown>(null);
  const fetchFile = async () => {
    setState('busy');
    setError(null);
    try {
      const link = await api.download(grant, file.id);
      await download(link.url, link.file_name);
      buzz('success');
      setState('started');
    } catch (refusal) {
      buzz('error');
      setError(refusal);
      setState('idle');
    }
  };
  return (
    <li>
      <span class="grow">
        {file.name} <span class="muted">{formatSize(file.size)}</span>
      </span>
      <Button
        onClick={fetchFile}
        disabled={state === 'busy'}
        label={say('library.downloadNamed', { name: file.name })}
      >
        {say('library.download')}
      </Button>
      {state === 'started' && <Panel tone="success">{say('library.started', { name: file.name })}</Panel>}
      {error !== null && <Failure error={error} onRetry={fetchFile} />}
    </li>
  );
}

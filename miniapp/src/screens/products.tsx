import { useState } from 'preact/hooks';
import { ApiError } from '../api/errors.ts';
import type { SellerProduct } from '../api/types.ts';
import { formatMoney, formatSize } from '../format.ts';
import { say, sayNamed } from '../language.ts';
import { go } from '../router.ts';
import { buzz, open } from '../telegram.ts';
import { Actions } from '../ui/actions.tsx';
import { Confirmed } from '../ui/confirmed.tsx';
import { useShop } from '../ui/context.ts';
import { Badge, Button, Empty, Failure, Loading, Panel, type Tone } from '../ui/kit.tsx';
import { usePages } from '../ui/loaded.ts';
import { Thumb } from '../ui/preview.tsx';
import { Screen } from '../ui/screen.tsx';
import { ShopFee } from './shop-fee.tsx';
import { ShownFile } from './shown-file.tsx';

export const TONES: Record<string, Tone> = {
  published: 'good',
  accepted: 'good',
  draft: 'warn',
  held: 'warn',
  closed: 'warn',
  pending: 'warn',
  verifying: 'warn',
  moderation: 'warn',
  refused: 'danger',
};

export function Products() {
  const { api, session } = useShop();
  const isOpen = session.shop?.status === 'approved';
  const { data, error, reload, more } = usePages((page) => api.products(page), 'products');

  return (
    <Screen title={say('products.title')}>
      {session.shop?.status === 'pending' && <Panel tone="info">{say('products.shopPending')}</Panel>}
      {session.shop?.status === 'refused' && <Panel tone="warn">{say('products.shopRefused')}</Panel>}
      {session.shop?.status === 'suspended' && <ShopFee />}
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data?.items.length === 0 && (
        <Empty
          icon="products"
          title={say('products.empty')}
          hint={isOpen ? say('products.emptyHint') : undefined}
        />
      )}
      <ul class="stack">
        {data?.items.map((product) => (
          <ProductCard key={product.id} product={product} onChange={reload} />
        ))}
      </ul>
      {data?.more && <Button onClick={more}>{say('action.more')}</Button>}
      <Actions main={isOpen ? { text: say('products.new'), onClick: () => go('/products/new') } : null} />
    </Screen>
  );
}

function ProductCard({ product, onChange }: { product: SellerProduct; onChange: () => void }) {
  const { id, slug, title, status, sales, revenue, preview, files } = product;
  const { session } = useShop();
  const isClosed = status === 'published' && session.shop?.status === 'suspended';
  const shown = product.text_refused ? 'refused' : product.text_held ? 'held' : isClosed ? 'closed' : status;
  const count = new Intl.PluralRules(document.documentElement.lang).select(sales) === 'one' ? 'one' : 'other';
  return (
    <li class="card stack tight">
      <div class="row start">
        <Thumb preview={preview} />
        <div class="grow stack tight">
          <h2>{title}</h2>
          <p class="row muted">
            <Badge tone={TONES[shown] ?? 'plain'}>{sayNamed('status', shown)}</Badge>
            {[say(`products.sales.${count}`, { count: sales }), ...revenue.map(formatMoney)].join(' · ')}
          </p>
          {shown === 'held' && <p class="muted">{say('products.textHeld')}</p>}
          {shown === 'refused' && <p class="muted">{say('products.textRefused')}</p>}
          {preview?.text && <p class="muted lines">{preview.text}</p>}
        </div>
      </div>
      <Files product={product} onChange={onChange} />
      <div class="pair">
        <a class="button" href={`#/p/${encodeURIComponent(slug)}`}>
          {say('products.view')}
        </a>
        <a class="button" href={`#/products/${id}/edit`}>
          {say('products.edit')}
        </a>
        <a class="button" href={`#/upload?product=${id}`}>
          {say('products.addFile')}
        </a>
        {(status === 'published' || files.some((file) => file.status === 'accepted')) && (
          <Publication product={product} onChange={onChange} />
        )}
      </div>
    </li>
  );
}

function Files({ product: { id, files }, onChange }: { product: SellerProduct; onChange: () => void }) {
  if (files.length === 0) return null;
  return (
    <ul class="files">
      {files.map((file) => (
        <li key={file.id}>
          <span class="grow">
            {file.name} <span class="muted">{formatSize(file.size)}</span>
            {file.reason && <span class="muted"> · {file.reason}</span>}
          </span>
          <span class="row">
            <Badge tone={TONES[file.status] ?? 'plain'}>{sayNamed('file', file.status)}</Badge>
            {file.status === 'accepted' && (
              <a
                class="button plain"
                href={`#/upload?product=${id}&replaces=${encodeURIComponent(file.id)}`}
                aria-label={`${say('products.replace')}: ${file.name}`}
              >
                {say('products.replace')}
              </a>
            )}
          </span>
          {file.status === 'accepted' && (
            <ShownFile key={file.preview_choice} product={id} file={file} onChange={onChange} />
          )}
        </li>
      ))}
    </ul>
  );
}

/** Puts on sale or takes off; an open listing fee (402) is offered to be paid. */
function Publication({ product, onChange }: { product: SellerProduct; onChange: () => void }) {
  const { api } = useShop();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isOn = product.status === 'published';
  const change = async () => {
    setBusy(true);
    setError(null);
    try {
      await (isOn ? api.unpublish(product.id) : api.publish(product.id));
      buzz('success');
      onChange();
    } catch (refusal) {
      buzz('error');
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };
  const pay = error instanceof ApiError ? error.problem.pay : undefined;
  const link = pay?.bot_link ?? pay?.web_link;
  return (
    <>
      {isOn ? (
        <Confirmed
          label={say('products.unpublish')}
          question={say('products.unpublishAsk')}
          yes={say('products.unpublishYes')}
          busy={busy}
          onYes={change}
        />
      ) : (
        <Button onClick={change} disabled={busy}>
          {say('products.publish')}
        </Button>
      )}
      {link ? (
        <Panel tone="warn">
          <p>{say('products.feeOpen')}</p>
          <Button onClick={() => open(link)}>{say('action.pay')}</Button>
        </Panel>
      ) : (
        error !== null && <Failure error={error} />
      )}
    </>
  );
}
